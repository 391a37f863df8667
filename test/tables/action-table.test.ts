import { expect, it } from "vitest";
import type { Event } from "../../src/types/event.ts";
import type { State } from "../../src/types/state.ts";
import { CHAT, decideOn, happened, rulebook } from "../engine/world.ts";
import { ACTION_TABLE, type ActionRow, CIRCUMSTANCES, type Circumstance, SENT_BY_HAND } from "./action-table.ts";

const FLOW = "flows: [{flow: Greet, do: [{stop: true}]}]\nteams: {sales: {people: [Anna Petrova]}}";

/** An event that changes nothing by itself. */
const eventFor = ({ chat }: State): Event =>
  chat === null ? happened("chat_updated", {}, { chatId: null }) : happened("chat_updated", { chat: { id: CHAT } });

function tracedIn(row: ActionRow, circumstance: Circumstance): string {
  const rules = rulebook(`- rule: R\n  when: {event: chat_updated}\n  do:\n    - ${row.do}`, FLOW);
  const state = CIRCUMSTANCES[circumstance](row.dialog ?? {});
  const step = decideOn(rules, eventFor(state), state).verdicts[0]?.steps[0];
  return step === undefined ? "no step" : `${step.did}${step.reason === null ? "" : `: ${step.reason}`}`;
}

const all = Object.keys(CIRCUMSTANCES) as readonly Circumstance[];

it.each([...Object.values(ACTION_TABLE), SENT_BY_HAND])("$do in every circumstance", (row) => {
  const expected = Object.fromEntries(all.map((circumstance) => [circumstance, row.but?.[circumstance] ?? row.usual]));
  expect(Object.fromEntries(all.map((circumstance) => [circumstance, tracedIn(row, circumstance)]))).toEqual(expected);
});
