import { expect, it } from "vitest";
import type { CallOutcome } from "../../src/types/plan.ts";
import { LOOK_UP_TABLE } from "./look-up-table.ts";
import { playTalk } from "./talk.ts";

const noRight: CallOutcome = {
  ok: false,
  reason: "the CRM refuses it; look_up needs the rights order_read of the API key",
};
const silent: CallOutcome = { ok: false, reason: "the CRM did not answer" };
const none: CallOutcome = { ok: true, body: {} };

const rows = Object.entries(LOOK_UP_TABLE).flatMap(([kind, { found, text, says }]) => [
  { kind, text, what: "found", outcome: { ok: true, body: { found } } as const, says },
  { kind, text, what: "found none", outcome: none, says: "none" },
  { kind, text, what: "no right", outcome: noRight, says: "none" },
  { kind, text, what: "no answer of the CRM", outcome: silent, says: "none" },
]);

it.each(rows)("look_up: $kind, $what: says '$says' in its branch, and after it", ({ kind, text, outcome, says }) => {
  const branches = `\n      found: [{note: Found.}]\n      not_found: [{note: None.}]`;
  const by = kind === "product" ? "\n      by: {name: tea}" : "";
  const talk = (more: string) =>
    playTalk({ do: `- look_up: ${kind}${by}${more}\n    - note: "${text}"`, moves: [outcome] });
  const branch = says === "none" ? "None." : "Found.";
  const gone = says === "none" ? "look_up nothing: not_found" : "look_up nothing";
  expect(talk("").at(-1)?.slice(0, 1)).toEqual([gone]);
  expect(talk("").at(-1)?.slice(-1)).toEqual([`private: ${says}`]);
  expect(talk(branches).at(-1)?.slice(-2)).toEqual([`private: ${branch}`, `private: ${says}`]);
});
