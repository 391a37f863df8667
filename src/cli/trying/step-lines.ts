import { stepAt } from "../../engine/position.ts";
import { reasonSentence } from "../../engine/reasons.ts";
import type { Json } from "../../types/json.ts";
import type { Plan, PlannedCall, StepTrace } from "../../types/plan.ts";
import type { Rule, Step } from "../../types/rule.ts";
import type { State } from "../../types/state.ts";
import { callLine, type Teller } from "./call-line.ts";
import { marked, nested, under } from "./layout.ts";
import { outline } from "./outline.ts";
import { argsOf, mutedWords, type Reader, shown, stepWords } from "./step-words.ts";
import type { Watch } from "./time-words.ts";
import { waitLines } from "./waits.ts";

export interface Doing extends Teller, Reader, Watch {
  /** The plan and the rule in it whose steps are told. */
  readonly plan: Plan;
  readonly rule: Rule;
  /** Before the event. */
  readonly before: State;
}

/** What each action did in order, or why it did not, each below what it stands in; then what the run waits for and what would
 *  follow. */
export function stepLines(doing: Doing, steps: readonly StepTrace[]): readonly string[] {
  let left = doing.plan.calls.filter(({ ruleId }) => ruleId === doing.rule.id);
  const lines = steps.flatMap((trace, index) => {
    const own = left.slice(0, trace.calls ?? 0);
    left = left.slice(own.length);
    const told = [...doneLines(doing, { trace, calls: own, next: steps[index + 1] }), ...waitsAt(doing, steps, index)];
    return nested(told, depthOf(trace));
  });
  // What is left is the bot's own: its note about too many answers.
  return [...around(doing, steps[0]), ...lines, ...left.map(({ call }) => marked("→", callLine(doing, call)))];
}

/** How many nested lists a step is inside. */
const depthOf = ({ at = [] }: StepTrace) => Math.max(0, (at.length - 1) / 2);

/** A run that goes on inside a nested list: what it is inside. */
function around({ rule, ...reader }: Doing, first: StepTrace | undefined): readonly string[] {
  const at = first?.at ?? [];
  const owners = Array.from({ length: Math.max(0, (at.length - 1) / 2) }, (_, depth) => at.slice(0, 2 * depth + 1));
  return owners.flatMap((position, depth) => {
    const step = stepAt(rule.do, position);
    return step === null ? [] : nested([marked("…", stepWords(step, reader))], depth);
  });
}

/** The run waits at the last of its steps. */
function waitsAt(doing: Doing, steps: readonly StepTrace[], index: number): readonly string[] {
  const { rule, plan } = doing;
  const run = plan.runs.find(({ ruleId }) => ruleId === rule.id);
  if (run === undefined || index < steps.length - 1) return [];
  const step = stepAt(rule.do, run.position);
  return step === null ? [] : waitLines({ rule, run, step }, doing);
}

interface Done {
  readonly trace: StepTrace;
  readonly calls: readonly PlannedCall[];
  readonly next: StepTrace | undefined;
}

function doneLines(doing: Doing, { trace, calls, next }: Done): readonly string[] {
  const { say, language } = doing;
  const { action, line, did, reason } = trace;
  const step = stepAt(doing.rule.do, trace.at ?? []);
  const told = calls.map((planned) => marked("→", toldCall(doing, step, planned)));
  if (reason !== null) {
    const not = marked("→", say("notDone", action, String(line), reasonSentence(reason)[language]));
    return [...partLines(doing, trace, step), not, ...told];
  }
  if (did === "call") return [...told, ...otherwiseLines(doing, step)];
  return did === "waits" ? told : ownLines(doing, { trace, step, next });
}

/** Of several values some may be kept although others are of the wrong type. */
function partLines(doing: Doing, { did, reason }: StepTrace, step: Step | null): readonly string[] {
  if (reason !== "type" || did !== "change" || step?.action !== "set") return [];
  const fresh = (argsOf(step).values ?? []).filter(({ owner, name }) => {
    return kept(doing.plan.state, owner, name) !== kept(doing.before, owner, name);
  });
  return rememberedWords(doing, fresh).map((words) => marked("→", words));
}

/** Of a team the person is told together with how they were picked; what needs a message of the bot, whether there is one. */
function toldCall(doing: Doing, step: Step | null, planned: PlannedCall): string {
  const words = callLine(doing, planned.call);
  if (planned.needs === "last_message" && !hasWritten(doing, planned)) return doing.say("nothingWritten", words);
  const { team, pick } = step?.action === "assign" ? argsOf(step) : {};
  if (team === undefined || team === null || pick === undefined || pick === "first") return words;
  return doing.say("pickedFrom", words, team, pick);
}

function hasWritten({ plan, before }: Doing, { key }: PlannedCall): boolean {
  const earlier = plan.calls.slice(
    0,
    plan.calls.findIndex((call) => call.key === key),
  );
  return before.dialog?.lastOwnMessageId != null || earlier.some(({ call }) => call.operation === "sendMessage");
}

/** In a try-out everyone is there: what the rule does when nobody is, is told besides. */
function otherwiseLines(doing: Doing, step: Step | null): readonly string[] {
  return under(doing.say("ifNobody"), outline(step?.branches.nobody ?? [], doing));
}

interface Own {
  readonly trace: StepTrace;
  readonly step: Step | null;
  readonly next: StepTrace | undefined;
}

/** A step that made no call: what it changed, or where it led. */
function ownLines(doing: Doing, { trace, step, next }: Own): readonly string[] {
  const { say } = doing;
  const { action, line, did } = trace;
  if (step !== null) {
    const words = ownWords(doing, step, enteredWay(trace, next));
    if (words !== null) return words.map((text) => marked("→", text));
  }
  if (did === "nothing") return [marked("→", say("notDone", action, String(line), say("nothingToDo")))];
  return [marked("→", say("changed", action, String(line)))];
}

/** Null: there is nothing special to say of it. */
function ownWords(doing: Doing, step: Step, way: string | null): readonly string[] | null {
  const { say } = doing;
  const args = argsOf(step);
  switch (step.action) {
    case "set":
      return rememberedWords(doing, args.values ?? []);
    case "ask":
      return answeredWords(doing, step);
    case "mute":
      return [mutedWords(args.forMs ?? "until_closed", doing)];
    case "choose":
      return way === null ? [] : [say("way", String(Number(way) + 1), String(Object.keys(step.branches).length))];
    case "unmute":
    case "stop":
    case "run":
    case "queue":
      return [stepWords({ ...step, if: null }, doing)];
    // Seen by what follows: the time has come, the dialog was opened.
    case "wait":
    case "open_dialog":
      return [];
    default:
      return null;
  }
}

/** The nested list that was entered: the next step stands in it. */
function enteredWay({ at = [] }: StepTrace, next: StepTrace | undefined): string | null {
  const inside = next?.at ?? [];
  return inside.length > at.length ? String(inside[at.length]) : null;
}

function answeredWords(doing: Doing, step: Step): readonly string[] {
  const { save = null } = (step.args ?? {}) as { save?: string | null };
  const [owner, name] = save?.split(".") ?? [];
  return owner === undefined || name === undefined ? [] : rememberedWords(doing, [{ owner, name }]);
}

function rememberedWords(
  { say, plan }: Doing,
  values: readonly { readonly owner: string; readonly name: string }[],
): readonly string[] {
  return values.map(({ owner, name }) => say("remembered", `${owner}.${name}`, shown(kept(plan.state, owner, name))));
}

function kept(state: State, owner: string, name: string): Json {
  const holder = owner === "dialog" || owner === "customer" || owner === "chat" ? state[owner] : null;
  return holder?.variables[name] ?? null;
}
