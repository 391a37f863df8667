import { expect, it } from "vitest";
import { decideOn, firedIn, rulebook } from "../engine/world.ts";
import { eventIn, IF_HEAD, IF_STATES, IF_STORES, IF_TABLE } from "./if-table.ts";

it.each(Object.values(IF_TABLE).flat())("if: $if holds in $holdsIn", ({ if: condition, holdsIn }) => {
  const rule = `- rule: R\n  when: {event: chat_updated}\n  if: ${condition}\n  do: [{stop: true}]`;
  const rules = rulebook(`${IF_STORES}\n${rule}`, IF_HEAD);
  const holding = Object.entries(IF_STATES).filter(
    ([, state]) => firedIn(decideOn(rules, eventIn(state), state)).length > 0,
  );
  expect(holding.map(([name]) => name)).toEqual(holdsIn);
});
