import { describe, expect, it } from "vitest";
import { type ConnectionRecord, StoreError } from "../../../src/store/store.ts";
import type { TheStore } from "../bench.ts";
import { OURS, THEIRS } from "../builders.ts";

const record: ConnectionRecord = {
  id: OURS,
  crmUrl: "https://shop.example",
  clientId: "c-1",
  moduleCode: "rulebot",
  gatewayUrl: null,
  token: null,
  botId: null,
};

export function describeConnections(store: TheStore): void {
  describe("connections and facts", () => {
    it("keeps a connection with everything it has", async () => {
      const full = { ...record, gatewayUrl: "https://mg.example", token: "t-1", botId: 12 };
      await store().saveConnection(full);

      expect(await store().connection(OURS)).toEqual(full);
    });

    it("replaces a connection that is saved again, also by nulls", async () => {
      await store().saveConnection({ ...record, token: "t-1", botId: 12 });
      await store().saveConnection({ ...record, moduleCode: "helper" });

      expect(await store().connections()).toEqual([{ ...record, moduleCode: "helper" }]);
    });

    it("lists all connections by id", async () => {
      await store().saveConnection({ ...record, id: THEIRS });
      await store().saveConnection(record);

      expect((await store().connections()).map(({ id }) => id)).toEqual([OURS, THEIRS]);
    });

    it("knows no connection that was never saved", async () => {
      expect(await store().connection("nobody")).toBeNull();
      expect(await store().connections()).toEqual([]);
    });

    it.each([
      { value: ["delivery", "help"] },
      { value: "text" },
      { value: 0 },
      { value: false },
      { value: null },
      { value: { nested: { list: [1, null, "ё 🙂"] } } },
    ])("gives the fact $value back as it was", async ({ value }) => {
      await store().saveFact(OURS, "it", value);

      expect(await store().fact(OURS, "it")).toEqual(value);
    });

    it("replaces a fact that is saved again", async () => {
      await store().saveFact(OURS, "it", 1);
      await store().saveFact(OURS, "it", 2);

      expect(await store().fact(OURS, "it")).toBe(2);
    });

    it("keeps facts of two connections, and of the whole program, apart", async () => {
      await store().saveFact(OURS, "it", "ours");
      await store().saveFact("", "it", "everyone's");

      expect(await store().fact(OURS, "it")).toBe("ours");
      expect(await store().fact("", "it")).toBe("everyone's");
      expect(await store().fact(THEIRS, "it")).toBeNull();
    });

    it("says that it is closed when it is used after that, and may be closed twice", async () => {
      await store().close();
      await store().close();

      await expect(store().connections()).rejects.toThrow(new StoreError("The store is closed."));
    });
  });
}
