import { describe, expect, it } from "vitest";
import type { OutboxState } from "../../../src/store/store.ts";
import type { CallOutcome } from "../../../src/types/plan.ts";
import type { TheStore } from "../bench.ts";
import { call, decided, dialog, OURS, perform, THEIRS } from "../builders.ts";

export function describeOutbox(store: TheStore): void {
  describe("the outbox", () => {
    it("gives a planned call back untouched, pending and never tried", async () => {
      const planned = call("r#1", {
        dialogId: null,
        needs: "last_message",
        guard: {
          dialogId: 70,
          inputAt: 1,
          heardAt: 1,
          answerWithinMs: 600_000,
          evenWithManager: false,
          evenIfClosed: true,
        },
      });
      await decided(store(), { calls: [planned] });

      expect(await store().nextCall(OURS, 7)).toEqual({
        ...planned,
        seq: expect.any(Number),
        state: "pending",
        attempts: 0,
        createdAt: 2_000,
        updatedAt: 2_000,
        sinceMessageId: null,
        outcome: null,
      });
    });

    it("hands out the calls of a lane in the order in which they were planned", async () => {
      await decided(store(), { calls: [call("b#1"), call("a#1"), call("b#2")] });
      const seen: (string | undefined)[] = [];
      for (const _ of [1, 2, 3]) {
        const next = await store().nextCall(OURS, 7);
        seen.push(next?.key);
        await perform(store(), next?.key ?? "");
      }

      expect(seen).toEqual(["b#1", "a#1", "b#2"]);
      expect(await store().nextCall(OURS, 7)).toBeNull();
    });

    it("keeps the lanes of calls apart", async () => {
      await decided(store(), { calls: [call("a#1", { chatId: null }), call("b#1", { chatId: 8 }), call("c#1")] });

      expect((await store().nextCall(OURS, null))?.key).toBe("a#1");
      expect((await store().nextCall(OURS, 8))?.key).toBe("b#1");
      expect((await store().nextCall(OURS, 7))?.key).toBe("c#1");
      expect(await store().nextCall(OURS, 9)).toBeNull();
      expect(await store().nextCall(THEIRS, 7)).toBeNull();
    });

    it("begins a pending call: sending, one attempt, the highest message id kept", async () => {
      await decided(store(), { calls: [call("r#1")] });

      expect(await store().beginCall(OURS, "r#1", 3_000, 41)).toBe(true);
      expect(await store().nextCall(OURS, 7)).toMatchObject({
        state: "sending",
        attempts: 1,
        createdAt: 2_000,
        updatedAt: 3_000,
        sinceMessageId: 41,
      });
    });

    it.each<{ state: OutboxState; outcome: CallOutcome | null }>([
      { state: "sent", outcome: { ok: true, body: { message_id: 9 } } },
      { state: "failed", outcome: { ok: false, reason: "channel is closed" } },
      { state: "dropped", outcome: { ok: false, reason: "a manager has written" } },
    ])("ends a call as $state, and gives the next one", async ({ state, outcome }) => {
      await decided(store(), { calls: [call("r#1"), call("r#2")] });
      await store().beginCall(OURS, "r#1", 3_000, null);
      await store().endCall(OURS, "r#1", { state, outcome, at: 3_500 });

      expect(await store().outbox(OURS, { state, limit: 9 })).toMatchObject([
        { key: "r#1", state, outcome, attempts: 1, updatedAt: 3_500 },
      ]);
      expect((await store().nextCall(OURS, 7))?.key).toBe("r#2");
    });

    it("drops a call that was never begun", async () => {
      await decided(store(), { calls: [call("r#1")] });
      await store().endCall(OURS, "r#1", { state: "dropped", outcome: null, at: 3_000 });

      expect(await store().outbox(OURS, { limit: 9 })).toMatchObject([{ state: "dropped", attempts: 0 }]);
    });

    it("parks a call to be tried again, ahead of the later ones, its attempts kept", async () => {
      await decided(store(), { calls: [call("r#1"), call("r#2")] });
      await store().beginCall(OURS, "r#1", 3_000, 41);
      await store().endCall(OURS, "r#1", { state: "pending", outcome: null, at: 3_100 });
      expect(await store().nextCall(OURS, 7)).toMatchObject({ key: "r#1", state: "pending", attempts: 1 });

      expect(await store().beginCall(OURS, "r#1", 4_000, 42)).toBe(true);
      expect(await store().nextCall(OURS, 7)).toMatchObject({ state: "sending", attempts: 2, sinceMessageId: 42 });
    });

    it("keeps an unknown call at the head, with the message id it began above", async () => {
      await decided(store(), { calls: [call("r#1"), call("r#2")] });
      await store().beginCall(OURS, "r#1", 3_000, 41);
      await store().endCall(OURS, "r#1", { state: "unknown", outcome: null, at: 3_100 });

      expect(await store().nextCall(OURS, 7)).toMatchObject({ key: "r#1", state: "unknown", sinceMessageId: 41 });
      expect(await store().counts(OURS)).toMatchObject({ outbox: 1, unknown: 1 });
    });

    it.each<{ from: OutboxState }>([
      { from: "sending" },
      { from: "unknown" },
      { from: "sent" },
      { from: "failed" },
      { from: "dropped" },
    ])("begins no call that is $from", async ({ from }) => {
      await decided(store(), { calls: [call("r#1")] });
      await store().beginCall(OURS, "r#1", 3_000, 41);
      if (from !== "sending") await store().endCall(OURS, "r#1", { state: from, outcome: null, at: 3_100 });

      expect(await store().beginCall(OURS, "r#1", 4_000, 99)).toBe(false);
      expect(await store().outbox(OURS, { limit: 9 })).toMatchObject([
        { state: from, attempts: 1, sinceMessageId: 41 },
      ]);
    });

    it("begins a call of which no message id is known", async () => {
      await decided(store(), { calls: [call("r#1")] });
      await store().beginCall(OURS, "r#1", 3_000, null);

      expect((await store().nextCall(OURS, 7))?.sinceMessageId).toBeNull();
    });

    it("begins no call of another connection, and none that is not there", async () => {
      await decided(store(), { calls: [call("r#1")] });

      expect(await store().beginCall(THEIRS, "r#1", 3_000, null)).toBe(false);
      expect(await store().beginCall(OURS, "r#2", 3_000, null)).toBe(false);
      expect((await store().nextCall(OURS, 7))?.state).toBe("pending");
    });

    it.each<OutboxState>(["sent", "failed", "dropped"])(
      "fails without the final states: never changes a call that is %s",
      async (state) => {
        await decided(store(), { calls: [call("r#1")] });
        await store().endCall(OURS, "r#1", { state, outcome: { ok: false, reason: "first" }, at: 3_000 });
        await store().endCall(OURS, "r#1", { state: "pending", outcome: null, at: 4_000, dialog: dialog(70) });

        expect(await store().outbox(OURS, { limit: 9 })).toMatchObject([
          { state, outcome: { ok: false, reason: "first" }, updatedAt: 3_000 },
        ]);
        expect(await store().dialog(OURS, 70)).toBeNull();
      },
    );

    it("stores the dialog with the end of the call", async () => {
      await decided(store(), { calls: [call("r#1")], dialogs: [dialog(70)] });
      const end = { state: "sent", outcome: null, at: 3_000, dialog: dialog(70, { lastOwnMessageId: 9 }) } as const;
      await store().endCall(OURS, "r#1", end);

      expect((await store().dialog(OURS, 70))?.lastOwnMessageId).toBe(9);
    });

    it.each([
      { filter: { limit: 9 }, gives: ["c#1", "b#1", "a#1"] },
      { filter: { limit: 1 }, gives: ["c#1"] },
      { filter: { state: "pending", limit: 9 }, gives: ["c#1", "b#1"] },
      { filter: { state: "pending", limit: 1 }, gives: ["c#1"] },
      { filter: { state: "sent", limit: 9 }, gives: ["a#1"] },
      { filter: { state: "unknown", limit: 9 }, gives: [] },
    ] as const)("filtered by $filter lists $gives, newest first", async ({ filter, gives }) => {
      await decided(store(), { calls: [call("a#1"), call("b#1", { chatId: 8 }), call("c#1")] });
      await perform(store(), "a#1");

      expect((await store().outbox(OURS, filter)).map(({ key }) => key)).toEqual(gives);
      expect(await store().outbox(THEIRS, filter)).toEqual([]);
    });
  });
}
