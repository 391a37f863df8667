import { expect, it } from "vitest";
import { playTalk } from "./talk.ts";
import { WAIT_TABLE } from "./wait-table.ts";

const rows = Object.entries(WAIT_TABLE).flatMap(([action, table]) => table.map((row) => ({ action, ...row })));

it.each(rows)("$action: $what", ({ gives, ...talk }) => {
  expect(playTalk(talk)).toEqual(gives);
});
