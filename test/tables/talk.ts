import { resume } from "../../src/engine/resume.ts";
import type { Event } from "../../src/types/event.ts";
import type { CallOutcome, Plan } from "../../src/types/plan.ts";
import type { Rulebook } from "../../src/types/rule.ts";
import type { State } from "../../src/types/state.ts";
import { command, DIALOG, decideOn, happened, NOON, rulebook, said, shortly, tick, world } from "../engine/world.ts";

/** What happens next: the customer's words, the end of what the run waits for, its time, or something of the staff. */
export type Move = string | CallOutcome | "TIME" | "EARLY" | "MANAGER" | "NOTE" | "COMMAND" | "ASSIGNED" | "CLOSED";

/** One rule and a conversation with it. */
export interface Talk {
  /** The actions, as they stand under `do:`. */
  readonly do: string;
  /** More keys of the rule. */
  readonly keys?: string;
  readonly head?: string;
  readonly state?: State;
  /** After the customer's "hello". */
  readonly moves: readonly Move[];
}

/** One conversation with an action that waits: what each move makes the bot do, the customer's "hello" first. */
export interface WaitRow extends Talk {
  readonly what: string;
  readonly gives: readonly (readonly string[])[];
}

const MINUTE = 60_000;
/** What says that a message was judged by the rules as usual. */
const ELSE = "- rule: Else\n  when: {message: any}\n  if: {is_not: {message.text: hello}}\n  do: [{note: Else.}]";

/** What each move made the bot do: its steps as traced (`ask waits`, `wait nothing: if`), then its calls in short. */
export function playTalk({
  do: actions,
  keys = "",
  head = "",
  state = world(),
  moves,
}: Talk): readonly (readonly string[])[] {
  const rule = `- rule: R\n  when: {message_is: hello}\n  ${keys}\n  do:\n    ${actions}`;
  const rules = rulebook(`${rule}\n${ELSE}`, `commands: {help: Help}\n${head}`);
  let plan = decideOn(rules, said("hello"), state);
  const done = [inWords(plan)];
  for (const [index, move] of moves.entries()) {
    plan = goOn(rules, plan, move, NOON + (index + 1) * MINUTE);
    done.push(inWords(plan));
  }
  return done;
}

function goOn(rules: Rulebook, before: Plan, move: Move, at: number): Plan {
  if (typeof move !== "string") return withResult(rules, before, move, at);
  const { event, now } = eventOf(before, move, at);
  return decideOn(rules, event, before.state, now);
}

function withResult(rules: Rulebook, before: Plan, outcome: CallOutcome, at: number): Plan {
  const [run] = before.runs;
  const rule = rules.rules.find(({ id }) => id === run?.ruleId);
  if (rule === undefined || (run?.waitsFor?.kind !== "call" && run?.waitsFor?.kind !== "request"))
    throw new Error("no run waits for a result");
  const input = { kind: "result", key: run.waitsFor.key, at, outcome } as const;
  return resume({ rulebook: rules, rule, run, state: before.state, input, now: at });
}

function eventOf(before: Plan, move: string, at: number): { readonly event: Event; readonly now: number } {
  const dialog = { id: DIALOG, chat_id: 5301 };
  if (move === "TIME" || move === "EARLY") {
    const [waiting] = before.state.waiting;
    const due = waiting?.run.waitsFor?.until ?? Number.NaN;
    const now = move === "TIME" ? due : due - 1;
    return { event: tick(`run:${waiting?.run.id}`, now), now };
  }
  const events: Readonly<Record<string, () => Event>> = {
    MANAGER: () => said("I am here.", { from: "manager", at }),
    NOTE: () => said("Hm.", { from: "manager", scope: "private", at }),
    COMMAND: () => command("/help", { at }),
    CLOSED: () => happened("dialog_closed", { dialog }, { at }),
    ASSIGNED: () => happened("dialog_assign", { dialog: { ...dialog, responsible: { type: "user", id: 12 } } }, { at }),
  };
  return { event: events[move]?.() ?? said(move, { at }), now: at };
}

function inWords(plan: Plan): readonly string[] {
  const steps = plan.verdicts.flatMap((verdict) => verdict.steps);
  const traced = steps.map(({ action, did, reason }) => `${action} ${did}${reason === null ? "" : `: ${reason}`}`);
  return [...traced.filter((one) => one !== "note call" && one !== "reply call"), ...shortly(plan)];
}
