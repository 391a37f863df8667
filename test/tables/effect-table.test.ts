import { expect, it } from "vitest";
import type { JsonObject } from "../../src/types/json.ts";
import type { PlannedCall } from "../../src/types/plan.ts";
import { CHAT, decideOn, happened, rulebook, world } from "../engine/world.ts";
import { EFFECT_TABLE } from "./effect-table.ts";

const HEAD = `teams: {sales: {people: [Anna Petrova]}}
flows:
  - flow: Greet
    do: [{note: "Hello {{ args.name }}"}]`;

/** A request without its empty parts. */
function inFull({ call: { operation, path, query, body } }: PlannedCall): JsonObject {
  const parts = Object.entries({ path, query }).filter(([, part]) => Object.keys(part).length > 0);
  return { operation, ...Object.fromEntries(parts), ...(body === null ? {} : { body }) };
}

it.each(Object.values(EFFECT_TABLE).flat())("$do does exactly this", (row) => {
  const rules = rulebook(`- rule: R\n  when: {event: chat_updated}\n  do:\n    - ${row.do}`, HEAD);
  const before = world({ dialog: row.dialog ?? {} });
  const plan = decideOn(rules, happened("chat_updated", { chat: { id: CHAT } }), before);
  expect(plan.calls.map(inFull)).toEqual(row.calls ?? []);
  const { dialog, customer, chat } = plan.state;
  const spoke = (row.calls ?? []).some(({ body }) => JSON.stringify(body ?? null).includes('"public"'));
  const answered = spoke ? { answeredAt: dialog?.answeredAt } : {};
  expect(dialog).toEqual({ ...before.dialog, ...answered, ...row.changes });
  expect([customer?.variables, chat?.variables]).toEqual([row.keeps?.customer ?? {}, row.keeps?.chat ?? {}]);
  const waits = plan.runs.map(({ waitsFor }) => waitsFor);
  expect(waits).toEqual(row.waits === undefined ? [] : [expect.objectContaining(row.waits)]);
});
