import { expect, it } from "vitest";
import { checkLogic, evaluate } from "../../src/language/logic/condition.ts";
import { OPERATOR_TABLE, VIEW } from "./operator-table.ts";

const rows = Object.entries(OPERATOR_TABLE).flatMap(([operator, { holds, fails }]) => [
  ...holds.map((logic) => ({ operator, logic, answer: true })),
  ...fails.map((logic) => ({ operator, logic, answer: false })),
]);

it.each(rows)("$operator: $logic holds: $answer", ({ operator, logic, answer }) => {
  expect(JSON.stringify(logic)).toContain(`"${operator}":`);
  expect(checkLogic(logic)).toEqual([]);
  expect(evaluate(logic, VIEW)).toBe(answer);
});
