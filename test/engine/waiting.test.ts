import fc from "fast-check";
import { expect, it } from "vitest";
import { decide } from "../../src/engine/decide.ts";
import { withholdReason } from "../../src/engine/fresh.ts";
import type { Event } from "../../src/types/event.ts";
import type { Plan, Run, TimerChange } from "../../src/types/plan.ts";
import type { Dialog, State } from "../../src/types/state.ts";
import { command, DIALOG, decideOn, happened, NOON, ringing, rulebook, said, shortly, tick, world } from "./world.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const waiting = (actions: string, more = "") =>
  rulebook(`
- rule: Late
  when: {message_is: hello}
${more}
  do:
${actions.replace(/^/gm, "    ")}
`);

/** The plan of a run's start, and of its timer, with `between` decided before that rings. */
function waited(rules: ReturnType<typeof rulebook>, between: readonly Event[] = [], start = world()) {
  const begun = decideOn(rules, said("hello"), start);
  const state = between.reduce((before: State, event) => decideOn(rules, event, before).state, begun.state);
  return { begun, late: decideOn(rules, ringing(begun), state) };
}

it("waits with a timer, and then goes on", () => {
  const { begun, late } = waited(waiting("- note: Now.\n- wait: 1h\n- note: Later."));
  const [run] = begun.runs;
  expect([shortly(begun), run?.waitsFor]).toEqual([["private: Now."], { kind: "time", until: NOON + HOUR }]);
  expect(begun.timers).toEqual([{ key: `run:${run?.id}`, chatId: 5301, dialogId: DIALOG, at: NOON + HOUR }]);
  expect([shortly(late), late.runs, late.endedRunIds, late.state.waiting]).toEqual([
    ["private: Later."],
    [],
    [run?.id],
    [],
  ]);
});

it("can wait again, from where it then stands", () => {
  const rules = waiting("- wait: 1h\n- note: One.\n- wait: 2h\n- note: Two.");
  const { late } = waited(rules);
  expect([shortly(late), late.endedRunIds, late.timers.map(({ at }) => at)]).toEqual([
    ["private: One."],
    [],
    [NOON + 3 * HOUR],
  ]);
  expect(shortly(decideOn(rules, ringing(late), late.state))).toEqual(["private: Two."]);
});

it("keeps its call keys apart over waits", () => {
  const { begun, late } = waited(waiting("- note: One.\n- wait: 1h\n- note: Two."));
  const keys = [...begun.calls, ...late.calls].map(({ key }) => key);
  expect(new Set(keys).size).toBe(2);
});

it("goes on although the clock was set back since its timer rang: it rings but once", () => {
  const rules = waiting("- wait: 1h\n- note: Later.");
  const begun = decideOn(rules, said("hello"));
  const late = decide({ rulebook: rules, state: begun.state, event: ringing(begun), now: NOON + 1 });
  expect([shortly(late), late.endedRunIds]).toEqual([["private: Later."], [begun.runs[0]?.id]]);
});

it("does nothing when a timer rings that is of no run, or too early", () => {
  const rules = waiting("- wait: 1h\n- note: Later.");
  const begun = decideOn(rules, said("hello"));
  const key = begun.timers[0]?.key ?? "";
  for (const event of [tick("run:other", NOON + HOUR), tick(key, NOON + HOUR - 1), tick("silence:1:Late", NOON)]) {
    const plan = decideOn(rules, event, begun.state);
    expect([shortly(plan), plan.verdicts, plan.state, plan.timers]).toEqual([[], [], begun.state, []]);
  }
});

it("leaves waiting runs alone when the customer writes, a manager writes or the dialog closes", () => {
  const others = [
    said("x"),
    said("x", { from: "manager" }),
    happened("dialog_closed", { dialog: { id: DIALOG, chat_id: 5301 } }),
  ];
  expect(shortly(waited(waiting("- wait: 1h\n- note: Later."), others).late)).toEqual(["private: Later."]);
});

const IF = "  if: {assigned: false}";
const taken = happened("dialog_assign", {
  dialog: { id: DIALOG, chat_id: 5301, responsible: { type: "user", id: 12, assigned_at: "2026-11-20T12:10:00Z" } },
});

it("judges the rule's `if` again, and ends where it does not hold any more", () => {
  const rules = waiting("- wait: 1h\n- note: Later.", IF);
  expect(shortly(waited(rules).late)).toEqual(["private: Later."]);
  const { begun, late } = waited(rules, [taken]);
  expect([shortly(late), late.endedRunIds, late.state.waiting]).toEqual([[], [begun.runs[0]?.id], []]);
});

it.each([
  { does: "assign: Anna Petrova", condition: "{assigned: false}" },
  { does: "tag: vip", condition: "{not: {tag: vip}}" },
  { does: "set: {dialog.topic: tea}", condition: "{missing: dialog.topic}" },
  { does: "set: {customer.topic: tea}", condition: "{is: {customer.topic: null}}" },
])("leaves out of it what the run itself changed by `$does`", ({ does, condition }) => {
  const rules = waiting(`- ${does}\n- wait: 1h\n- note: Later.`, `  if: ${condition}`);
  const begun = decideOn(rules, said("hello"));
  // An assignment is waited for by nobody here: the plan's own state already has it.
  const result = begun.runs[0]?.waitsFor?.kind;
  expect(result).toBe("time");
  expect(shortly(decideOn(rules, ringing(begun), begun.state))).toEqual(["private: Later."]);
});

it("does judge again what only somebody else changed, beside what the run changed", () => {
  const rules = waiting("- tag: vip\n- wait: 1h\n- note: Later.", "  if: {not: {tag: vip}, assigned: false}");
  expect(shortly(waited(rules, [taken]).late)).toEqual([]);
});

it("a condition that cannot be evaluated does not hold later either", () => {
  const rules = waiting("- wait: 1h\n- note: Later.", '  if: {logic: {"!=": [{var: event.odd}, x]}}');
  const event = said("hello");
  const begun = decideOn(rules, event);
  const odd = begun.state.waiting.map(({ run, rule }) => ({
    rule,
    run: { ...run, scope: { ...run.scope, event: { odd: { valueOf: 1, toString: 1 } } } },
  }));
  const late = decideOn(rules, ringing(begun), { ...begun.state, waiting: odd });
  expect([shortly(late), late.state.waiting]).toEqual([[], []]);
});

it("judges an action's own `if:` when it is reached", () => {
  const rules = waiting("- wait: 1h\n- note: Later.\n  if: {assigned: false}\n- note: Always.");
  expect(shortly(waited(rules, [taken]).late)).toEqual(["private: Always."]);
});

it("ends before its next action when its rule is no more", () => {
  const begun = decideOn(waiting("- wait: 1h\n- note: Later."), said("hello"));
  const now = rulebook("- rule: Other\n  when: {message: any}\n  do: [{note: Other.}]");
  const late = decideOn(now, ringing(begun), begun.state);
  expect([shortly(late), late.endedRunIds, late.state.waiting]).toEqual([[], [begun.runs[0]?.id], []]);
});

it("finishes under the rule it began with when that has changed", () => {
  const begun = decideOn(waiting("- wait: 1h\n- note: Old."), said("hello"));
  const now = waiting("- note: New.");
  expect(shortly(decideOn(now, ringing(begun), begun.state))).toEqual(["private: Old."]);
});

it("a late public message is fresh after its wait, but not once a manager has written since", () => {
  const { late } = waited(waiting("- wait: 1h\n- reply: Later."));
  const guard = late.calls[0]?.guard;
  expect(guard).toMatchObject({ inputAt: NOON + HOUR, heardAt: NOON });
  if (guard == null) throw new Error("a public message has a guard");
  const { dialog, chat } = late.state;
  const reason = (over: Partial<Dialog>) =>
    withholdReason(guard, { dialog: dialog && { ...dialog, ...over }, chat }, NOON + HOUR);
  expect([reason({}), reason({ lastManagerAt: NOON + MINUTE }), reason({ closedAt: NOON + MINUTE })]).toEqual([
    null,
    "manager",
    "closed",
  ]);
});

it("is silent after its wait where a manager keeps the bot quiet; notes and tags are not", () => {
  const rules = waiting("- wait: 10m\n- reply: Later.\n- note: Noted.\n- tag: late");
  const { late } = waited(rules, [said("I am here.", { from: "manager", at: NOON + 5 * MINUTE })]);
  expect(shortly(late)).toEqual(["private: Noted.", "dialogAddTags"]);
});

const BOOK = rulebook(
  `
- rule: Order
  when: {message_is: order}
  do:
    - ask: Which?
      expect: number
      retry: {times: 1}
      no_answer: {after: 20m, do: [{note: None.}]}
    - run: Thank
- rule: Pick
  when: {message_is: pick}
  do:
    - ask: Pick.
      choices: [Tea, Coffee]
      save: dialog.pick
    - wait: 30m
    - reply: "Still {{ dialog.pick }}?"
- rule: Later
  when: {message_is: later}
  if: {missing: dialog.pick}
  do: [{wait: 10m}, {note: Later.}, {wait: 1h}, {reply: Much later.}]
- rule: Silent
  when: {manager_silent: 15m}
  do: [{note: Hurry.}, {wait: 5m}, {note: Hurry more.}]
- rule: Gone
  when: {customer_silent: 40m}
  do: [{reply: Still there?}]
- rule: Else
  when: {message: any}
  do: [{reply: "{{ message.text }}?"}]
`,
  `commands: {help: Help}
flows:
  - flow: Thank
    do:
      - wait: 1m
      - reply: "Thanks for {{ answer }}."`,
);

interface Move {
  readonly what: string;
  readonly minutes: number;
}

const anyMoves = fc.array(
  fc.record({
    what: fc.constantFrom(
      "order",
      "pick",
      "later",
      "2",
      "tea",
      "cancel",
      "menu",
      "/x",
      "MANAGER",
      "NOTE",
      "COMMAND",
      "SELF",
      "ASSIGN",
      "CLOSE",
    ),
    minutes: fc.nat(30),
  }),
  { maxLength: 14 },
);

function eventOf(what: string, at: number): Event {
  if (what === "MANAGER") return said("Hm.", { from: "manager", at });
  if (what === "NOTE") return said("Hm.", { from: "manager", scope: "private", at });
  if (what === "COMMAND") return command("/help", { at });
  if (what === "SELF") return said("Hm.", { from: "self", at });
  if (what === "CLOSE") return happened("dialog_closed", { dialog: { id: DIALOG, chat_id: 5301 } }, { at });
  const responsible = { type: "user", id: 12, assigned_at: new Date(at).toISOString() };
  if (what === "ASSIGN")
    return happened("dialog_assign", { dialog: { id: DIALOG, chat_id: 5301, responsible } }, { at });
  return said(what, { at });
}

/** What a store keeps of plans: runs and timers by key. */
interface Kept {
  readonly runs: ReadonlyMap<string, Run>;
  readonly timers: ReadonlyMap<string, number>;
}

function keep(kept: Kept, plan: Plan): Kept {
  const runs = new Map([...kept.runs, ...plan.runs.map((run) => [run.id, run] as const)]);
  for (const id of plan.endedRunIds) runs.delete(id);
  const timers = new Map(kept.timers);
  const change = ({ key, at }: TimerChange) => (at === null ? timers.delete(key) : timers.set(key, at));
  for (const timer of plan.timers) change(timer);
  return { runs, timers };
}

function expectConsistent(plan: Plan, { runs, timers }: Kept): void {
  const { waiting: inState, dialog } = plan.state;
  expect(plan.runs.filter(({ id }) => plan.endedRunIds.includes(id))).toEqual([]);
  expect([...runs.values()].toSorted(byId)).toEqual(inState.map(({ run }) => run).toSorted(byId));
  expect(inState.filter(({ run }) => run.waitsFor?.kind === "answer").length).toBeLessThanOrEqual(1);
  const wanted = [
    ...inState.map(({ run }) => [`run:${run.id}`, run.waitsFor?.until ?? null] as const),
    ...Object.entries(dialog?.timers ?? {}).map(([id, at]) => [`silence:${DIALOG}:${id}`, at] as const),
  ];
  expect(new Map(timers)).toEqual(new Map(wanted.filter(([, at]) => at !== null)));
}

const byId = (a: Run, b: Run) => (a.id < b.id ? -1 : 1);

/** Decides an event twice: in the state as it was left, and in one read back from disk. Both have to be the same plan. */
function decideTwice(event: Event, state: State): Plan {
  const plan = decideOn(BOOK, event, state);
  expect(decideOn(BOOK, event, JSON.parse(JSON.stringify(state)))).toEqual(plan);
  return plan;
}

/** Events of the moves with every timer that falls due before them; after each the plan, the store and the state agree. */
function live(moves: readonly Move[]): number {
  let [state, at, kept]: [State, number, Kept] = [world(), NOON, { runs: new Map(), timers: new Map() }];
  let rung = 0;
  const step = (event: Event) => {
    const plan = decideTwice(event, state);
    [state, kept] = [plan.state, keep(kept, plan)];
    expectConsistent(plan, kept);
  };
  for (const { what, minutes } of moves) {
    at += minutes * MINUTE;
    for (let due = nextDue(kept, at); due !== null; due = nextDue(kept, at)) {
      kept = { ...kept, timers: new Map([...kept.timers].filter(([key]) => key !== due?.[0])) };
      step(tick(...due));
      rung += 1;
      if (rung > 500) throw new Error("timers ring without end");
    }
    step(eventOf(what, at));
  }
  return rung;
}

function nextDue({ timers }: Kept, at: number): readonly [string, number] | null {
  const due = [...timers].filter(([, moment]) => moment <= at);
  return due.toSorted(([, a], [, b]) => a - b)[0] ?? null;
}

it("over any conversation runs, timers and state agree, and a restart after any event changes nothing", () => {
  fc.assert(
    fc.property(anyMoves, (moves) => void live(moves)),
    { numRuns: 200 },
  );
});

it("the conversations of that property do let timers ring", () => {
  const moves = ["order", "ASSIGN", "pick", "tea", "later", "SELF", "NOTE", "NOTE"].map((what) => ({
    what,
    minutes: 30,
  }));
  expect(live(moves)).toBeGreaterThan(4);
});
