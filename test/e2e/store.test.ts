import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openStore } from "../../src/store/open.ts";
import { STORE } from "../helpers/test-store.ts";
import { connected, heard, listeningBot, sandboxFor } from "./bot.ts";

it(`keeps its data on ${STORE}, where they are found again`, async (test) => {
  const sandbox = await sandboxFor(test);
  const rules = "- rule: Answer\n  when: {message: any}\n  do:\n    - reply: Here.\n";
  const bot = await listeningBot(test, sandbox, { files: { "bot.config.yaml": connected(rules) } });
  sandbox.customerSays("hello");
  await heard(sandbox, 1);
  expect(await bot.stop()).toBe(0);

  expect(/^postgres:/.test(bot.storage)).toBe(STORE === "PostgreSQL");
  expect(existsSync(join(bot.folder, "data"))).toBe(STORE === "SQLite");
  const store = await openStore(bot.storage, { readOnly: true });
  const [connection] = await store.connections();
  const decisions = await store.decisions(connection?.id ?? "", { limit: 10 });
  await store.close();
  expect(decisions.flatMap(({ verdicts }) => verdicts).map(({ outcome }) => outcome)).toContain("fired");
});
