import type { Outcome, Scene } from "../actions/action.ts";
import { actionNamed } from "../actions/index.ts";
import { ConditionError, evaluate } from "../language/logic/condition.ts";
import { evaluateTemplate, renderTemplate, TemplateError } from "../language/template/template.ts";
import type { PlannedCall, Question, Run, RunInput, StepTrace, Wait } from "../types/plan.ts";
import type { Rule, Rulebook, Step } from "../types/rule.ts";
import type { State } from "../types/state.ts";
import { goOn, namesHere } from "./inner.ts";
import { type Outgoing, outgoing } from "./outgoing.ts";
import { stepAt } from "./position.ts";
import { silencedBecause, tooLate } from "./speech.ts";
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
  /** What the run waited for; null: it begins. */
  readonly input: RunInput | null;
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
  const question = input.run.waitsFor?.kind === "answer" ? input.run.waitsFor.question : null;
  let here: Here = { run: heard(input.run, input.input), state: input.state, calls: [], steps: [], spoke: false };
  let turn: Turn = turnOf(input.input, question);
  for (;;) {
    const step = stepAt(input.rule.do, here.run.position);
    if (step === null) return { ...here, run: null };
    const outcome = perform(input, here, step, turn);
    here = follow(input, here, step, outcome);
    if (here.run.waitsFor !== null) return here;
    if (outcome?.stop || isUnasked(outcome)) return { ...here, run: null };
    turn = FIRST_TURN;
  }
}

/** A question that the loop guard withheld: nobody can answer it, so nothing that follows makes sense. */
const isUnasked = (outcome: Outcome | null) => outcome?.awaits?.kind === "answer";

/** What an action comes back for; all empty on its first turn. */
type Turn = Pick<Scene, "result" | "answer" | "timeUp">;
const FIRST_TURN: Turn = { result: null, answer: null, timeUp: false };

function turnOf(input: RunInput | null, question: Question | null): Turn {
  if (input?.kind === "result") return { ...FIRST_TURN, result: input.outcome };
  if (input?.kind === "time") return { ...FIRST_TURN, timeUp: true };
  return input !== null && question !== null ? { ...FIRST_TURN, answer: { text: input.text, question } } : FIRST_TURN;
}

/** The run with its input: a person's words are heard and become its `message`; time only passes. */
function heard(run: Run, input: RunInput | null): Run {
  if (input?.kind === "answer") {
    return { ...run, inputAt: input.at, heardAt: input.at, scope: { ...run.scope, message: input.message } };
  }
  return input?.kind === "time" ? { ...run, inputAt: input.at } : run;
}

/** The action's outcome; null: its own `if:` does not hold. A template or condition that fails harms its action alone. */
function perform(input: AdvanceInput, here: Here, step: Step, turn: Turn): Outcome | null {
  const scene = sceneFor(input, here, turn);
  try {
    if (step.if !== null && turn === FIRST_TURN && !scene.holds(step.if)) return null;
    const action = actionNamed(step.action);
    return action === undefined ? { reason: "unknown_action" } : action.advance(step.args, scene);
  } catch (error) {
    if (error instanceof TemplateError || error instanceof ConditionError) return { reason: `error: ${error.message}` };
    throw error;
  }
}

function sceneFor(input: AdvanceInput, here: Here, turn: Turn): Scene {
  const { rulebook, rule, now } = input;
  const { state, run } = here;
  const view = buildView({ state, scope: namesHere(run), rulebook, now });
  const { timezone } = rulebook;
  const render = (template: string, reader: "customer" | "staff") =>
    renderTemplate(template, view, { language: readerLanguage(reader, state, rulebook), timezone });
  return {
    state,
    now,
    rulebook,
    rule,
    view,
    silenced: silencedBecause(rule, state, rulebook, now) ?? tooLate(run, rulebook, now),
    replyScope: run.replyScope,
    abilities: channelOf(state)?.abilities ?? null,
    say: (text, reader) => render(chooseText(text, readerLanguage(reader, state, rulebook), rulebook.language), reader),
    render: (template) => render(template, "customer"),
    evaluate: (template) =>
      evaluateTemplate(template, view, { language: readerLanguage("customer", state, rulebook), timezone }),
    holds: (condition) => evaluate(condition, view),
    ...turn,
  };
}

/** The run after one action: its calls planned, standing at what comes next, or waiting. */
function follow(input: AdvanceInput, here: Here, step: Step, outcome: Outcome | null): Here {
  const { rulebook, rule, now } = input;
  const sent = outgoing({ rulebook, rule, run: here.run, state: here.state, outcome: outcome ?? {}, now });
  const waitsFor = waitAfter(outcome, sent, now);
  const run: Run = {
    ...sent.run,
    ...(waitsFor === null ? goOn(rule.do, here.run, outcome) : {}),
    counter: waitsFor?.kind === "request" ? sent.run.counter + 1 : sent.run.counter,
    waitsFor,
    scope: { ...sent.run.scope, ...outcome?.scope },
    changed: [...new Set([...sent.run.changed, ...(outcome?.changed ?? [])])],
    dialogId: sent.state.dialog?.id ?? sent.run.dialogId,
  };
  return {
    run,
    state: sent.state,
    calls: [...here.calls, ...sent.calls],
    steps: [...here.steps, traceOf(step, outcome, { at: here.run.position, sent })],
    spoke: here.spoke || sent.spoke,
  };
}

/** What the run waits for now; null: nothing. A question that the loop guard withheld is not asked. */
function waitAfter(outcome: Outcome | null, sent: Outgoing, now: number): Wait | null {
  if (outcome === null || sent.withheld) return null;
  const last = sent.calls.at(-1);
  if (outcome.awaitsResult && last !== undefined) return { kind: "call", key: last.key, until: now + HOLD_MS };
  const { awaits } = outcome;
  if (awaits?.kind !== "request") return awaits ?? null;
  return { ...awaits, key: `${sent.run.id}/${sent.run.counter + 1}`, until: now + HOLD_MS };
}

function traceOf(
  step: Step,
  outcome: Outcome | null,
  { at, sent }: { readonly at: Run["position"]; readonly sent: Outgoing },
): StepTrace {
  const base = { action: step.action, line: step.place.line, at, calls: sent.calls.length };
  if (outcome === null) return { ...base, did: "nothing", reason: "if" };
  if (sent.withheld) return { ...base, did: "nothing", reason: "loop" };
  if (outcome.awaitsResult || outcome.awaits !== undefined) return { ...base, did: "waits", reason: null };
  const reason = outcome.reason ?? null;
  if ((outcome.calls ?? []).length > 0) return { ...base, did: "call", reason };
  // A question that was withheld or given up ends its run: that is not something it did.
  const ends = outcome.stop === true && reason === null;
  const changed = outcome.state !== undefined || outcome.branch !== undefined || ends;
  return { ...base, did: changed ? "change" : "nothing", reason };
}
