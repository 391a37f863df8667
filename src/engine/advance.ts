import type { Outcome, Scene } from "../actions/action.ts";
import { actionNamed } from "../actions/index.ts";
import { ConditionError, evaluate } from "../language/condition.ts";
import { renderTemplate, TemplateError } from "../language/template.ts";
import type { CallOutcome, PlannedCall, Run, StepTrace } from "../types/plan.ts";
import type { Rule, Rulebook, Step } from "../types/rule.ts";
import type { State } from "../types/state.ts";
import { outgoing } from "./outgoing.ts";
import { firstPosition, nextPosition, stepAt } from "./position.ts";
import { silencedBecause } from "./speech.ts";
import { chooseText, readerLanguage } from "./texts.ts";
import { buildView, channelOf } from "./view.ts";

/** How long a run may hold its chat while it waits for the API (spec 4.1 "Runs and order"). */
const HOLD_MS = 15_000;

export interface AdvanceInput {
  readonly rulebook: Rulebook;
  readonly rule: Rule;
  readonly run: Run;
  readonly state: State;
  readonly now: number;
  /** The answer to the call the run waits for; null: it begins. */
  readonly result: CallOutcome | null;
}

/** What a run did until it ended (`run` null) or waits. `spoke`: at least one public message was planned. */
export interface Advanced {
  readonly run: Run | null;
  readonly state: State;
  readonly calls: readonly PlannedCall[];
  readonly steps: readonly StepTrace[];
  readonly spoke: boolean;
}

/** A run on its way, as `Advanced` before the end. */
interface Here extends Advanced {
  readonly run: Run;
}

/** Does the actions of a run from where it stands, until its end or a call whose answer it needs. Pure: the same run, state,
 *  input and clock make the same calls under the same keys. */
export function advance(input: AdvanceInput): Advanced {
  let here: Here = { run: input.run, state: input.state, calls: [], steps: [], spoke: false };
  let result = input.result;
  for (;;) {
    const step = stepAt(input.rule.do, here.run.position);
    if (step === null) return { ...here, run: null };
    const outcome = perform(input, here, step, result);
    here = follow(input, here, step, outcome);
    if (here.run.waitsFor !== null) return here;
    if (outcome?.stop) return { ...here, run: null };
    result = null;
  }
}

/** The action's outcome; null: its own `if:` does not hold. A template or condition that fails harms its action alone. */
function perform(input: AdvanceInput, here: Here, step: Step, result: CallOutcome | null): Outcome | null {
  const scene = sceneFor(input, here, result);
  try {
    if (step.if !== null && result === null && !scene.holds(step.if)) return null;
    const action = actionNamed(step.action);
    return action === undefined ? { reason: "unknown_action" } : action.advance(step.args, scene);
  } catch (error) {
    if (error instanceof TemplateError || error instanceof ConditionError) return { reason: `error: ${error.message}` };
    throw error;
  }
}

function sceneFor(input: AdvanceInput, here: Here, result: CallOutcome | null): Scene {
  const { rulebook, rule, now } = input;
  const { state, run } = here;
  const view = buildView(state, run.scope, now);
  const render = (template: string, reader: "customer" | "staff") =>
    renderTemplate(template, view, { language: readerLanguage(reader, state, rulebook), timezone: rulebook.timezone });
  return {
    state,
    now,
    rulebook,
    rule,
    view,
    silenced: silencedBecause(rule, state, rulebook, now),
    replyScope: run.replyScope,
    abilities: channelOf(state)?.abilities ?? null,
    say: (text, reader) => render(chooseText(text, readerLanguage(reader, state, rulebook), rulebook.language), reader),
    render: (template) => render(template, "customer"),
    holds: (condition) => evaluate(condition, view),
    result,
  };
}

/** The run after one action: its calls planned, standing at what comes next, or waiting for the answer to its last call. */
function follow(input: AdvanceInput, here: Here, step: Step, outcome: Outcome | null): Here {
  const { rulebook, rule, now } = input;
  const sent = outgoing({ rulebook, rule, run: here.run, state: here.state, outcome: outcome ?? {}, now });
  const last = sent.calls.at(-1);
  const waits = outcome?.awaitsResult && last !== undefined && !sent.withheld;
  const run: Run = {
    ...sent.run,
    position: waits ? here.run.position : positionAfter(rule, here.run, outcome),
    waitsFor: waits ? { kind: "call", key: last.key, until: now + HOLD_MS } : null,
    scope: { ...sent.run.scope, ...outcome?.scope },
    dialogId: sent.state.dialog?.id ?? sent.run.dialogId,
  };
  return {
    run,
    state: sent.state,
    calls: [...here.calls, ...sent.calls],
    steps: [...here.steps, traceOf(step, outcome, sent.withheld)],
    spoke: here.spoke || sent.spoke,
  };
}

function positionAfter(rule: Rule, run: Run, outcome: Outcome | null): Run["position"] {
  if (outcome?.branch === undefined) return nextPosition(rule.do, run.position);
  return firstPosition(rule.do, run.position, outcome.branch);
}

function traceOf(step: Step, outcome: Outcome | null, withheld: boolean): StepTrace {
  const base = { action: step.action, line: step.place.line };
  if (outcome === null) return { ...base, did: "nothing", reason: "if" };
  if (withheld) return { ...base, did: "nothing", reason: "loop" };
  if (outcome.awaitsResult) return { ...base, did: "waits", reason: null };
  const reason = outcome.reason ?? null;
  if ((outcome.calls ?? []).length > 0) return { ...base, did: "call", reason };
  const changed = outcome.state !== undefined || outcome.branch !== undefined || outcome.stop;
  return { ...base, did: changed ? "change" : "nothing", reason };
}
