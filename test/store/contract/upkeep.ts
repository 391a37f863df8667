import { describe, expect, it } from "vitest";
import { CONTRACT_NOW, type TheStore } from "../bench.ts";
import { call, commit, decided, event, OURS, perform, rule, run, THEIRS, verdict } from "../builders.ts";

export function describeUpkeep(store: TheStore): void {
  describe("rules", () => {
    it("come back by version as they were", async () => {
      await store().saveRules([rule("v1"), rule("v2")]);

      expect(await store().rule("v1")).toEqual(rule("v1"));
      expect(await store().rule("v2")).toEqual(rule("v2"));
      expect(await store().rule("v3")).toBeNull();
    });

    it("may be saved again", async () => {
      await store().saveRules([rule("v1")]);
      await store().saveRules([rule("v1"), rule("v2")]);

      expect(await store().rule("v1")).toEqual(rule("v1"));
    });

    it("survive pruning, however old, while this process may use them", async () => {
      await store().saveRules([rule("v1")]);
      await store().prune(CONTRACT_NOW * 2);

      expect(await store().rule("v1")).toEqual(rule("v1"));
    });
  });

  describe("counts", () => {
    it("are zero in the beginning", async () => {
      expect(await store().counts(OURS)).toEqual({ inbox: 0, outbox: 0, unknown: 0, waitingRuns: 0 });
    });

    it("tell what is undecided, unsent, unknown and waiting, of one connection", async () => {
      await decided(store(), {
        calls: [call("a#1"), call("b#1"), call("c#1"), call("d#1")],
        runs: [run("a"), run("b"), run("z", { waitsFor: null })],
      });
      await store().receive(OURS, [event(2), event(3, { chatId: null })], 1_600);
      await store().receive(THEIRS, [event(1)], 1_600);
      await store().beginCall(OURS, "a#1", 3_000, null);
      await store().endCall(OURS, "b#1", { state: "unknown", outcome: null, at: 3_000 });
      await perform(store(), "c#1");

      expect(await store().counts(OURS)).toEqual({ inbox: 2, outbox: 2, unknown: 1, waitingRuns: 3 });
      expect(await store().counts(THEIRS)).toEqual({ inbox: 1, outbox: 0, unknown: 0, waitingRuns: 0 });
    });
  });

  describe("pruning", () => {
    /** Is the event forgotten, so that it would be new again? */
    const forgot = async (n: number) => (await store().receive(OURS, [event(n)], CONTRACT_NOW)).length === 1;

    it.each(["done", "failed", "expired"] as const)("forgets events that are %s and older", async (eventState) => {
      await decided(store(), { eventState });
      await store().prune(1_501);

      expect(await forgot(1)).toBe(true);
    });

    it("keeps events that are not older", async () => {
      await decided(store(), { eventState: "done" });
      await store().prune(1_500);

      expect(await forgot(1)).toBe(false);
    });

    it("keeps events that are not decided, however old", async () => {
      await store().receive(OURS, [event(1)], 1_500);
      await store().prune(CONTRACT_NOW);

      expect((await store().nextEvent(OURS, 7))?.event.key).toBe("message_new:1");
    });

    it("keeps an event of which a run is waiting, for a call or for anything else", async () => {
      await decided(store(), { runs: [run("r")] });
      await store().receive(OURS, [event(2)], 1_500);
      const other = run("s", { eventKey: "message_new:2", waitsFor: null });
      await store().commit(OURS, commit({ eventKey: "message_new:2", runs: [other] }));
      await store().prune(CONTRACT_NOW);

      expect([await forgot(1), await forgot(2)]).toEqual([false, false]);
    });

    it("forgets old calls that have ended, and keeps the open ones", async () => {
      await decided(store(), { calls: [call("a#1"), call("b#1"), call("c#1"), call("d#1"), call("e#1"), call("f#1")] });
      await perform(store(), "a#1");
      await store().endCall(OURS, "b#1", { state: "failed", outcome: null, at: 3_000 });
      await store().endCall(OURS, "c#1", { state: "dropped", outcome: null, at: 3_000 });
      await store().endCall(OURS, "d#1", { state: "unknown", outcome: null, at: 3_000 });
      await store().beginCall(OURS, "e#1", 3_000, null);

      await store().prune(3_000);
      expect(await store().outbox(OURS, { limit: 9 })).toHaveLength(6);
      await store().prune(3_001);
      expect((await store().outbox(OURS, { limit: 9 })).map(({ key }) => key)).toEqual(["f#1", "e#1", "d#1"]);
    });

    it("keeps an ended call whose outcome a run has not read", async () => {
      await decided(store(), { calls: [call("r#1")], runs: [run("r")] });
      await perform(store(), "r#1");
      await store().prune(CONTRACT_NOW);

      expect((await store().waitingRuns(OURS, 7))[0]?.outcome).toEqual({ ok: true, body: { message_id: 9 } });
    });

    it("forgets old decisions of every connection, and keeps the others", async () => {
      await decided(store(), { at: 2_000, verdicts: [verdict("Old")] });
      await store().receive(THEIRS, [event(1)], 1_500);
      await store().commit(THEIRS, commit({ at: 2_000 }));
      await store().receive(OURS, [event(2)], 1_500);
      await store().commit(OURS, commit({ eventKey: "message_new:2", at: 2_001 }));
      await store().prune(2_001);

      expect((await store().decisions(OURS, { limit: 9 })).map((row) => row.eventKey)).toEqual(["message_new:2"]);
      expect(await store().decisions(THEIRS, { limit: 9 })).toEqual([]);
    });

    it("forgets more rows than one transaction holds, and lets others work meanwhile", async () => {
      const events = Array.from({ length: 600 }, (_, n) => event(n));
      await store().receive(OURS, events, 1_500);
      for (const { key } of events) await store().commit(OURS, commit({ eventKey: key }));
      const pruned = store().prune(CONTRACT_NOW);
      expect(await store().receive(OURS, [event(9_999)], 1_500)).toHaveLength(1);
      await pruned;

      expect(await store().decisions(OURS, { limit: 9 })).toEqual([]);
      expect((await store().receive(OURS, events, 1_600)).length).toBe(600);
    });
  });
}
