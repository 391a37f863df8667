import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { ACTIONS } from "../../src/actions/index.ts";
import { LOOK_UP_KINDS } from "../../src/connection/look-up/request.ts";
import { OPERATORS } from "../../src/language/logic/operators.ts";
import { ACTION_TABLE } from "./action-table.ts";
import { EFFECT_TABLE } from "./effect-table.ts";
import { EXPECT_TABLE } from "./expect-table.ts";
import { IF_STATES, IF_TABLE } from "./if-table.ts";
import { LOOK_UP_TABLE } from "./look-up-table.ts";
import { OPERATOR_TABLE } from "./operator-table.ts";
import { WAIT_TABLE } from "./wait-table.ts";
import { WHEN_TABLE } from "./when-table.ts";

/** Issue 3: for every action and condition a table of cases. Whoever adds a word to the language adds its rows here. */
const definitions = JSON.parse(readFileSync(new URL("../../schemas/rules.schema.json", import.meta.url), "utf8")).$defs;
const keysOf = (table: object): readonly string[] => Object.keys(table).toSorted();

const lists: readonly { readonly what: string; readonly words: readonly string[]; readonly table: object }[] = [
  { what: "action", words: ACTIONS.map(({ name }) => name), table: ACTION_TABLE },
  { what: "effect of an action", words: ACTIONS.map(({ name }) => name), table: EFFECT_TABLE },
  { what: "key of when:", words: Object.keys(definitions.match.properties), table: WHEN_TABLE },
  { what: "key of if:", words: Object.keys(definitions.condition.properties), table: IF_TABLE },
  { what: "operator of json-logic", words: Object.keys(OPERATORS), table: OPERATOR_TABLE },
  { what: "word of expect:", words: definitions.ask.properties.expect.enum, table: EXPECT_TABLE },
  { what: "kind of look_up:", words: definitions.look_up.properties.look_up.enum, table: LOOK_UP_TABLE },
];

it.each(lists)("every $what has its table of cases, and there is none for a word that is gone", ({ words, table }) => {
  expect(keysOf(table)).toEqual([...words].toSorted());
});

it("the actions of the schema and of the program are the same", () => {
  const inSchema: readonly { readonly $ref: string }[] = definitions.action.anyOf ?? definitions.action.oneOf ?? [];
  expect(inSchema.map(({ $ref }) => $ref.replace("#/$defs/", "")).toSorted()).toEqual(
    ACTIONS.map(({ name }) => name).toSorted(),
  );
  expect([...LOOK_UP_KINDS].toSorted()).toEqual(definitions.look_up.properties.look_up.enum.toSorted());
});

it("every action that waits somewhere has conversations that go on after it", () => {
  const waiting = Object.entries(ACTION_TABLE).filter(([, { usual, but }]) =>
    [usual, ...Object.values(but ?? {})].includes("waits"),
  );
  const inside = ["run", "choose"];
  expect(keysOf(WAIT_TABLE)).toEqual([...waiting.map(([name]) => name), ...inside].toSorted());
});

it("every key of when: and if: has a case in which it holds and one in which it does not", () => {
  const states = Object.keys(IF_STATES).length;
  const whens = Object.entries(WHEN_TABLE).map(([key, rows]) => [key, rows.map(({ holds }) => holds)] as const);
  const ifs = Object.entries(IF_TABLE).map(([key, rows]) => {
    const answers = rows.flatMap(({ holdsIn }) => [holdsIn.length > 0, holdsIn.length === states]);
    return [key, answers] as const;
  });
  expect([...whens, ...ifs].filter(([, answers]) => new Set(answers).size < 2)).toEqual([]);
});

it("every operator has logic that holds and logic that does not, every kind of answer one that fits and one that does not", () => {
  const operators = Object.values(OPERATOR_TABLE).filter(({ holds, fails }) => holds.length * fails.length === 0);
  const answers = Object.values(EXPECT_TABLE).filter(({ takes, refuses }) => takes.length * refuses.length === 0);
  expect([operators, answers]).toEqual([[], []]);
});

/** Values of keys that are words of their own. The 17 raw events are gone through in test/spec/when.test.ts. */
it.each(["message", "dialog", "manager", "reply_failed", "from", "scope"])(
  "every value of `%s:` has a row that holds and one that does not",
  (key) => {
    const values: readonly string[] = definitions.match.properties[key].enum;
    const answers = (value: string) =>
      (WHEN_TABLE[key] ?? []).filter(({ when }) => `${when},`.includes(`${key}: ${value},`)).map(({ holds }) => holds);
    expect(values.filter((value) => new Set(answers(value)).size < 2)).toEqual([]);
  },
);
