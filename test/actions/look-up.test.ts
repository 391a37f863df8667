import { expect, it } from "vitest";
import { resume } from "../../src/engine/resume.ts";
import type { CallOutcome, Plan } from "../../src/types/plan.ts";
import { CHAT, CUSTOMER, command, decideOn, NOON, rulebook, said, shortly } from "../engine/world.ts";

const HEAD = "commands: {order: An order}";
const ORDER = {
  id: 88012,
  number: "4117A",
  status: { code: "sent", name: "On its way", group: "delivery" },
  created_at: null,
  total: 43.9,
  currency: "EUR",
  delivery: { code: null, name: null, address: null, cost: null, date: null },
  payments: [],
  items: [],
  tracking: null,
};
const PRODUCT = {
  id: 40271,
  name: "Oolong",
  article: null,
  price: 12.5,
  currency: "EUR",
  url: null,
  img: null,
  quantity: 3,
  unit: null,
};
const CUSTOMER_OF_CRM = {
  crm_id: 3310,
  first_name: "Martina",
  last_name: null,
  phone: null,
  email: null,
  created_at: null,
  orders_count: 4,
  total: null,
  vip: true,
};

const rulesWith = (actions: string, when = "{message: any}") =>
  rulebook(`- rule: R\n  when: ${when}\n  do:\n${actions.replace(/^/gm, "    ")}`, HEAD);

function requestIn({ runs }: Plan) {
  const wait = runs[0]?.waitsFor;
  return wait?.kind === "request" ? wait.request : null;
}

/** What is said after the look-up has ended so. */
function after(actions: string, outcome: CallOutcome): Plan {
  const rules = rulesWith(actions);
  const plan = decideOn(rules, said("4117A"));
  const [run] = plan.runs;
  const [rule] = rules.rules;
  if (run?.waitsFor?.kind !== "request" || rule === undefined) throw new Error("no run waits for a look-up");
  const input = { kind: "result" as const, key: run.waitsFor.key, at: NOON, outcome };
  return resume({ rulebook: rules, rule, run, state: plan.state, input, now: NOON + 1000 });
}

const found = (value: unknown): CallOutcome => ({ ok: true, body: { found: value as never } });
const nothing: CallOutcome = { ok: true, body: {} };
const broken: CallOutcome = { ok: false, reason: "the CRM did not answer" };

it("asks for what the rule wants, with its texts filled in, in the customer's name", () => {
  const plan = decideOn(rulesWith('- look_up: order\n  by: {number: "{{ message.text }}"}'), said("4117A"));
  expect(requestIn(plan)).toEqual({
    kind: "look_up",
    args: { what: "order", by: { number: "4117A" }, asker: "customer", chat_id: CHAT, customer_id: CUSTOMER },
  });
  expect(plan.calls).toEqual([]);
});

it("looks up in the manager's name after a manager's command", () => {
  const plan = decideOn(rulesWith("- look_up: order", "{command: order}"), command("/order 4117A"));
  expect(requestIn(plan)?.args).toMatchObject({ asker: "manager", by: {} });
});

const BRANCHES = `- look_up: order
  found:
    - reply: It is {{ order.status.name or "new" }}.
  not_found:
    - reply: I can't find it.
- note: "{{ order.number or 'none' }}"`;

it.each([
  { outcome: found(ORDER), says: ["public: It is On its way.", "private: 4117A"] },
  { outcome: nothing, says: ["public: I can't find it.", "private: none"] },
  { outcome: broken, says: ["public: I can't find it.", "private: none"] },
])("goes through found or not_found, and on: $says", ({ outcome, says }) => {
  expect(shortly(after(BRANCHES, outcome))).toEqual(says);
});

it("goes on without branches, and says that nothing was found", () => {
  const plan = after('- look_up: order\n- reply: "{{ order.number or 0 }}"', nothing);
  expect(shortly(plan)).toEqual(["public: 0"]);
  expect(plan.verdicts[0]?.steps).toContainEqual(expect.objectContaining({ action: "look_up", reason: "not_found" }));
});

it.each([
  {
    actions: "- look_up: order\n- send_order: order",
    value: ORDER,
    card: { type: "order", order: { external_id: 88012, number: "4117A", cost: { value: 43.9, currency: "EUR" } } },
  },
  {
    actions: "- look_up: product\n  by: {name: Oolong}\n- send_product: product",
    value: PRODUCT,
    card: { type: "product", product: { id: 40271, name: "Oolong", cost: { value: 12.5, currency: "EUR" } } },
  },
])("sends the card of what was found: $actions", ({ actions, value, card }) => {
  expect(after(actions, found(value)).calls[0]?.call.body).toMatchObject(card);
});

it("sends no card where nothing was found", () => {
  expect(after("- look_up: order\n- send_order: order", nothing).calls).toEqual([]);
});

it("lays the CRM's customer over the messenger's, keeping what the CRM does not know and what was stored", () => {
  const text = "{{ customer.first_name or 0 }} {{ customer.last_name or 0 }} {{ customer.orders_count or 0 }}";
  const actions = `- set: {customer.topic: tea}\n- look_up: customer\n- reply: "${text} {{ customer.topic or 0 }}"`;
  expect(shortly(after(actions, found(CUSTOMER_OF_CRM)))).toEqual(["public: Martina Lind 4 tea"]);
  expect(shortly(after(actions, nothing))).toEqual(["public: Marta Lind 0 tea"]);
});
