import type { Log } from "../../log.ts";
import type { Event } from "../../types/event.ts";
import type { Plan, Run, Verdict } from "../../types/plan.ts";

/** One line for each rule that acted, and one for each answer or action that did not come: what an operator looks for first; at debug
 *  also for each rule that fits and was held back. Ids and reasons only, never a customer's words. Rules that simply did not match are not told. */
export function logDecision(log: Log, event: Event, plan: Plan): void {
  for (const { ruleId, outcome, error } of plan.verdicts) {
    const line = { ...tags(event), dialog: plan.state.dialog?.id ?? null, rule: ruleId };
    if (outcome === "fired" || outcome === "shadow") {
      const calls = plan.calls.filter((call) => call.ruleId === ruleId).length;
      log.info({ ...line, calls }, outcome === "fired" ? "rule fired" : "rule would have fired (shadow)");
    }
    if (outcome === "capped") log.info({ ...line, reason: "answers_per_minute" }, "answer withheld");
    const held = HELD_BACK[outcome];
    if (held !== undefined) log.debug({ ...line, reason: held }, "rule held back");
    if (error !== undefined) log.warn({ ...line, reason: error }, "a condition could not be evaluated");
  }
  logSteps(log, event, plan);
}

/** Why a rule that fits did not act, where that is so common that it is told at debug only. `once`: `once_per` or `again_after`. */
const HELD_BACK: Readonly<Partial<Record<Verdict["outcome"], string>>> = {
  once: "once",
  slot: "earlier_answer",
  gathers: "gather",
};

/** One line for each action of a rule that was due and did nothing: `reason` says why (`quiet`, `muted`, `loop`, `window`, ...). An
 *  action whose own `if:` does not hold, whose work is done already, or whose question nobody answered, is not meant. */
export function logSteps(log: Log, about: Event | Run, plan: Plan): void {
  for (const { ruleId, outcome, steps } of plan.verdicts) {
    if (outcome !== "fired") continue;
    for (const { action, line, reason } of steps.filter(isWithheld)) {
      const dialog = plan.state.dialog?.id ?? null;
      log.info({ ...tags(about), dialog, rule: ruleId, action, line, reason }, "action withheld");
    }
  }
}

const NOT_DUE = new Set(["if", "already", "no_answer"]);
/** Told even of an action that has done the rest of its work. */
const IN_PART = new Set(["type"]);

const isWithheld = ({ did, reason }: Verdict["steps"][number]) =>
  reason !== null && (IN_PART.has(reason) || (did === "nothing" && !NOT_DUE.has(reason)));

/** The ids of an event or a run, as fields of a log line. */
export function tags(about: Event | Run) {
  if (!("ruleId" in about)) return { event: about.key, chat: about.chatId };
  return { event: about.eventKey, rule: about.ruleId, dialog: about.dialogId, chat: about.chatId };
}

/** Which fault, and where in the program. Its message stays out of the log: it may quote a customer. */
export function placeOf(error: unknown): string {
  if (!(error instanceof Error)) return "something that is not an error";
  const line = error.stack?.split("\n").find((one) => one.trimStart().startsWith("at "));
  return `${error.name} ${line?.trim() ?? ""}`.trim();
}
