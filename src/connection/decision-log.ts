import type { Log } from "../log.ts";
import type { Event } from "../types/event.ts";
import type { Plan, Run } from "../types/plan.ts";

/** One line for each rule that acted: what an operator looks for first. Ids only, never a customer's words. */
export function logDecision(log: Log, event: Event, plan: Plan): void {
  for (const { ruleId, outcome } of plan.verdicts) {
    if (outcome !== "fired" && outcome !== "shadow") continue;
    const calls = plan.calls.filter((call) => call.ruleId === ruleId).length;
    const line = { ...tags(event), dialog: plan.state.dialog?.id ?? null, rule: ruleId, calls };
    log.info(line, outcome === "fired" ? "rule fired" : "rule would have fired (shadow)");
  }
}

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
