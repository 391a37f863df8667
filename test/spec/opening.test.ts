import { expect, it } from "vitest";
import { resume } from "../../src/engine/resume.ts";
import { newDialog } from "../../src/types/state.ts";
import {
  CHAT,
  conversation,
  DIALOG,
  decideOn,
  firedIn,
  happened,
  NOON,
  rulebook,
  said,
  world,
} from "../engine/world.ts";

/** Spec 4.1 "dialog: opened"; its other sentences stand in test/engine/occasions.test.ts. */
const RULES = rulebook(`
- rule: Reopen
  when: {message_is: reopen}
  do: [{open_dialog: true}, {tag: reopened}]
- rule: Welcome
  when: {dialog: opened}
  do: [{note: Welcome}]
`);

it("dialogs opened by the bot do not fire it", () => {
  const [rule] = RULES.rules;
  const first = decideOn(RULES, said("reopen"), world({ dialog: { closedAt: NOON - 1 } }));
  const [run] = first.runs;
  if (rule === undefined || run?.waitsFor?.kind !== "call") throw new Error("no run waits");
  const outcome = { ok: true as const, body: { id: 9001 } };
  const input = { kind: "result" as const, key: run.waitsFor.key, at: NOON, outcome };
  const second = resume({ rulebook: RULES, rule, run, state: first.state, input, now: NOON });
  const inNew = said("hello", { at: NOON + 1000, more: { dialog: { id: 9001 } } });
  expect(second.state.dialog?.id).toBe(9001);
  expect(firedIn(decideOn(RULES, inNew, second.state))).toEqual([]);
});

it.each([
  { from: "manager" as const, what: "a manager" },
  { from: "bot" as const, what: "another bot" },
  { from: "self" as const, what: "the bot itself" },
])("only a customer's message opens: not one of $what", ({ from }) => {
  const fresh = world({ dialog: newDialog(DIALOG, CHAT, NOON) });
  expect(firedIn(decideOn(RULES, said("hello", { from, id: 500 }), fresh))).toEqual([]);
});

it("fires once per dialog, and anew in the next one", () => {
  const opening = (id: number, begin: number, at: number) =>
    happened("dialog_opened", {
      dialog: { id, created_at: new Date(at).toISOString(), begin_message_id: begin, chat: { id: CHAT } },
    });
  const later = NOON + 3_600_000;
  const plans = conversation(
    RULES,
    [
      opening(1, 500, NOON),
      said("a", { id: 500, more: { dialog: { id: 1 } } }),
      said("b", { id: 501, at: NOON + 1000, more: { dialog: { id: 1 } } }),
      opening(2, 600, later),
      said("c", { id: 600, at: later, more: { dialog: { id: 2 } } }),
    ],
    world({ dialog: null }),
  );
  expect(plans.map(firedIn)).toEqual([[], ["Welcome"], [], [], ["Welcome"]]);
});
