import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { checkLogic } from "../../src/language/logic/condition.ts";
import type { State } from "../../src/types/state.ts";
import { ANNA, decideOn, firedIn, rulebook, said, shortly, world } from "../engine/world.ts";

/** Spec section 4, **if**: every key, once where it holds and once where it does not. */
const STORES = "- rule: Stores\n  enabled: false\n  when: {message: any}\n  do: [{set: {dialog.count: 1}}]\n";
/** Noon is a Friday's. */
const HOURS = 'hours: {office: {mon-fri: "09:00-18:00"}, night: {mon-fri: "20:00-23:00"}, account: crm}';
const withIf = (condition: string) =>
  rulebook(`${STORES}- rule: R\n  when: {message: any}\n  if: ${condition}\n  do: [{note: Yes.}]`, HOURS);

const known = world({
  dialog: {
    responsible: { type: "user", id: ANNA.id, assignedAt: 0 },
    team: "sales",
    tags: ["VIP"],
    variables: { count: 3 },
  },
});
/** Its account says when it is open. */
const crmHours = { timezone: null, week: { 5: [{ fromMinute: 540, toMinute: 1080 }] }, dates: {} };
const rich: State = { ...known, directory: { ...known.directory, crmHours } };
const poor: State = world({ customer: { phone: null } });

const rows = [
  { key: "open", condition: "{open: office}", inRich: true, inPoor: true },
  { key: "open", condition: "{open: night}", inRich: false, inPoor: false },
  { key: "open", condition: "{open: account}", inRich: true, inPoor: false },
  { key: "closed", condition: "{closed: office}", inRich: false, inPoor: false },
  { key: "closed", condition: "{closed: night}", inRich: true, inPoor: true },
  { key: "assigned", condition: "{assigned: true}", inRich: true, inPoor: false },
  { key: "assigned", condition: "{assigned: false}", inRich: false, inPoor: true },
  { key: "assigned", condition: "{assigned: [Olga Ruiz, anna petrova]}", inRich: true, inPoor: false },
  { key: "assigned", condition: "{assigned: sales}", inRich: true, inPoor: false },
  { key: "assigned", condition: "{assigned: leads}", inRich: false, inPoor: false },
  { key: "channel", condition: "{channel: '@tea_house_bot'}", inRich: true, inPoor: true },
  { key: "channel", condition: "{channel: other}", inRich: false, inPoor: false },
  { key: "channel_type", condition: "{channel_type: telegram}", inRich: true, inPoor: true },
  { key: "channel_type", condition: "{channel_type: viber}", inRich: false, inPoor: false },
  { key: "tag", condition: "{tag: [new, vip]}", inRich: true, inPoor: false },
  { key: "missing", condition: "{missing: customer.phone}", inRich: false, inPoor: true },
  { key: "known", condition: "{known: customer.phone}", inRich: true, inPoor: false },
  { key: "is", condition: "{is: {dialog.count: 3}}", inRich: true, inPoor: false },
  { key: "is", condition: "{is: {dialog.count: null}}", inRich: false, inPoor: true },
  { key: "is_not", condition: "{is_not: {dialog.count: 3}}", inRich: false, inPoor: true },
  { key: "more_than", condition: "{more_than: {dialog.count: 2}}", inRich: true, inPoor: false },
  { key: "less_than", condition: "{less_than: {dialog.count: 4}}", inRich: true, inPoor: false },
  { key: "contains", condition: "{contains: {dialog.tags: vip}}", inRich: true, inPoor: false },
  { key: "any", condition: "{any: [{tag: vip}, {missing: customer.phone}]}", inRich: true, inPoor: true },
  { key: "any", condition: "{any: [{tag: gold}, {tag: silver}]}", inRich: false, inPoor: false },
  { key: "all", condition: "{all: [{tag: vip}, {known: customer.phone}]}", inRich: true, inPoor: false },
  { key: "not", condition: "{not: {tag: vip}}", inRich: false, inPoor: true },
  { key: "logic", condition: '{logic: {"!=": [{var: dialog.team}, sales]}}', inRich: false, inPoor: true },
  { key: "all of several", condition: "{tag: vip, missing: customer.phone}", inRich: false, inPoor: false },
];

it.each(rows)("if: $condition", ({ condition, inRich, inPoor }) => {
  const rules = withIf(condition);
  const fires = (state: State) => firedIn(decideOn(rules, said("x"), state)).length === 1;
  expect([fires(rich), fires(poor)]).toEqual([inRich, inPoor]);
});

it("every key of the schema has a row that holds and one that does not", () => {
  const schema = JSON.parse(readFileSync(new URL("../../schemas/rules.schema.json", import.meta.url), "utf8"));
  const keys: readonly string[] = Object.keys(schema.$defs.condition.properties);
  const seen = (key: string) => rows.filter((row) => row.key === key).flatMap(({ inRich, inPoor }) => [inRich, inPoor]);
  expect(keys.filter((key) => !seen(key).includes(true) || !seen(key).includes(false))).toEqual([]);
});

it.each([
  ...rows.map(({ condition }) => ({ when: "message: any", condition })),
  { when: "message_has: [a, b*]", condition: "{}" },
  { when: "message_is: a", condition: "{}" },
  { when: 'message_matches: "a+"', condition: "{}" },
  { when: "message: image, from: anyone, scope: public, first: true", condition: "{}" },
  { when: "message: any, channel: x, channel_type: viber", condition: "{}" },
])("every condition is one checked json-logic tree: {$when} $condition", ({ when, condition }) => {
  const rules = rulebook(`${STORES}- rule: R\n  when: {${when}}\n  if: ${condition}\n  do: [{note: x}]`, HOURS);
  const parts = rules.rules.flatMap((rule) => rule.parts);
  expect(parts.length).toBeGreaterThan(0);
  expect(parts.flatMap(({ logic }) => checkLogic(logic))).toEqual([]);
});

it("a condition that cannot be evaluated does not hold, its cause is in the trace, and other rules go on", () => {
  const rules = rulebook(`
- rule: Odd
  when: {message: any}
  if: {assigned: false, logic: {"==": [{var: event.odd}, x]}}
  do: [{note: Never.}]
- rule: Sound
  when: {message: any}
  do: [{note: Goes on.}]
`);
  const event = said("x");
  const odd = { ...event, data: { ...event.data, odd: { valueOf: 1, toString: 1 } } };
  const plan = decideOn(rules, odd);
  expect(plan.verdicts[0]).toMatchObject({
    rule: "Odd",
    outcome: "condition",
    failed: 2,
    error: "the condition could not be evaluated: Cannot convert object to primitive value",
  });
  expect(shortly(plan)).toEqual(["private: Goes on."]);
  expect(decideOn(rules, event).verdicts.map((verdict) => "error" in verdict)).toEqual([false, false]);
});

it("an action whose own `if` cannot be evaluated does nothing and says why; the next one goes on", () => {
  const rules = rulebook(`
- rule: R
  when: {message: any}
  do:
    - note: Never.
      if: {logic: {"==": [{var: event.odd}, x]}}
    - note: Goes on.
`);
  const event = said("x");
  const plan = decideOn(rules, { ...event, data: { ...event.data, odd: { valueOf: 1, toString: 1 } } });
  expect(shortly(plan)).toEqual(["private: Goes on."]);
  expect(plan.verdicts[0]?.steps[0]?.reason).toBe(
    "error: the condition could not be evaluated: Cannot convert object to primitive value",
  );
});
