import { describe, expect, it } from "vitest";
import type { Event } from "../../../src/types/event.ts";
import type { TheStore } from "../bench.ts";
import { call, chat, commit, customer, decided, dialog, event, OURS, run, THEIRS, verdict } from "../builders.ts";

/** Message `n` of customer 5, in chat 7 unless told. */
const said = (n: number, given: Partial<Event> = {}): Event =>
  event(n, { data: { message: { id: n, content: "my secret", from: { type: "customer", id: 5 } } }, ...given });

const NOTHING = { customers: 0, chats: 0, dialogs: 0, events: 0, calls: 0, decisions: 0, runs: 0, timers: 0 };

export function describeForgettingCustomers(store: TheStore): void {
  const reminder = (chatId: number) => ({ key: `silence:${chatId}`, chatId, dialogId: 70, at: 5_000 });

  describe("forgetting a customer", () => {
    it("removes the profile, the chats, their dialogs, calls, runs, timers and decisions, and counts them", async () => {
      await decided(store(), {
        chat: chat(7),
        customer: customer(5),
        dialogs: [dialog(70), dialog(71)],
        calls: [call("a#1"), call("b#1"), call("c#1")],
        runs: [run("a"), run("b", { waitsFor: { kind: "time", until: 9_000 } })],
        timers: [reminder(7)],
        verdicts: [verdict("Welcome")],
      });
      await store().beginCall(OURS, "b#1", 2_500, null);
      await store().endCall(OURS, "c#1", { state: "sent", outcome: { ok: true, body: null }, at: 2_500 });

      expect(await store().forgetCustomer(OURS, 5)).toEqual({
        customers: 1,
        chats: 1,
        dialogs: 2,
        events: 1,
        calls: 3,
        decisions: 1,
        runs: 2,
        timers: 1,
      });
      expect(await store().customer(OURS, 5)).toBeNull();
      expect(await store().chat(OURS, 7)).toBeNull();
      expect(await store().latestDialog(OURS, 7)).toBeNull();
      expect(await store().outbox(OURS, { limit: 9 })).toEqual([]);
      expect(await store().decisions(OURS, { limit: 9 })).toEqual([]);
      expect([await store().waitingRuns(OURS, 7), await store().restingRuns(OURS, 7)]).toEqual([[], []]);
      expect(await store().nextTimer(OURS)).toBeNull();
      expect(await store().busyLanes(OURS)).toEqual([]);
    });

    it("finds a chat by what was said in it, also when nothing else is known of it any more", async () => {
      await store().receive(OURS, [said(1), event(2)], 1_500);
      await store().commit(OURS, commit({ calls: [call("a#1")] }));

      expect(await store().forgetCustomer(OURS, 5)).toEqual({ ...NOTHING, events: 2, calls: 1, decisions: 1 });
    });

    it("removes events of no chat that are about the customer, with what came of them", async () => {
      const updated = { key: "customer_updated:5:x", type: "customer_updated", at: 1_000, chatId: null };
      await store().receive(OURS, [{ ...updated, data: { id: 5, first_name: "Ana" } }], 1_500);
      const id = `${updated.key}|rule`;
      const planned = call(`${id}#1`, { chatId: null, runId: id });
      const runs = [run(id, { chatId: null, eventKey: updated.key })];
      await store().commit(OURS, commit({ eventKey: updated.key, customer: customer(5), calls: [planned], runs }));

      expect(await store().forgetCustomer(OURS, 5)).toEqual({
        ...NOTHING,
        customers: 1,
        events: 1,
        calls: 1,
        decisions: 1,
        runs: 1,
      });
      expect(await store().nextCall(OURS, null)).toBeNull();
    });

    it("does not take what was forgotten for new when it comes again, and hears what is new", async () => {
      await decided(store(), { chat: chat(7) });
      await store().receive(OURS, [said(2)], 1_500);
      await store().receive(OURS, [said(3)], 1_500, { held: () => true });
      await store().forgetCustomer(OURS, 5);

      expect(await store().nextEvent(OURS, 7)).toBeNull();
      expect(await store().heldLanes(OURS)).toEqual([]);
      expect(await store().receive(OURS, [said(1), said(2), said(3)], 1_600)).toEqual([]);
      expect(await store().receive(OURS, [said(4)], 1_700)).toHaveLength(1);
      expect((await store().nextEvent(OURS, 7))?.event).toEqual(said(4));
    });

    it("lets a decision, a run and an answer that were under way change nothing any more", async () => {
      await decided(store(), { chat: chat(7), calls: [call("a#1")], runs: [run("a")] });
      await store().receive(OURS, [said(2)], 1_500);
      await store().nextEvent(OURS, 7);
      await store().beginCall(OURS, "a#1", 2_500, null);
      await store().forgetCustomer(OURS, 5);

      const late = { chat: chat(7), customer: customer(5), calls: [call("late#1")] };
      expect(await store().commit(OURS, commit({ eventKey: "message_new:2", ...late }))).toBe(false);
      expect(await store().commit(OURS, commit({ eventKey: null, endedRunIds: ["a"], ...late }))).toBe(false);
      const sent = { state: "sent", outcome: { ok: true, body: null }, at: 3_100 } as const;
      await store().endCall(OURS, "a#1", { ...sent, dialog: dialog(70) });
      expect(await store().chat(OURS, 7)).toBeNull();
      expect(await store().customer(OURS, 5)).toBeNull();
      expect(await store().dialog(OURS, 70)).toBeNull();
      expect(await store().outbox(OURS, { limit: 9 })).toEqual([]);
    });

    it("forgets the guesses at orders that were counted in the chats, and no others", async () => {
      await decided(store(), { chat: chat(7) });
      await store().saveFact(OURS, "order_tries", { "7": [{ key: "k", at: 1 }], "8": [{ key: "k", at: 1 }] });
      await store().forgetCustomer(OURS, 5);

      expect(await store().fact(OURS, "order_tries")).toEqual({ "8": [{ key: "k", at: 1 }] });
    });

    it("leaves other customers, other connections and those who share digits alone", async () => {
      const others = {
        chat: chat(8, { customerId: 55 }),
        customer: customer(55),
        dialogs: [dialog(80, { chatId: 8 })],
      };
      await decided(store(), { ...others, calls: [call("a#1", { chatId: 8 })], timers: [reminder(8)] });
      const other = { data: { message: { id: 5, from: { type: "customer", id: 55 } } }, chatId: 8 };
      await store().receive(OURS, [event(2, other)], 1_500);
      await store().receive(THEIRS, [said(1)], 1_500);

      expect(await store().forgetCustomer(OURS, 5)).toEqual(NOTHING);
      expect(await store().chat(OURS, 8)).toEqual(others.chat);
      expect((await store().nextEvent(OURS, 8))?.event.data).toEqual(other.data);
      expect((await store().nextEvent(THEIRS, 7))?.event).toEqual(said(1));
    });

    it("tells which chats are the customer's, and nothing is left to do the second time", async () => {
      await decided(store(), { chat: chat(7) });
      await store().receive(OURS, [event(2, { chatId: 9 })], 1_500);
      await store().commit(OURS, commit({ eventKey: "message_new:2", chat: chat(9) }));

      expect(await store().chatsOf(OURS, 5)).toEqual([7, 9]);
      expect(await store().forgetCustomer(OURS, 5)).toMatchObject({ chats: 2, events: 2 });
      expect(await store().chatsOf(OURS, 5)).toEqual([]);
      expect(await store().forgetCustomer(OURS, 5)).toEqual(NOTHING);
    });
  });
}
