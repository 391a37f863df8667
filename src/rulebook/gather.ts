import type { BotSettings, Rule } from "../types/rule.ts";
import type { Source } from "../types/source.ts";
import { compileDuration } from "./durations.ts";
import { gathersNoMessages, gathersOfOthers, gathersTooLong } from "./gather-faults.ts";
import type { CompiledRule } from "./lints/lint.ts";
import type { WrittenRule } from "./names.ts";
import { recordOf, textOf } from "./raw.ts";
import { inside, keyOf, type Report } from "./report.ts";
import { eventName } from "./words-for.ts";

/** `gather:` of the main file in ms; null: it has none. */
export function compileRootGather(root: Source, bot: BotSettings, report: Report): number | null {
  const raw = root.value.gather;
  if (raw === undefined) return null;
  const spot = { source: root, path: ["gather"] };
  const ms = compileDuration(raw, spot, report);
  if (isTooLong(ms, bot)) report.warn(spot, gathersTooLong(textOf(raw) ?? ""));
  return ms;
}

/** `gather:` of a rule in ms; null: it has none. Only what a customer writes is gathered: elsewhere it is a fault. */
export function compileGather({ raw, spot }: WrittenRule, on: Rule["on"], report: Report): number | null {
  if (raw.gather === undefined) return null;
  const at = inside(spot, "gather");
  const from = textOf(recordOf(raw.when).from);
  if (on !== "message") report.fault(keyOf(at), gathersNoMessages(eventName(on)));
  else if (from === "manager" || from === "bot") report.fault(keyOf(at), gathersOfOthers(from));
  return compileDuration(raw.gather, at, report);
}

/** Warns of answers that would be too old when their pause is over: none would ever be sent. */
export function checkPauses(rules: readonly CompiledRule[], bot: BotSettings, report: Report): void {
  for (const { rule, raw, spot } of rules) {
    const isLate = rule.lane === "answer" && isTooLong(rule.gatherMs ?? 0, bot);
    if (isLate) report.warn(inside(spot, "gather"), gathersTooLong(textOf(raw.gather) ?? ""));
  }
}

const isTooLong = (ms: number, bot: BotSettings) => ms > 0 && ms >= bot.answerWithinMs;
