import { reasonSentence } from "../engine/reasons.ts";
import type { Json } from "../types/json.ts";
import type { Plan, PlannedCall, StepTrace } from "../types/plan.ts";
import type { Rule, Step } from "../types/rule.ts";
import { callLine, type Teller } from "./call-line.ts";
import { callsOf } from "./try-play.ts";

export interface Doing extends Teller {
  readonly language: "en" | "es" | "ru";
  /** The plan and the rule in it whose steps are told. */
  readonly plan: Plan;
  readonly rule: Rule;
}

/** What each action would do, in order, or why it would not. */
export function stepLines(doing: Doing, steps: readonly StepTrace[]): readonly string[] {
  let left = callsOf(doing.plan, doing.rule);
  let acting = steps.filter(makesCalls).length;
  const lines = steps.flatMap((step) => {
    if (!makesCalls(step)) return ownLines(doing, step);
    const share = shareOf(left, acting);
    acting -= 1;
    left = left.slice(share.length);
    return share.map(({ call }) => callLine(doing, call));
  });
  // What is left is the bot's own: its note about a loop or about too many answers.
  return [...lines, ...left.map(({ call }) => callLine(doing, call))];
}

const makesCalls = ({ did }: StepTrace) => did === "call" || did === "waits";

/** The calls of the next acting step: one, and where there are more calls than steps (a long text goes in pieces) those after it
 *  that are of its kind. */
function shareOf(left: readonly PlannedCall[], acting: number): readonly PlannedCall[] {
  const spare = left.length - acting;
  const other = left.findIndex((planned, index) => index > 0 && kindOf(planned) !== kindOf(left[0]));
  const alike = other === -1 ? left.length : other;
  return left.slice(0, Math.min(1 + Math.max(0, spare), alike));
}

const kindOf = (planned: PlannedCall | undefined) => `${planned?.call.operation} ${planned?.call.body?.scope}`;

/** A step that made no call: what it changed, or why it did nothing. */
function ownLines(doing: Doing, { action, line, did, reason }: StepTrace): readonly string[] {
  const { say, language } = doing;
  if (reason !== null) return [say("notDone", action, String(line), reasonSentence(reason)[language])];
  if (did === "nothing") return [say("notDone", action, String(line), say("nothingToDo"))];
  switch (action) {
    case "set":
      return rememberedLines(doing, line);
    case "mute":
      return [say("muted")];
    case "unmute":
      return [say("unmuted")];
    case "stop":
      return [say("stopped")];
    // Seen by what follows: the way that was chosen, the dialog that was opened.
    case "choose":
    case "open_dialog":
      return [];
    default:
      return [say("changed", action, String(line))];
  }
}

function rememberedLines({ say, rule, plan }: Doing, line: number): readonly string[] {
  const step = allSteps(rule.do).find(({ action, place }) => action === "set" && place.line === line);
  const { values = [] } = (step?.args ?? {}) as { values?: readonly { owner: Owner; name: string }[] };
  return values.map(({ owner, name }) =>
    say("remembered", `${owner}.${name}`, shown(plan.state[owner]?.variables[name] ?? null)),
  );
}

type Owner = "dialog" | "customer" | "chat";

const shown = (value: Json) => (typeof value === "string" ? value : JSON.stringify(value));

const allSteps = (steps: readonly Step[]): readonly Step[] =>
  steps.flatMap((step) => [step, ...Object.values(step.branches).flatMap(allSteps)]);
