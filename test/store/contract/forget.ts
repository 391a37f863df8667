import { describe, expect, it } from "vitest";
import type { TheStore } from "../bench.ts";
import { call, chat, commit, customer, decided, dialog, event, OURS, run, THEIRS, user } from "../builders.ts";

const asReceived = <Events>(events: Events) => events;

export function describeForgetting(store: TheStore): void {
  const reminder = (chatId: number) => ({ key: `silence:${chatId}`, chatId, dialogId: 70, at: 5_000 });

  describe("forgetting chats that are gone", () => {
    it("forgets the chat and its dialogs, and the customer stays", async () => {
      await decided(store(), {
        chat: chat(7),
        customer: customer(5),
        dialogs: [dialog(70, { closedAt: 1_900 }), dialog(71, { responsible: user(12) })],
      });
      await store().forgetChats(OURS, [7], 3_000);

      expect(await store().chat(OURS, 7)).toBeNull();
      expect(await store().dialog(OURS, 70)).toBeNull();
      expect(await store().latestDialog(OURS, 7)).toBeNull();
      expect(await store().customer(OURS, 5)).toEqual(customer(5));
      expect((await store().directory(OURS)).openDialogs).toEqual({});
    });

    it("drops its open calls with a reason, and leaves those that have ended", async () => {
      await decided(store(), { calls: ["a#1", "b#1", "c#1", "d#1"].map((key) => call(key)) });
      await store().beginCall(OURS, "b#1", 2_500, null);
      await store().endCall(OURS, "c#1", { state: "unknown", outcome: null, at: 2_500 });
      await store().endCall(OURS, "d#1", { state: "failed", outcome: { ok: false, reason: "no" }, at: 2_500 });
      await store().forgetChats(OURS, [7], 3_000);

      const rows = await store().outbox(OURS, { limit: 9 });
      const gone = { state: "dropped", outcome: { ok: false, reason: "chat_deleted" }, updatedAt: 3_000 };
      expect(rows.toReversed()).toMatchObject([gone, gone, gone, { state: "failed", outcome: { reason: "no" } }]);
      expect(await store().nextCall(OURS, 7)).toBeNull();
    });

    it("lets the late answer to a dropped call change nothing", async () => {
      await decided(store(), { calls: [call("a#1")] });
      await store().beginCall(OURS, "a#1", 2_500, null);
      await store().forgetChats(OURS, [7], 3_000);
      const sent = { state: "sent", outcome: { ok: true, body: null }, at: 3_100 } as const;
      await store().endCall(OURS, "a#1", { ...sent, dialog: dialog(70) });

      expect(await store().outbox(OURS, { limit: 1 })).toMatchObject([{ state: "dropped" }]);
      expect(await store().dialog(OURS, 70)).toBeNull();
    });

    it("ends its runs, whatever they wait for, and with them the events that began them", async () => {
      await decided(store(), {
        calls: [call("a#1")],
        runs: [
          run("a"),
          run("b", { waitsFor: { kind: "time", until: 9_000 } }),
          run("c", { waitsFor: { kind: "request", key: "c/1", request: { kind: "look_up", args: {} }, until: 9_000 } }),
        ],
      });
      await store().forgetChats(OURS, [7], 3_000);

      expect(await store().waitingRuns(OURS, 7)).toEqual([]);
      expect(await store().restingRuns(OURS, 7)).toEqual([]);
      expect(await store().requestingRuns(OURS, 7)).toEqual([]);
      expect(await store().busyLanes(OURS)).toEqual([]);
      await store().prune(1_000_000);
      expect(await store().receive(OURS, [event(1)], 4_000)).toHaveLength(1);
    });

    it("takes its timers back", async () => {
      await decided(store(), { timers: [reminder(7), reminder(8)] });
      await store().forgetChats(OURS, [7], 3_000);

      expect((await store().fireTimers(OURS, 9_000, 10)).map(({ chatId }) => chatId)).toEqual([8]);
    });

    it("expires its undecided events, held ones too, so that nothing is decided about it any more", async () => {
      await store().receive(OURS, [event(1)], 1_500);
      await store().receive(OURS, [event(2)], 1_500, { held: () => true });
      await store().forgetChats(OURS, [7], 3_000);

      expect(await store().nextEvent(OURS, 7)).toBeNull();
      expect(await store().release(OURS, 7, asReceived)).toEqual([]);
      expect(await store().commit(OURS, commit({ chat: chat(7) }))).toBe(false);
      expect(await store().chat(OURS, 7)).toBeNull();
    });

    it("leaves all other chats, events without a chat, and other connections alone", async () => {
      await decided(store(), {
        chat: chat(8),
        dialogs: [dialog(80, { chatId: 8 })],
        calls: [call("a#1", { chatId: 8 }), call("b#1", { chatId: null })],
        runs: [run("a", { chatId: 8 })],
      });
      await store().receive(OURS, [event(2, { chatId: null })], 1_500);
      await store().receive(THEIRS, [event(1)], 1_500);
      await store().forgetChats(OURS, [7, 9_999], 3_000);

      expect(await store().chat(OURS, 8)).toEqual(chat(8));
      expect(await store().latestDialog(OURS, 8)).toMatchObject({ id: 80 });
      expect((await store().nextCall(OURS, 8))?.key).toBe("a#1");
      expect((await store().nextCall(OURS, null))?.key).toBe("b#1");
      expect(await store().waitingRuns(OURS, 8)).toHaveLength(1);
      expect(await store().nextEvent(OURS, null)).not.toBeNull();
      expect(await store().nextEvent(THEIRS, 7)).not.toBeNull();
    });

    it("takes several chats at once, and none without complaint", async () => {
      await decided(store(), { chat: chat(7), dialogs: [dialog(80, { chatId: 8 })] });
      await store().forgetChats(OURS, [], 3_000);
      expect(await store().chat(OURS, 7)).not.toBeNull();

      await store().forgetChats(OURS, [7, 8], 3_000);
      expect(await store().chat(OURS, 7)).toBeNull();
      expect(await store().dialog(OURS, 80)).toBeNull();
    });
  });
}
