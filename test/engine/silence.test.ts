import { expect, it } from "vitest";
import { resume } from "../../src/engine/resume.ts";
import type { Event } from "../../src/types/event.ts";
import type { Plan } from "../../src/types/plan.ts";
import type { Rulebook } from "../../src/types/rule.ts";
import {
  ANNA,
  CHAT,
  conversation,
  DIALOG,
  decideOn,
  happened,
  IVAN,
  NOON,
  rulebook,
  said,
  shortly,
  tick,
  world,
} from "./world.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const KEY = `silence:${DIALOG}:R`;

const managerSilent = (more = "", head = "") =>
  rulebook(`- rule: R\n  when: {manager_silent: 10m${more}}\n  do: [{note: Hurry.}]`, head);
const customerSilent = (action = "note: Gone.") =>
  rulebook(`- rule: R\n  when: {customer_silent: 10m}\n  do: [{${action}}]`);

const withAnna = world({ dialog: { responsible: { type: "user", id: ANNA.id, assignedAt: NOON - DAY } } });
const assigned = (id: number, at: number) =>
  happened(
    "dialog_assign",
    {
      dialog: { id: DIALOG, chat_id: CHAT, responsible: { type: "user", id, assigned_at: new Date(at).toISOString() } },
    },
    { at },
  );
const customer = (at: number) => said("x", { at });
const manager = (at: number, scope: "public" | "private" = "public") => said("Hm.", { from: "manager", scope, at });
const own = (at: number) => said("Hm.", { from: "self", at });

/** When the rule's timer is set to ring after these events; null: it is not. */
function due(rules: Rulebook, events: readonly Event[], start = withAnna): number | null {
  const changes = conversation(rules, events, start).flatMap(({ timers }) => timers);
  return changes.findLast(({ key }) => key === KEY)?.at ?? null;
}

const rings = (rules: Rulebook, before: Plan | undefined, at: number) =>
  decideOn(rules, tick(KEY, at), before?.state ?? world());

it.each([
  { events: [customer(NOON)], rings: NOON + 10 * MINUTE, what: "begins at the customer's first message" },
  {
    events: [customer(NOON), customer(NOON + 60_000)],
    rings: NOON + 10 * MINUTE,
    what: "more messages begin no new one",
  },
  { events: [customer(NOON), own(NOON + 60_000)], rings: NOON + 10 * MINUTE, what: "a bot's reply does not end it" },
  { events: [customer(NOON), manager(NOON + 60_000, "private")], rings: NOON + 10 * MINUTE, what: "nor does a note" },
  { events: [customer(NOON), manager(NOON + 60_000)], rings: null, what: "a manager's public message does" },
  {
    events: [customer(NOON), manager(NOON + 60_000), customer(NOON + 120_000)],
    rings: NOON + 12 * MINUTE,
    what: "after that it begins with the next message",
  },
  {
    events: [customer(NOON), assigned(IVAN.id, NOON + 300_000)],
    rings: NOON + 15 * MINUTE,
    what: "with a later assignment it begins there",
  },
  {
    events: [customer(NOON), happened("dialog_closed", { dialog: { id: DIALOG, chat_id: CHAT } })],
    rings: null,
    what: "the dialog's close ends it",
  },
])("manager_silent: $what", ({ events, rings: at }) => {
  expect(due(managerSilent(), events)).toBe(at);
});

it.each([
  { responsible: null, who: "nobody" },
  { responsible: { type: "bot" as const, id: 9, assignedAt: 0 }, who: "a bot" },
])("manager_silent needs a responsible person: not with $who, but from the assignment on", ({ responsible }) => {
  const start = world({ dialog: { responsible } });
  expect(due(managerSilent(), [customer(NOON)], start)).toBe(null);
  expect(due(managerSilent(), [customer(NOON), assigned(ANNA.id, NOON + 60_000)], start)).toBe(NOON + 11 * MINUTE);
});

it("manager_silent fires when its time has come, in the bot's quiet too", () => {
  const rules = rulebook("- rule: R\n  when: {manager_silent: 10m}\n  do: [{reply: Soon.}, {note: Hurry.}]");
  const waits = conversation(rules, [manager(NOON - 60_000), customer(NOON)], withAnna).at(-1);
  const plan = rings(rules, waits, NOON + 10 * MINUTE);
  expect([shortly(plan), plan.verdicts[0]?.occasion]).toEqual([["private: Hurry."], "manager_silent"]);
});

it("manager_silent fires once for each responsible person, whatever is said and whoever had it between", () => {
  const rules = managerSilent();
  const waits = conversation(rules, [customer(NOON)], withAnna).at(-1);
  const first = rings(rules, waits, NOON + 10 * MINUTE);
  expect([shortly(first), first.timers.at(-1)]).toEqual([
    ["private: Hurry."],
    { key: KEY, chatId: CHAT, dialogId: DIALOG, at: null },
  ]);
  const again = [customer(NOON + HOUR), manager(NOON + HOUR), customer(NOON + 2 * HOUR)];
  expect(due(rules, again, first.state)).toBe(null);
  const toIvan = decideOn(rules, assigned(IVAN.id, NOON + 3 * HOUR), first.state);
  const second = rings(rules, toIvan, NOON + 3 * HOUR + 10 * MINUTE);
  expect(shortly(second)).toEqual(["private: Hurry."]);
  expect(due(rules, [assigned(ANNA.id, NOON + 4 * HOUR)], second.state)).toBe(null);
});

it("a timer that rings after the silence ended, or too early, does nothing", () => {
  const rules = managerSilent();
  const [waits, answered] = conversation(rules, [customer(NOON), manager(NOON + MINUTE)], withAnna);
  expect(shortly(rings(rules, answered, NOON + 10 * MINUTE))).toEqual([]);
  expect(shortly(rings(rules, waits, NOON + 10 * MINUTE - 1))).toEqual([]);
  expect(shortly(rings(rules, waits, NOON + 10 * MINUTE))).toEqual(["private: Hurry."]);
});

it("judges the rule's `if` when the time has come", () => {
  const rules = rulebook(
    "- rule: R\n  when: {manager_silent: 10m}\n  if: {tag: vip}\n  do: [{note: Hurry.}]\n- rule: Other\n  when: {manager_silent: 10m}\n  do: [{note: No.}]",
  );
  const waits = conversation(rules, [customer(NOON)], withAnna).at(-1);
  const plan = rings(rules, waits, NOON + 10 * MINUTE);
  expect(plan.verdicts.map(({ rule, outcome }) => [rule, outcome])).toEqual([["R", "condition"]]);
});

const OFFICE = 'hours: {office: {mon-fri: "09:00-18:00"}}';

it.each([
  { from: "Fri 17:55", at: Date.parse("2026-11-20T17:55:00Z"), rings: Date.parse("2026-11-23T09:05:00Z") },
  { from: "Sat 10:00", at: Date.parse("2026-11-21T10:00:00Z"), rings: Date.parse("2026-11-23T09:10:00Z") },
  { from: "Fri 12:00", at: NOON, rings: NOON + 10 * MINUTE },
])("count_time counts open time only: from $from", ({ at, rings: expected }) => {
  expect(due(managerSilent(", count_time: office", OFFICE), [customer(at)])).toBe(expected);
});

it("count_time by the account's hours waits where none are known", () => {
  const rules = managerSilent(", count_time: office", "hours: {office: crm}");
  expect(due(rules, [customer(NOON)])).toBe(null);
  const week = { 5: [{ fromMinute: 540, toMinute: 725 }], 6: [{ fromMinute: 600, toMinute: 700 }] };
  const known = {
    ...withAnna,
    directory: { ...withAnna.directory, crmHours: { timezone: null, week, dates: {} } },
  };
  expect(due(rules, [customer(NOON)], known)).toBe(Date.parse("2026-11-21T10:05:00Z"));
});

it.each([
  { events: [own(NOON)], rings: NOON + 10 * MINUTE, what: "begins at the bot's message" },
  { events: [manager(NOON)], rings: NOON + 10 * MINUTE, what: "or a manager's" },
  { events: [said("Hi", { from: "bot", at: NOON })], rings: NOON + 10 * MINUTE, what: "or another bot's" },
  { events: [own(NOON), own(NOON + 60_000)], rings: NOON + 11 * MINUTE, what: "and anew at the last of them" },
  { events: [own(NOON), manager(NOON + 60_000, "private")], rings: NOON + 10 * MINUTE, what: "but not at a note" },
  { events: [own(NOON), customer(NOON + 60_000)], rings: null, what: "the customer's message ends it" },
])("customer_silent: $what", ({ events, rings: at }) => {
  expect(due(customerSilent(), events)).toBe(at);
});

it("customer_silent fires once until a person speaks again: its own reminder asks for no other", () => {
  const rules = customerSilent("reply: Still there?");
  const [waits] = conversation(rules, [own(NOON)], world({ dialog: { lastCustomerAt: NOON - MINUTE } }));
  const reminded = rings(rules, waits, NOON + 10 * MINUTE);
  expect(shortly(reminded)).toEqual(["public: Still there?"]);
  const echo = decideOn(rules, own(NOON + 10 * MINUTE), reminded.state);
  expect(due(rules, [], echo.state)).toBe(null);
  expect(shortly(rings(rules, echo, NOON + 20 * MINUTE))).toEqual([]);
  expect(due(rules, [customer(NOON + HOUR), own(NOON + HOUR + 1)], echo.state)).toBe(NOON + HOUR + 1 + 10 * MINUTE);
  expect(due(rules, [manager(NOON + DAY)], echo.state)).toBe(NOON + DAY + 10 * MINUTE);
});

it("a reloaded rulebook sets and takes back the timers of its own rules", () => {
  const waits = conversation(managerSilent(), [customer(NOON)], withAnna).at(-1);
  const none = rulebook("- rule: Other\n  when: {message: any}\n  do: [{note: x}]");
  const changed = decideOn(none, own(NOON + MINUTE), waits?.state);
  expect(changed.timers).toEqual([{ key: KEY, chatId: CHAT, dialogId: DIALOG, at: null }]);
  expect(shortly(rings(none, waits, NOON + 10 * MINUTE))).toEqual([]);
});

it("counts from an assignment that a run makes after it has waited for an answer of the CRM", () => {
  const rules = rulebook(`
- rule: Ask the CRM
  when: {message: any}
  do:
    - look_up: delivery_types
    - assign: Anna Petrova
- rule: Silent
  when: {manager_silent: 10m}
  do: [{note: Silent.}]`);
  const plan = decideOn(rules, said("hello"));
  const [run] = plan.runs;
  const [rule] = rules.rules;
  if (run?.waitsFor?.kind !== "request" || rule === undefined) throw new Error("no run waits for the CRM");
  const input = { kind: "result" as const, key: run.waitsFor.key, at: NOON, outcome: { ok: true, body: [] } as const };
  const next = resume({ rulebook: rules, rule, run, state: plan.state, input, now: NOON + 1_000 });
  expect(next.timers.map(({ at }) => at)).toEqual([NOON + 1_000 + 600_000]);
});
