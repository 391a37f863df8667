import { checkPattern, groupNames } from "../language/pattern/pattern.ts";
import type { JsonObject } from "../types/json.ts";
import type { Rule } from "../types/rule.ts";
import { broughtBy } from "./brought.ts";
import { compileIf } from "./conditions.ts";
import { looseContext, type RuleContext, type Shared } from "./context.ts";
import { compileDuration } from "./durations.ts";
import { needsChat } from "./faults.ts";
import { flowsOf } from "./flows.ts";
import { compileGather } from "./gather.ts";
import type { CompiledRule } from "./lints/lint.ts";
import { idOf, type WrittenRule } from "./names.ts";
import { byStaff, hasChat, hasCustomer, occasionOf } from "./occasions.ts";
import { recordOf, textOf } from "./raw.ts";
import { find, inside, keyOf } from "./report.ts";
import { canAnswer, compileSteps } from "./steps.ts";
import { storedNames } from "./stored.ts";
import { ruleVersion } from "./version.ts";
import { compileWhen } from "./when.ts";
import { eventName } from "./words-for.ts";

/** One rule. Null when so much of it is missing that nothing can be said about it (the loader has reported that). */
export function compileRule(written: WrittenRule, shared: Shared): CompiledRule | null {
  const { raw, spot } = written;
  const when = recordOf(raw.when);
  const event = occasionOf(when);
  if (event === null || textOf(raw.rule) === null) return null;
  const context = contextOf(written, event.on, shared);
  const match = compileWhen(when, inside(spot, "when"), context);
  const conditions = compileIf(raw.if, inside(spot, "if"), context);
  const steps = compileSteps(raw.do, inside(spot, "do"), context);
  const rule: Omit<Rule, "version"> = {
    ...frameOf(written, context),
    ...match,
    on: event.on,
    parts: [...match.parts, ...conditions],
    lane: canAnswer(steps) ? "answer" : "silent",
    do: steps,
  };
  return { rule: { ...rule, version: ruleVersion(rule) }, raw, spot };
}

/** What the rule and the flows it runs fill counts as its own. */
function contextOf(written: WrittenRule, on: Rule["on"], shared: Shared): RuleContext {
  const when = recordOf(written.raw.when);
  const raws = [written, ...flowsOf([written], shared.book.flows)].map(({ raw }) => raw);
  const base = looseContext(written.spot, on, shared);
  const brought = broughtBy(raws, on);
  return {
    ...base,
    readable: {
      ...base.readable,
      groups: groupsOf(textOf(when.message_matches)),
      more: { ...shared.everywhere, ...brought },
    },
    ownStored: new Set([...storedNames(raws), ...Object.keys(brought)]),
    byStaff: byStaff(when, on),
  };
}

function groupsOf(pattern: string | null): RuleContext["readable"]["groups"] {
  if (pattern === null) return null;
  return checkPattern(pattern) === null ? groupNames(pattern) : "any";
}

/** Everything around match, conditions and actions. */
function frameOf(written: WrittenRule, context: RuleContext) {
  const { raw, spot } = written;
  return {
    id: idOf(raw),
    name: textOf(raw.rule) ?? "",
    place: find(keyOf(inside(spot, "rule"))).place,
    description: textOf(raw.description),
    mode: raw.mode === "shadow" ? ("shadow" as const) : ("live" as const),
    continues: raw.continue === true,
    evenWithManager: raw.even_with_manager === true,
    oncePer: oncePer(raw, context, spot),
    againAfterMs: againAfterMs(raw, context, spot),
    gatherMs: compileGather(written, context.readable.on, context.report),
  };
}

const PERIODS = ["dialog", "chat", "customer", "day"] as const;

function oncePer(raw: JsonObject, context: RuleContext, spot: WrittenRule["spot"]): Rule["oncePer"] {
  const isKept = raw.once_per === "customer" && hasCustomer(context.readable.on);
  if (raw.once_per !== undefined && !isKept) checkMark("once_per", context, spot);
  return PERIODS.find((period) => period === raw.once_per) ?? null;
}

function againAfterMs(raw: JsonObject, context: RuleContext, spot: WrittenRule["spot"]): number | null {
  if (raw.again_after === undefined) return null;
  checkMark("again_after", context, spot);
  return compileDuration(raw.again_after, inside(spot, "again_after"), context.report);
}

/** Marks are kept with the chat, its dialog or its customer. */
function checkMark(key: string, { readable, report }: RuleContext, spot: WrittenRule["spot"]): void {
  if (!hasChat(readable.on)) report.fault(keyOf(inside(spot, key)), needsChat(key, eventName(readable.on)));
}
