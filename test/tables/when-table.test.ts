import { expect, it } from "vitest";
import { conversation, firedIn, rulebook } from "../engine/world.ts";
import { WHEN_HEAD, WHEN_TABLE } from "./when-table.ts";

it.each(Object.values(WHEN_TABLE).flat())("when: {$when}, $what: $holds", ({ when, events, state, holds }) => {
  const rules = rulebook(`- rule: R\n  when: {${when}}\n  do: [{stop: true}]`, WHEN_HEAD);
  const last = conversation(rules, events, state).at(-1);
  expect(last && firedIn(last).length > 0).toBe(holds);
});
