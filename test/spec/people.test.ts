import { expect, it } from "vitest";
import { introduce } from "../../src/connection/directory/identity.ts";
import type { State } from "../../src/types/state.ts";
import { ANNA, BOT, decideOn, firedIn, IVAN, OLGA, rulebook, said, shortly, world } from "../engine/world.ts";
import { compile } from "../rulebook/source.ts";

/** Spec 4.1 "People". */
const HEAD = "teams:\n  sales: {people: [Anna Petrova], max_open: 8}\n  leads: {crm_group: team-leads}";
const rules = (actions: string) => rulebook(`- rule: R\n  when: {message: any}\n  do:\n${actions}`, HEAD);
const TEAM = rules("    - assign: sales\n      nobody: [{note: Nobody.}]");

it.each([
  { who: "active, online, available, not technical, below max_open", anna: {}, open: 7, picked: true },
  { who: "not active", anna: { active: false }, open: 0, picked: false },
  { who: "offline", anna: { online: false }, open: 0, picked: false },
  { who: "not available", anna: { available: false }, open: 0, picked: false },
  { who: "technical", anna: { technical: true }, open: 0, picked: false },
  { who: "at max_open", anna: {}, open: 8, picked: false },
])("who can be picked: $who: $picked", ({ anna, open, picked }) => {
  const state = world({ people: [{ ...ANNA, ...anna }], openDialogs: { [ANNA.id]: open } });
  expect(shortly(decideOn(TEAM, said("x"), state))).toEqual([picked ? "assignDialogResponsible" : "private: Nobody."]);
});

it.each([
  { name: "max_open of one team does not bind another", team: "leads", people: [OLGA], open: { [OLGA.id]: 100 } },
  { name: "a group's people are a team", team: "leads", people: [ANNA, OLGA], open: {} },
])("$name", ({ team, people, open }) => {
  const plan = decideOn(rules(`    - assign: ${team}`), said("x"), world({ people, openDialogs: open }));
  expect(plan.calls.map(({ call }) => call.body)).toEqual([{ user_id: OLGA.id }]);
});

const responsible = (type: "user" | "bot", id: number): State =>
  world({ dialog: { responsible: { type, id, assignedAt: 0 } } });

it.each([
  { who: "nobody", state: world(), no: true },
  { who: "this bot", state: responsible("bot", BOT.id), no: true },
  { who: "another bot", state: responsible("bot", 77), no: false },
  { who: "a person", state: responsible("user", IVAN.id), no: false },
])("`assigned: no` with $who responsible: $no", ({ state, no }) => {
  const fires = (flag: boolean) =>
    firedIn(
      decideOn(
        rulebook(`- rule: R\n  when: {message: any}\n  if: {assigned: ${flag}}\n  do: [{note: x}]`),
        said("x"),
        state,
      ),
    ).length === 1;
  expect([fires(false), fires(true)]).toEqual([no, !no]);
});

it("a name unknown to the account takes `nobody`, or fails alone", () => {
  const withNobody = rules("    - assign: Petra Unknown\n      nobody: [{note: Nobody.}]\n    - tag: seen");
  expect(shortly(decideOn(withNobody, said("x")))).toEqual(["private: Nobody.", "dialogAddTags"]);
  const alone = rules("    - assign: Petra Unknown\n    - tag: seen");
  expect(shortly(decideOn(alone, said("x")))).toEqual(["dialogAddTags"]);
  const unknownMember = rulebook(
    "- rule: R\n  when: {message: any}\n  do:\n    - assign: sales",
    "teams:\n  sales: {people: [Petra Unknown, Anna Petrova]}",
  );
  expect(decideOn(unknownMember, said("x")).calls.map(({ call }) => call.body)).toEqual([{ user_id: ANNA.id }]);
});

it("names of people and channels, and tags, are not judged without an account", () => {
  const { said: issues } = compile(`rules:
  - rule: R
    when: {message: any, channel: Nobody knows this one}
    if: {tag: never seen before, assigned: [Petra Unknown]}
    do: [{assign: Petra Unknown}, {tag: anything at all}]
`);
  expect(issues).toEqual([]);
});

it.each([
  { roles: null, body: { name: "Helper" } },
  { roles: ["responsible"], body: { name: "Helper", roles: ["responsible"] } },
])("`bot.roles` (if given) is sent to `/my/info`: $roles", async ({ roles, body }) => {
  const asked: unknown[] = [];
  await introduce(
    async (call) => {
      asked.push(call);
      return {};
    },
    { name: "Helper", roles },
  );
  expect(asked).toEqual([{ operation: "updateBot", path: {}, query: {}, body }]);
});
