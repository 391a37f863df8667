import { cancelledRunId } from "../../engine/answering.ts";
import { observe } from "../../engine/observe.ts";
import { type Moment, momentsOf } from "../../engine/occasions.ts";
import { openQuestion } from "../../engine/question.ts";
import { HELD_BACK } from "../../engine/reasons.ts";
import { buildView } from "../../engine/view.ts";
import { holds } from "../../language/logic/condition.ts";
import { matchPattern } from "../../language/pattern/pattern.ts";
import type { JsonObject } from "../../types/json.ts";
import type { Plan, Verdict } from "../../types/plan.ts";
import type { ConditionPart, Rule } from "../../types/rule.ts";
import type { State } from "../../types/state.ts";
import { callLine } from "./call-line.ts";
import { hoursWords } from "./hours.ts";
import { marked, nested } from "./layout.ts";
import { playShadow } from "./play.ts";
import { silenceWords } from "./silence.ts";
import { stepLines } from "./step-lines.ts";
import type { Turn } from "./talk.ts";
import { momentIn, spanIn, type Watch } from "./time-words.ts";
import { type Say, sayIn } from "./words.ts";

/** A conversation in words: for each turn every rule in file order, with a tick or a cross beside each condition, why it was held
 *  back, what each action would do or why not, and what would follow. A turn that only a waiting run takes tells that run
 *  alone. */
export function tryLines(turns: readonly Turn[]): readonly string[] {
  return turns.flatMap((turn, index) => {
    const lines = turnLines(turn);
    return index === 0 ? lines : [...endedLines(turns[index - 1]), "", ...headLines(turn), ...lines];
  });
}

interface Judged extends Turn, Watch {
  readonly observed: State;
  readonly moments: readonly Moment[];
  readonly say: Say;
}

function judgedOf(turn: Turn): Judged {
  const { rulebook, state, event } = turn;
  const { language, timezone } = rulebook;
  const observed = observe(state, event);
  const moments = momentsOf({ event, before: state, after: observed, rulebook });
  return { ...turn, language, timezone, say: sayIn(language), observed, moments };
}

function headLines(turn: Turn): readonly string[] {
  const { say, said, kind, now, ...watch } = judgedOf(turn);
  return kind === "time" ? [say("timeComes", momentIn(now, { ...watch, now }))] : [say("customerWrites", said ?? "")];
}

/** What waits for the CRM or another service can't go on in a try-out. */
function endedLines(before: Turn | undefined): readonly string[] {
  if (before === undefined) return [];
  const { rules } = before.rulebook;
  const asking = before.plan.runs.filter(({ waitsFor }) => waitsFor?.kind === "request");
  const names = asking.map(({ ruleId }) => rules.find(({ id }) => id === ruleId)?.name ?? ruleId);
  return names.length === 0 ? [] : ["", ...names.map((name) => judgedOf(before).say("endsUnasked", name))];
}

function turnLines(turn: Turn): readonly string[] {
  const judged = judgedOf(turn);
  const { plan, say } = judged;
  const rules = toldRules(judged).flatMap((rule) => ruleLines(rule, judged));
  const isSilent = plan.calls.length === 0 && plan.verdicts.every(({ outcome }) => outcome !== "fired");
  const gap = rules.length > 0 ? [""] : [];
  return [...gatherLines(judged), ...leftLines(judged), ...rules, ...(isSilent ? [...gap, say("noRule")] : [])];
}

/** Every rule, where the rules were asked; else those that had a part in it. */
function toldRules(judged: Judged): readonly Rule[] {
  const { plan, rulebook, kind } = judged;
  const wereAsked = kind !== "time" && plan.verdicts.every(({ resumed }) => resumed !== true) && !isCancelled(judged);
  return wereAsked ? rulebook.rules : rulebook.rules.filter(({ id }) => verdictOf(plan, id) !== null);
}

/** The bot waits whether the customer writes more, and then takes it all as one. */
function gatherLines({ gatheredUntil, say, language, timezone, now }: Judged): readonly string[] {
  if (gatheredUntil === null) return [];
  const until = momentIn(gatheredUntil, { language, timezone, now });
  return [say("gathers", spanIn(gatheredUntil - now, language), until), ""];
}

/** The last word on a rule: where the bot waited for more messages, the one after the wait. */
const verdictOf = ({ verdicts }: Plan, ruleId: string): Verdict | null =>
  verdicts.findLast((verdict) => verdict.ruleId === ruleId) ?? null;

/** The question that was open before and that the message leaves instead of answering it; null: none is left. */
function leftQuestion({ state, plan }: Judged) {
  const asked = openQuestion(state);
  if (asked === null || !plan.endedRunIds.includes(asked.run.id)) return null;
  return plan.verdicts.some(({ ruleId, resumed }) => resumed === true && ruleId === asked.rule.id) ? null : asked;
}

/** A cancel word is answered by the bot itself, and by no rule. */
const isCancelled = ({ plan, event }: Judged) => plan.calls.some(({ runId }) => runId === cancelledRunId(event));

function leftLines(judged: Judged): readonly string[] {
  const left = leftQuestion(judged);
  if (left === null) return [];
  const said = isCancelled(judged) ? judged.plan.calls : [];
  const teller = { say: judged.say, directory: judged.state.directory };
  return [
    judged.say("leavesQuestion", left.rule.name),
    ...nested(said.map(({ call }) => marked("→", callLine(teller, call)))),
  ];
}

function ruleLines(rule: Rule, judged: Judged): readonly string[] {
  const verdict = verdictOf(judged.plan, rule.id);
  const place = `${rule.place.file}:${rule.place.line}`;
  const why = verdict?.resumed === true ? [resumedLine(judged, verdict)] : conditionLines(rule, judged, verdict);
  const done = verdict === null ? [] : [...heldLines(verdict, judged), ...doneLines(rule, judged, verdict)];
  return [`${mark(verdict?.outcome === "fired")} ${rule.name}  (${place})`, ...nested([...why, ...done])];
}

function resumedLine({ say, kind }: Judged, { steps: [first] }: Verdict): string {
  if (kind === "time") return say("goesOn");
  const isWrong = first?.action === "ask" && (first.did === "waits" || first.reason === "no_answer");
  return say(isWrong ? "doesNotFit" : "answersQuestion");
}

const mark = (holds: boolean) => (holds ? "✓" : "✗");

function conditionLines(rule: Rule, judged: Judged, verdict: Verdict | null): readonly string[] {
  const moment = judged.moments.find(({ on }) => on.includes(rule.on));
  if (moment !== undefined) return partLines(rule, moment, judged, verdict);
  const silence = verdict === null ? silenceWords(rule, judged.plan.state, judged) : null;
  const when = `${mark(verdict !== null)} when: ${rule.on.replace(":", ": ")}`;
  return silence === null ? [when] : [when, silence];
}

function partLines(rule: Rule, moment: Moment, judged: Judged, verdict: Verdict | null): readonly string[] {
  const view = viewOf(rule, moment, judged);
  return rule.parts.map((part, index) => {
    const holding = holdsIn(verdict, index) ?? holds(part.logic, view);
    return `${mark(holding)} ${labelOf(part, judged)}`;
  });
}

/** A condition as the file has it; about opening hours also when they change. */
function labelOf({ label, logic }: ConditionPart, judged: Judged): string {
  const hours = hoursWords(logic, { ...judged, directory: judged.state.directory });
  return hours.length === 0 ? label : `${label} (${hours.join("; ")})`;
}

/** What the decision itself says about a part: those before the failed one held. Null: it did not get so far. */
function holdsIn(verdict: Verdict | null, index: number): boolean | null {
  if (verdict === null) return null;
  if (verdict.failed === null) return true;
  return index > verdict.failed ? null : index < verdict.failed;
}

function viewOf(rule: Rule, moment: Moment, { observed, rulebook, now }: Judged): JsonObject {
  const view = buildView({ state: observed, scope: moment.scope, rulebook, now });
  if (rule.pattern === null) return view;
  const message = moment.scope.message as JsonObject | undefined;
  return { ...view, match: matchPattern(rule.pattern, String(message?.text ?? "")) ?? {} };
}

function heldLines({ outcome, error }: Verdict, { say, language }: Judged): readonly string[] {
  if (error !== undefined) return [say("unjudged", error)];
  const held = HELD_BACK[outcome];
  return held === null ? [] : [say("heldBack", held[language])];
}

function doneLines(rule: Rule, judged: Judged, verdict: Verdict): readonly string[] {
  const plan = verdict.outcome === "shadow" ? playShadow(judged, rule) : judged.plan;
  const { steps } = verdictOf(plan, rule.id) ?? verdict;
  const toStaff = judged.moments.some(({ on, replyScope }) => on.includes(rule.on) && replyScope === "private");
  const { state: before } = judged;
  const now = judged.gatheredUntil ?? judged.now;
  return stepLines({ ...judged, now, toStaff, before, directory: before.directory, plan, rule }, steps);
}
