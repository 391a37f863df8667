import { expect, it } from "vitest";
import { conversation, decideOn, NOON, ringing, rulebook, said, saidBack, shortly } from "./world.ts";

/** A rule on "hello" with these actions, and flows as written under `flows:`. */
const flows = (actions: string, written: string) =>
  rulebook(
    `- rule: R\n  when: {message_is: hello}\n  do:\n${actions.replace(/^/gm, "    ")}`,
    `flows:\n${written.replace(/^/gm, "  ")}`,
  );

const hello = (rules: ReturnType<typeof rulebook>) => shortly(decideOn(rules, said("hello")));

it("does a flow's actions, then goes on", () => {
  expect(hello(flows("- run: A\n- note: After.", "- flow: A\n  do: [{note: One.}, {note: Two.}]"))).toEqual([
    "private: One.",
    "private: Two.",
    "private: After.",
  ]);
});

it("gives a flow what `with:` says, each time anew, and nothing of it to what follows", () => {
  const rules = flows(
    `- run: A
  with: {topic: "{{ message.text }}", count: 2}
- run: A
  with: {topic: other}
- note: "{{ event.message.content }}"`,
    `- flow: A\n  do: [{note: "{{ args.topic }} {{ args.count or 'none' }}"}]`,
  );
  expect(hello(rules)).toEqual(["private: hello 2", "private: other none", "private: hello"]);
});

it("reads `args` in an action's `if:` and in json-logic", () => {
  const rules = flows(
    "- run: A\n  with: {kind: gift}\n- run: A\n  with: {kind: own}",
    `- flow: A
  do:
    - note: Gift.
      if: {is: {args.kind: gift}}
    - note: Own.
      if: {logic: {"==": [{var: args.kind}, own]}}`,
  );
  expect(hello(rules)).toEqual(["private: Gift.", "private: Own."]);
});

const NESTED = `- flow: Outer
  do:
    - note: "outer {{ args.name }}"
    - run: Inner
      with: {name: "{{ args.name }}-in"}
    - note: "outer {{ args.name }} again"
- flow: Inner
  do:
    - note: "inner {{ args.name }}"`;

it("a flow in a flow has its own `args`; its caller's are back after it", () => {
  expect(hello(flows("- run: Outer\n  with: {name: a}\n- note: After.", NESTED))).toEqual([
    "private: outer a",
    "private: inner a-in",
    "private: outer a again",
    "private: After.",
  ]);
});

it("`stop` inside a flow ends its callers too", () => {
  const rules = flows(
    "- run: Outer\n- note: Never.",
    "- flow: Outer\n  do: [{run: Inner}, {note: Never.}]\n- flow: Inner\n  do: [{note: In.}, {stop: true}, {note: Never.}]",
  );
  expect(hello(rules)).toEqual(["private: In."]);
});

const ASKING = `- flow: City
  do:
    - ask: "{{ args.how }}, which city?"
      expect: choice
      choices: [Oslo, Madrid]
      save: dialog.city
      retry: {times: 1}
      no_answer: {after: 10m, do: [{note: "None, {{ args.how }}."}]}
    - note: "{{ answer }}, {{ args.how }}."`;
const CITY = flows("- run: City\n  with: {how: Please}\n- note: \"After {{ dialog.city or 'none' }}.\"", ASKING);

it("waits for an answer inside a flow, with its `args`, then goes on in the flow and after it", () => {
  expect(saidBack(CITY, [said("hello"), said("x"), said("oslo")])).toEqual([
    ["public: Please, which city?"],
    ["public: Please, which city?"],
    ["private: Oslo, Please.", "private: After Oslo."],
  ]);
});

it("after `no_answer` inside a flow the whole run ends", () => {
  const asked = decideOn(CITY, said("hello"));
  const late = decideOn(CITY, ringing(asked), asked.state);
  expect([shortly(late), late.state.waiting]).toEqual([["private: None, Please."], []]);
  const wrong = conversation(CITY, [said("hello"), said("x"), said("y")]).at(-1);
  expect(wrong && [shortly(wrong), wrong.state.waiting]).toEqual([["private: None, Please."], []]);
});

it("waits inside a flow, and judges the rule's `if` afterwards", () => {
  const rules = rulebook(
    "- rule: R\n  when: {message_is: hello}\n  if: {not: {tag: vip}}\n  do: [{run: A, with: {x: 1}}, {note: After.}]",
    'flows: [{flow: A, do: [{wait: 1h}, {note: "Later {{ args.x }}."}]}]',
  );
  const begun = decideOn(rules, said("hello"));
  expect(begun.runs[0]?.waitsFor).toEqual({ kind: "time", until: NOON + 3_600_000 });
  expect(shortly(decideOn(rules, ringing(begun), begun.state))).toEqual(["private: Later 1.", "private: After."]);
  const { dialog } = begun.state;
  const tagged = { ...begun.state, dialog: dialog && { ...dialog, tags: ["vip"] } };
  expect(shortly(decideOn(rules, ringing(begun), tagged))).toEqual([]);
});

it("finishes a changed flow as it was when the run began", () => {
  const before = flows("- run: A", "- flow: A\n  do: [{ask: Well?}, {note: Old.}]");
  const after = flows("- run: A", "- flow: A\n  do: [{ask: Well?}, {note: New.}]");
  const asked = decideOn(before, said("hello"));
  expect(shortly(decideOn(after, said("x"), asked.state))).toEqual(["private: Old."]);
});

it("a rule that runs a flow which speaks is an answer rule", () => {
  const lane = (action: string) => flows("- run: A", `- flow: A\n  do: [{${action}}]`).rules[0]?.lane;
  expect([lane("reply: Hi"), lane("ask: Well?"), lane("note: Hi")]).toEqual(["answer", "answer", "silent"]);
});
