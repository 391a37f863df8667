import { describe, expect, it } from "vitest";
import type { Ask } from "../../src/connection/directory/pages.ts";
import {
  type CommandChanges,
  type Commands,
  compareCommands,
  PUBLISHED,
  syncCommands,
} from "../../src/connection/registering/commands.ts";
import type { Call } from "../../src/types/plan.ts";
import { createTestLog } from "../helpers/test-log.ts";
import { openTestStore } from "../helpers/test-store.ts";
import { CONNECTION, failure } from "./desk.ts";

interface Row {
  readonly case: string;
  readonly declared: Commands;
  readonly found: Commands;
  readonly published: readonly string[];
  readonly does: CommandChanges;
}

describe("what has to be done about commands", () => {
  it.each<Row>([
    { case: "new", declared: { a: "A" }, found: {}, published: [], does: { put: ["a"], remove: [], foreign: [] } },
    {
      case: "as declared",
      declared: { a: "A" },
      found: { a: "A" },
      published: ["a"],
      does: { put: [], remove: [], foreign: [] },
    },
    {
      case: "described otherwise",
      declared: { a: "A" },
      found: { a: "old" },
      published: ["a"],
      does: { put: ["a"], remove: [], foreign: [] },
    },
    {
      case: "no longer declared",
      declared: {},
      found: { a: "A" },
      published: ["a"],
      does: { put: [], remove: ["a"], foreign: [] },
    },
    { case: "gone by itself", declared: {}, found: {}, published: ["a"], does: { put: [], remove: [], foreign: [] } },
    {
      case: "somebody else's",
      declared: {},
      found: { x: "X" },
      published: [],
      does: { put: [], remove: [], foreign: ["x"] },
    },
    {
      case: "named like a property of objects",
      declared: {},
      found: { constructor: "X" },
      published: ["constructor"],
      does: { put: [], remove: ["constructor"], foreign: [] },
    },
  ])("$case", ({ declared, found, published, does }) => {
    expect(compareCommands(declared, found, published)).toEqual(does);
  });
});

describe("publishing commands", () => {
  async function desk(found: readonly { name: string; description: string }[], failing: readonly string[] = []) {
    const store = await openTestStore();
    const done: string[] = [];
    const remembered: unknown[] = [];
    const ask: Ask = async (call: Call) => {
      if (call.operation === "listCommands") return found.map((row, index) => ({ id: index + 1, ...row }));
      remembered.push(await store.fact(CONNECTION, PUBLISHED));
      const what = `${call.operation} ${call.path.command_name}`;
      if (failing.includes(what)) throw failure({ status: 500 });
      done.push(what);
      return {};
    };
    return { options: { ask, store, connectionId: CONNECTION, log: createTestLog().log }, store, done, remembered };
  }

  it("leaves other bots' commands alone and removes its own that are no longer declared", async () => {
    const { options, store, done } = await desk([
      { name: "old", description: "Old" },
      { name: "theirs", description: "Theirs" },
    ]);
    await store.saveFact(CONNECTION, PUBLISHED, ["old"]);
    await syncCommands(options, { delivery: "Ways of delivery" });
    expect(done).toEqual(["createOrUpdateCommand delivery", "deleteCommand old"]);
    expect(await store.fact(CONNECTION, PUBLISHED)).toEqual(["delivery"]);
  });

  it("remembers a command before it is published, so that a crash leaves none that is nobody's", async () => {
    const { options, remembered } = await desk([]);
    await syncCommands(options, { delivery: "Ways of delivery" });
    expect(remembered).toEqual([["delivery"]]);
  });

  it("does the rest when one fails, and does not forget what could not be removed", async () => {
    const { options, store, done } = await desk([{ name: "old", description: "Old" }], ["deleteCommand old"]);
    await store.saveFact(CONNECTION, PUBLISHED, ["old"]);
    await expect(syncCommands(options, { a: "A" })).rejects.toThrow("POST /messages failed");
    expect(done).toEqual(["createOrUpdateCommand a"]);
    expect(await store.fact(CONNECTION, PUBLISHED)).toEqual(["old", "a"]);
  });
});
