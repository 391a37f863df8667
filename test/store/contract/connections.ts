import { describe, expect, it } from "vitest";
import { type ConnectionRecord, StoreError } from "../../../src/store/store.ts";
import type { TheStore } from "../bench.ts";
import { connectionRecord, dialog, event, OURS, person, THEIRS } from "../builders.ts";

const record = connectionRecord(OURS);

export function describeConnections(store: TheStore): void {
  describe("connections and facts", () => {
    const full: ConnectionRecord = {
      ...record,
      gatewayUrl: "https://mg.example",
      token: "t-1",
      botId: 12,
      apiKey: "k-1",
      language: "es",
      timezone: "Europe/Madrid",
      ruleSet: "madrid",
      enabled: false,
      paused: true,
    };

    it("keeps a connection with everything it has", async () => {
      expect(await store().addConnection(full)).toEqual(full);

      expect(await store().connection(OURS)).toEqual(full);
    });

    it("leaves a connection that is there as it is when it is added again, and gives that one", async () => {
      await store().addConnection(full);

      expect(await store().addConnection({ ...record, clientId: "c-2" })).toEqual(full);
      expect(await store().connections()).toEqual([full]);
    });

    it("replaces only what a change names, also by nulls", async () => {
      await store().addConnection(full);
      await store().changeConnection(OURS, { apiKey: "k-2", ruleSet: null, enabled: true, paused: false });
      await store().saveAccess(OURS, { token: "t-2", botId: null });

      const changed = { apiKey: "k-2", ruleSet: null, enabled: true, paused: false, token: "t-2", botId: null };
      expect(await store().connection(OURS)).toEqual({ ...full, ...changed });
    });

    it("changes nothing of other connections, and nothing for an empty change", async () => {
      await store().addConnection(full);
      await store().addConnection(connectionRecord(THEIRS));
      await store().changeConnection(THEIRS, { paused: true });
      await store().saveAccess(THEIRS, {});

      expect(await store().connection(OURS)).toEqual(full);
    });

    it("finds a connection by its client's id", async () => {
      await store().addConnection(full);
      await store().addConnection(connectionRecord(THEIRS));

      expect(await store().connectionOfClient(full.clientId)).toEqual(full);
      expect(await store().connectionOfClient("guessed")).toBeNull();
    });

    it("lists all connections by id", async () => {
      await store().addConnection(connectionRecord(THEIRS));
      await store().addConnection(record);

      expect((await store().connections()).map(({ id }) => id)).toEqual([OURS, THEIRS]);
    });

    it("tells of wishes and hints by the revision, and not of what the connection itself has learnt", async () => {
      const revision = async () => (await store().leases.holdings())[0]?.revision;
      await store().addConnection(record);
      const seen = [await revision()];
      await store().saveAccess(OURS, { token: "t-2" });
      seen.push(await revision());
      await store().changeConnection(OURS, { paused: true });
      seen.push(await revision());
      await store().touchConnection(OURS);
      seen.push(await revision());

      expect(seen).toEqual([0, 0, 1, 2]);
    });

    it("removes a connection with everything that was kept of it, and nothing of another", async () => {
      for (const id of [OURS, THEIRS]) {
        await store().addConnection(connectionRecord(id));
        await store().saveFact(id, "it", 1);
        await store().receive(id, [event(1)], 1_000);
        await store().savePeople(id, [person(7, "Anna")]);
        await store().saveDialogs(id, [dialog(3)]);
      }
      await store().removeConnection(OURS);
      await store().removeConnection(OURS);

      expect(await store().connection(OURS)).toBeNull();
      expect(await store().fact(OURS, "it")).toBeNull();
      expect(await store().busyLanes(OURS)).toEqual([]);
      expect((await store().directory(OURS)).people).toEqual([]);
      expect(await store().dialog(OURS, 3)).toBeNull();
      expect(await store().fact(THEIRS, "it")).toBe(1);
      expect(await store().busyLanes(THEIRS)).toHaveLength(1);
      expect((await store().directory(THEIRS)).people).toHaveLength(1);
      expect(await store().dialog(THEIRS, 3)).not.toBeNull();
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
