import { describe, expect, it } from "vitest";
import type { TheStore } from "../bench.ts";
import {
  call,
  channel,
  chat,
  commit,
  customer,
  decided,
  dialog,
  event,
  OURS,
  perform,
  person,
  run,
  THEIRS,
  verdict,
} from "../builders.ts";

export function describeCommit(store: TheStore): void {
  describe("a commit", () => {
    it("stores everything that a decision changes", async () => {
      await store().receive(OURS, [event(1)], 1_500);

      const stored = await store().commit(
        OURS,
        commit({
          chat: chat(7, { variables: { topic: "x" } }),
          customer: customer(5),
          dialogs: [dialog(70), dialog(71)],
          people: [person(1, "Anna")],
          channels: [channel(3, "Telegram")],
          bots: [{ id: 4, name: "Other" }],
          calls: [call("r#1")],
          runs: [run("r")],
          verdicts: [verdict("Welcome")],
        }),
      );

      expect(stored).toBe(true);
      expect(await store().chat(OURS, 7)).toEqual(chat(7, { variables: { topic: "x" } }));
      expect(await store().customer(OURS, 5)).toEqual(customer(5));
      expect(await store().dialog(OURS, 70)).toEqual(dialog(70));
      expect(await store().dialog(OURS, 71)).toEqual(dialog(71));
      expect(await store().directory(OURS)).toEqual({
        people: [person(1, "Anna")],
        channels: [channel(3, "Telegram")],
        otherBots: [{ id: 4, name: "Other" }],
        openDialogs: {},
        queue: [],
        rotation: {},
      });
      expect(await store().nextCall(OURS, 7)).toMatchObject(call("r#1"));
      expect(await store().waitingRuns(OURS, 7)).toEqual([{ run: run("r"), outcome: null }]);
      expect(await store().decisions(OURS, { limit: 5 })).toEqual([
        {
          eventKey: "message_new:1",
          chatId: 7,
          at: 2_000,
          rulebookVersion: "book-1",
          verdicts: [verdict("Welcome")],
        },
      ]);
    });

    it("leaves documents alone that it does not bring", async () => {
      await decided(store(), { chat: chat(7), customer: customer(5), dialogs: [dialog(70)] });
      await store().receive(OURS, [event(2)], 1_600);
      await store().commit(OURS, commit({ eventKey: "message_new:2", dialogs: [dialog(71)] }));

      expect(await store().chat(OURS, 7)).toEqual(chat(7));
      expect(await store().customer(OURS, 5)).toEqual(customer(5));
      expect(await store().dialog(OURS, 70)).toEqual(dialog(70));
    });

    it.each([
      { name: "was never received", prepare: async () => {} },
      { name: "is another connection's", prepare: async () => void (await store().receive(THEIRS, [event(1)], 1)) },
      { name: "has been decided", prepare: async () => decided(store(), { calls: [call("x#1")], runs: [run("x")] }) },
      { name: "is done", prepare: async () => decided(store(), { eventState: "done" }) },
      { name: "has failed", prepare: async () => decided(store(), { eventState: "failed", failure: "bad" }) },
      { name: "has expired", prepare: async () => decided(store(), { eventState: "expired" }) },
    ])("is refused and changes nothing when its event $name", async ({ prepare }) => {
      await prepare();
      const before = await picture();

      const stored = await store().commit(
        OURS,
        commit({
          at: 5_000,
          chat: chat(7, { marks: { late: 1 } }),
          dialogs: [dialog(79)],
          people: [person(9, "Late")],
          calls: [call("late#1")],
          runs: [run("late")],
          endedRunIds: ["x"],
          verdicts: [verdict("Late")],
        }),
      );

      expect(stored).toBe(false);
      expect(await picture()).toEqual(before);
    });

    it("is refused and changes nothing when the resumed run is gone", async () => {
      await decided(store(), { calls: [call("r#1")], runs: [run("r")] });
      await store().commit(OURS, commit({ eventKey: null, endedRunIds: ["r"] }));
      const before = await picture();

      const ended = commit({ eventKey: null, endedRunIds: ["r"], calls: [call("r#2")], chat: chat(7) });
      expect(await store().commit(OURS, ended)).toBe(false);
      const goesOn = commit({ eventKey: null, runs: [run("r", { counter: 2 })], verdicts: [verdict("Welcome")] });
      expect(await store().commit(OURS, goesOn)).toBe(false);
      expect(await picture()).toEqual(before);
    });

    it("is refused as a whole when one of two resumed runs is gone", async () => {
      await decided(store(), { calls: [call("r#1")], runs: [run("r")] });

      expect(await store().commit(OURS, commit({ eventKey: null, endedRunIds: ["r", "gone"] }))).toBe(false);
      expect(await store().waitingRuns(OURS, 7)).toHaveLength(1);
    });

    it("resumes no run of another connection", async () => {
      await decided(store(), { calls: [call("r#1")], runs: [run("r")] });

      expect(await store().commit(THEIRS, commit({ eventKey: null, endedRunIds: ["r"] }))).toBe(false);
    });

    it("ignores runs that have ended already when it decides an event", async () => {
      await store().receive(OURS, [event(1)], 1_500);

      expect(await store().commit(OURS, commit({ endedRunIds: ["ended at once"] }))).toBe(true);
    });

    it("plans no call twice: the first one with a key stays", async () => {
      await decided(store(), { calls: [call("r#1", { dialogId: 70 }), call("r#1", { dialogId: 71 })] });
      await store().receive(OURS, [event(2)], 1_600);
      await store().commit(OURS, commit({ eventKey: "message_new:2", calls: [call("r#1", { dialogId: 72 })] }));

      expect((await store().outbox(OURS, { limit: 9 })).map((row) => row.dialogId)).toEqual([70]);
    });

    it("plans no call again that was sent", async () => {
      await decided(store(), { calls: [call("r#1")], runs: [run("r")] });
      await perform(store(), "r#1");
      await store().commit(OURS, commit({ eventKey: null, endedRunIds: ["r"], calls: [call("r#1")] }));

      expect(await store().nextCall(OURS, 7)).toBeNull();
    });

    it("plans calls with equal keys for two connections", async () => {
      await decided(store(), { calls: [call("r#1")] });
      await store().receive(THEIRS, [event(1)], 1_500);
      await store().commit(THEIRS, commit({ calls: [call("r#1")] }));

      expect(await store().nextCall(OURS, 7)).toMatchObject({ key: "r#1" });
      expect(await store().nextCall(THEIRS, 7)).toMatchObject({ key: "r#1" });
    });

    it.each(["decided", "done", "failed", "expired"] as const)("ends an event as %s for good", async (eventState) => {
      await decided(store(), { eventState });

      expect(await store().nextEvent(OURS, 7)).toBeNull();
      expect((await store().counts(OURS)).inbox).toBe(0);
    });
  });

  describe("decisions", () => {
    it("keeps one for every event, also when no rule had a say", async () => {
      await decided(store(), { verdicts: [] });

      expect(await store().decisions(OURS, { limit: 5 })).toMatchObject([{ eventKey: "message_new:1", verdicts: [] }]);
    });

    it("keeps what a resumed run did under the event that began it, newest first", async () => {
      await decided(store(), { calls: [call("r#1")], runs: [run("r")], verdicts: [verdict("Welcome")] });
      const resumed = commit({ eventKey: null, at: 2_500, endedRunIds: ["r"], verdicts: [verdict("Welcome, after")] });
      await store().commit(OURS, resumed);

      expect(await store().decisions(OURS, { eventKey: "message_new:1", limit: 5 })).toMatchObject([
        { chatId: 7, at: 2_500, verdicts: [{ rule: "Welcome, after" }] },
        { chatId: 7, at: 2_000, verdicts: [{ rule: "Welcome" }] },
      ]);
    });

    it("keeps nothing of a resumed run that has nothing to tell", async () => {
      await decided(store(), { calls: [call("r#1")], runs: [run("r")] });
      await store().commit(OURS, commit({ eventKey: null, endedRunIds: ["r"] }));

      expect(await store().decisions(OURS, { limit: 5 })).toHaveLength(1);
    });

    it.each([
      { filter: { limit: 9 }, gives: ["message_new:4", "message_new:3", "message_new:2", "message_new:1"] },
      { filter: { limit: 2 }, gives: ["message_new:4", "message_new:3"] },
      { filter: { limit: 0 }, gives: [] },
      { filter: { chatId: 7, limit: 9 }, gives: ["message_new:2", "message_new:1"] },
      { filter: { chatId: 7, limit: 1 }, gives: ["message_new:2"] },
      { filter: { chatId: 8, limit: 9 }, gives: ["message_new:3"] },
      { filter: { eventKey: "message_new:4", limit: 9 }, gives: ["message_new:4"] },
      { filter: { eventKey: "message_new:1", chatId: 7, limit: 9 }, gives: ["message_new:1"] },
      { filter: { eventKey: "message_new:1", chatId: 8, limit: 9 }, gives: [] },
      { filter: { eventKey: "message_new:9", limit: 9 }, gives: [] },
    ])("filtered by $filter gives $gives", async ({ filter, gives }) => {
      const events = [event(1), event(2), event(3, { chatId: 8 }), event(4, { chatId: null })];
      await store().receive(OURS, events, 1_500);
      await store().receive(THEIRS, events, 1_500);
      for (const { key } of events) await store().commit(OURS, commit({ eventKey: key }));
      await store().commit(THEIRS, commit({ eventKey: "message_new:1" }));

      expect((await store().decisions(OURS, filter)).map((row) => row.eventKey)).toEqual(gives);
    });
  });

  /** Everything that a refused commit must leave alone. */
  async function picture(): Promise<unknown> {
    return {
      chat: await store().chat(OURS, 7),
      dialog: await store().dialog(OURS, 79),
      directory: await store().directory(OURS),
      outbox: await store().outbox(OURS, { limit: 9 }),
      runs: await store().waitingRuns(OURS, 7),
      decisions: await store().decisions(OURS, { limit: 9 }),
      counts: await store().counts(OURS),
    };
  }
}
