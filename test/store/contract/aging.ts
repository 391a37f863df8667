import { describe, expect, it } from "vitest";
import type { Commit } from "../../../src/store/store.ts";
import { newChat } from "../../../src/types/state.ts";
import type { TheStore } from "../bench.ts";
import { call, chat, commit, customer, decided, dialog, event, OURS, perform, run } from "../builders.ts";

export function describeAging(store: TheStore): void {
  const ana = customer(5, { firstName: "Ana", phone: "+34600123456", email: "ana@shop.example" });
  /** A customer who was last heard of at 2,000, and whose dialog was closed then. */
  const leaves = (given: Partial<Commit> = {}) =>
    decided(store(), {
      eventState: "done",
      chat: chat(7, { unanswered: ["Hello Ana"] }),
      customer: ana,
      dialogs: [dialog(70, { closedAt: 2_000, tags: ["+34600123456"] })],
      ...given,
    });
  const BEFORE = 5_000;

  describe("chats and customers of whom nothing was heard for long", () => {
    it("go, with their dialogs", async () => {
      await leaves();
      await store().prune(BEFORE);

      expect(await store().chat(OURS, 7)).toBeNull();
      expect(await store().customer(OURS, 5)).toBeNull();
      expect(await store().dialog(OURS, 70)).toBeNull();
      expect(await store().chatsOf(OURS, 5)).toEqual([]);
    });

    it("stay until then", async () => {
      await leaves();
      await store().prune(2_000);

      expect(await store().chat(OURS, 7)).not.toBeNull();
      expect(await store().customer(OURS, 5)).toEqual(ana);
      expect(await store().dialog(OURS, 70)).not.toBeNull();
    });

    it("keep what the rules asked to remember, and nothing else", async () => {
      const told = { variables: { vip: true }, marks: { welcome: 1_000 }, setAt: { vip: 1_000 } };
      await leaves({
        chat: chat(7, { ...told, unanswered: ["Hello Ana"], lastManagerId: 12, writtenAt: [2_000] }),
        customer: { ...ana, ...told },
      });
      await store().prune(BEFORE);

      expect(await store().chat(OURS, 7)).toEqual({
        ...newChat(7),
        channelId: 3,
        customerId: 5,
        ...told,
        lastManagerId: 12,
      });
      expect(await store().customer(OURS, 5)).toEqual({
        ...customer(5),
        firstName: null,
        language: null,
        ...told,
      });
      await store().prune(BEFORE);
      expect(await store().chatsOf(OURS, 5)).toEqual([7]);
    });

    it("stay while a dialog is open, or was closed a short time ago", async () => {
      await leaves({ dialogs: [dialog(70)] });
      await store().prune(BEFORE);
      expect(await store().customer(OURS, 5)).toEqual(ana);

      await store().saveDialogs(OURS, [dialog(70, { closedAt: BEFORE })]);
      await store().prune(BEFORE);
      expect(await store().customer(OURS, 5)).toEqual(ana);
      await store().prune(BEFORE + 1);
      expect(await store().customer(OURS, 5)).toBeNull();
    });

    it.each<[string, Partial<Commit>]>([
      ["a call", { calls: [call("a#1")] }],
      ["a run that waits for a call", { calls: [call("a#1")], runs: [run("a")] }],
      ["a timer to come", { timers: [{ key: "run:a", chatId: 7, dialogId: 70, at: BEFORE }] }],
    ])("stay while %s is still to be done", async (_, given) => {
      await leaves(given);
      await store().prune(BEFORE);

      expect(await store().customer(OURS, 5)).toEqual(ana);
      expect(await store().chat(OURS, 7)).not.toBeNull();
    });

    it("stay while something of theirs waits to be decided", async () => {
      await leaves();
      await store().receive(OURS, [event(2)], 2_100);
      await store().prune(BEFORE);

      expect(await store().customer(OURS, 5)).toEqual(ana);
      expect((await store().nextEvent(OURS, 7))?.event.key).toBe("message_new:2");
    });

    it("go with a question that nobody will answer any more, and with a timer that nobody looked at", async () => {
      const question = { kind: "answer", until: null, question: { expect: "text", choices: [], wrong: 0 } } as const;
      await leaves({
        runs: [run("a", { waitsFor: question })],
        timers: [{ key: "run:a", chatId: 7, dialogId: 70, at: BEFORE - 1 }],
      });
      await store().prune(BEFORE);

      expect(await store().restingRuns(OURS, 7)).toEqual([]);
      expect(await store().nextTimer(OURS)).toBeNull();
      expect(await store().customer(OURS, 5)).toBeNull();
      await store().prune(BEFORE);
      expect(await store().receive(OURS, [event(1)], 9_000)).toHaveLength(1);
    });

    it("stay when only another chat of the customer was heard of", async () => {
      await leaves();
      await store().receive(OURS, [event(2, { chatId: 8 })], 6_000);
      const later = { eventKey: "message_new:2", eventState: "done", at: 6_000 } as const;
      await store().commit(OURS, commit({ ...later, chat: chat(8) }));
      await store().prune(BEFORE);

      expect(await store().chat(OURS, 7)).toBeNull();
      expect(await store().customer(OURS, 5)).toEqual(ana);
      await store().prune(6_001);
      expect(await store().customer(OURS, 5)).toBeNull();
    });

    it("are whole again when they are heard of again", async () => {
      await leaves({ customer: { ...ana, marks: { welcome: 1_000 } } });
      await store().prune(BEFORE);
      await store().receive(OURS, [event(2)], 6_000);
      const back = { eventKey: "message_new:2", eventState: "done", at: 6_000 } as const;
      await store().commit(OURS, commit({ ...back, customer: { ...ana, marks: { welcome: 1_000 } } }));
      await store().prune(BEFORE);

      expect(await store().customer(OURS, 5)).toMatchObject({ firstName: "Ana" });
      await store().prune(6_001);
      expect(await store().customer(OURS, 5)).toMatchObject({ firstName: null, marks: { welcome: 1_000 } });
    });

    it("go by the hundreds", async () => {
      const many = Array.from({ length: 450 }, (_, n) => n + 1);
      await store().receive(
        OURS,
        many.map((n) => event(n, { chatId: n })),
        1_500,
      );
      for (const n of many) {
        const given = { chat: chat(n, { customerId: n }), customer: customer(n), eventState: "done" } as const;
        const variables: Record<string, boolean> = n % 2 === 0 ? { vip: true } : {};
        const kept = { ...given, customer: { ...given.customer, variables } };
        await store().commit(OURS, commit({ eventKey: `message_new:${n}`, ...kept }));
      }
      await store().prune(BEFORE);

      const left = await Promise.all(many.map((n) => store().customer(OURS, n)));
      expect(left.filter((one) => one !== null)).toHaveLength(225);
      expect(left.filter((one) => one?.firstName === "Ana")).toEqual([]);
    });
  });

  describe("a closed dialog", () => {
    it("goes when it is old, though its chat is heard of", async () => {
      await leaves({ dialogs: [dialog(70, { closedAt: 2_000 }), dialog(71)], at: 6_000 });
      await store().prune(BEFORE);

      expect(await store().dialog(OURS, 70)).toBeNull();
      expect(await store().latestDialog(OURS, 7)).toMatchObject({ id: 71 });
    });

    it("stays while a run of its chat is there", async () => {
      await leaves({ calls: [call("a#1")], runs: [run("a")], at: 6_000 });
      await perform(store(), "a#1", 6_000);
      await store().prune(BEFORE);

      expect(await store().dialog(OURS, 70)).not.toBeNull();
    });
  });

  describe("a connection that has not heard its gateway for long", () => {
    it("keeps nothing that waits: neither open dialogs nor events, calls, runs and timers", async () => {
      await leaves({
        dialogs: [dialog(70)],
        calls: [call("a#1")],
        runs: [run("a"), run("b", { waitsFor: { kind: "time", until: 90_000 } })],
        timers: [{ key: "run:b", chatId: 7, dialogId: 70, at: 90_000 }],
      });
      await store().receive(OURS, [event(2)], 2_100);
      await store().receive(OURS, [event(3)], 2_100, { held: () => true });
      await store().saveFact(OURS, "seen", { messageId: 3, at: BEFORE, since: 1 });
      await store().prune(BEFORE);
      expect(await store().customer(OURS, 5)).toEqual(ana);

      await store().saveFact(OURS, "seen", { messageId: 3, at: BEFORE - 1, since: 1 });
      await store().prune(BEFORE);
      expect(await store().customer(OURS, 5)).toBeNull();
      expect(await store().chat(OURS, 7)).toBeNull();
      expect(await store().dialog(OURS, 70)).toBeNull();
      expect(await store().busyLanes(OURS)).toEqual([]);
      expect(await store().heldLanes(OURS)).toEqual([]);
      expect(await store().nextTimer(OURS)).toBeNull();
      expect(await store().restingRuns(OURS, 7)).toEqual([]);
    });
  });
}
