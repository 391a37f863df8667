import { expect, it } from "vitest";
import { conversation, decideOn, NOON, rulebook, said, shortly, world } from "../engine/world.ts";

/** Spec 4.1 "Quiet" and section 4 "Defaults that keep people out of trouble". */
const MINUTE = 60_000;
const HELLO = rulebook("- rule: Hello\n  when: {message: any}\n  do: [{reply: Hello.}]");
const quiet = world({ dialog: { lastManagerAt: NOON - MINUTE } });

it("every public message of a manager restarts it", () => {
  const at = (minutes: number) => ({ at: NOON + minutes * MINUTE });
  const plans = conversation(HELLO, [
    said("one moment", { from: "manager" }),
    said("and?", at(20)),
    said("still looking", { from: "manager", ...at(25) }),
    said("and now?", at(50)),
    said("hello?", at(55)),
  ]);
  expect(plans.map(shortly)).toEqual([[], [], [], [], ["public: Hello."]]);
});

it.each([
  "reply: Hi",
  "send_image: https://shop.example/a.png",
  "send_file: https://shop.example/a.pdf",
  "send_product: {id: 1, name: Tea}",
  "send_order: {number: 1A}",
  "edit: Better so",
  "bot_api: {operation: sendMessage, scope: public, type: text, content: Hi}",
])("withholds public speech: %s", (action) => {
  const rules = rulebook(`- rule: R\n  when: {message: any}\n  do:\n    - ${action}`);
  const plan = decideOn(rules, said("x"), quiet);
  expect([plan.calls, plan.verdicts[0]?.steps[0]?.reason]).toEqual([[], "quiet"]);
  const loud = rulebook(`- rule: R\n  even_with_manager: true\n  when: {message: any}\n  do:\n    - ${action}`);
  expect(decideOn(loud, said("x"), quiet).calls).toHaveLength(1);
});

it.each([
  "assign: Olga Ruiz",
  "tag: vip",
  "note: Hi",
  "close: true",
  "delete: true",
  "reply: Hi\n      to: managers",
  "bot_api: {operation: closeDialog}",
])("lets everything else go on: %s", (action) => {
  const rules = rulebook(`- rule: R\n  when: {message: any}\n  do:\n    - ${action}`);
  expect(decideOn(rules, said("x"), quiet).calls).toHaveLength(1);
});

it("is of that dialog: another one of the chat is not quiet", () => {
  const other = said("x", { more: { dialog: { id: 8000 } } });
  expect(shortly(decideOn(HELLO, other, quiet))).toEqual(["public: Hello."]);
});

it("`mute` is stronger than `even_with_manager`, and `unmute` does not end the quiet", () => {
  const loud = rulebook(
    "- rule: R\n  even_with_manager: true\n  when: {message: any}\n  do: [{mute: 2h}, {reply: Hi}]",
  );
  expect(decideOn(loud, said("x")).verdicts[0]?.steps[1]?.reason).toBe("muted");
  const spoken = rulebook("- rule: R\n  when: {message: any}\n  do: [{unmute: true}, {reply: Hi}]");
  expect(decideOn(spoken, said("x"), quiet).verdicts[0]?.steps[1]?.reason).toBe("quiet");
});
