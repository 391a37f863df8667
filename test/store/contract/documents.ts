import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Dialog } from "../../../src/types/state.ts";
import type { TheStore } from "../bench.ts";
import {
  channel,
  commit,
  connectionRecord,
  customer,
  decided,
  dialog,
  event,
  OURS,
  person,
  THEIRS,
  user,
} from "../builders.ts";

export function describeDocuments(store: TheStore): void {
  describe("documents", () => {
    it("are null where nothing is known", async () => {
      expect(await store().chat(OURS, 7)).toBeNull();
      expect(await store().dialog(OURS, 70)).toBeNull();
      expect(await store().latestDialog(OURS, 7)).toBeNull();
      expect(await store().customer(OURS, 5)).toBeNull();
      expect(await store().directory(OURS)).toEqual({
        people: [],
        otherBots: [],
        channels: [],
        openDialogs: {},
        queue: [],
        rotation: {},
      });
    });

    it("are replaced as a whole", async () => {
      await decided(store(), { customer: customer(5, { phone: "+34", variables: { topic: "x" } }) });
      await store().receive(OURS, [event(2)], 1_600);
      await store().commit(OURS, commit({ eventKey: "message_new:2", customer: customer(5) }));

      expect(await store().customer(OURS, 5)).toEqual(customer(5));
    });

    it("come back as they were, whatever customers typed", async () => {
      const typed = "It's \"quoted\" \\ \u0000 ё é 🙂 \ud83d {{ x }} '; DROP TABLE chats; --";
      await decided(store(), { customer: customer(5, { variables: { [typed]: typed, list: [1.5, null, true] } }) });

      expect((await store().customer(OURS, 5))?.variables).toEqual({ [typed]: typed, list: [1.5, null, true] });
    });

    it("keeps people, channels and bots, listed by id; those not named stay", async () => {
      await store().savePeople(OURS, [person(2, "Boris"), person(1, "Anna")]);
      await store().savePeople(OURS, [{ ...person(2, "Boris"), online: false }]);
      await store().saveChannels(OURS, [channel(4, "B"), channel(3, "A")]);
      await store().saveChannels(OURS, [channel(4, "C")]);
      await store().saveBots(OURS, [
        { id: 12, name: "Twelve" },
        { id: 11, name: "Eleven" },
      ]);

      expect(await store().directory(OURS)).toEqual({
        people: [person(1, "Anna"), { ...person(2, "Boris"), online: false }],
        channels: [channel(3, "A"), channel(4, "C")],
        otherBots: [
          { id: 11, name: "Eleven" },
          { id: 12, name: "Twelve" },
        ],
        openDialogs: {},
        queue: [],
        rotation: {},
      });
    });

    it("lists the dialogs that wait in a queue, the oldest first, with those of a connection only", async () => {
      const place = (since: number, offered = false) => ({
        queued: { team: "sales", pick: "round_robin" as const, since, ruleId: "r", refused: 0, offered },
      });
      await store().saveDialogs(OURS, [
        dialog(70, place(3_000)),
        dialog(71, { chatId: 8, ...place(2_000) }),
        dialog(72, place(3_000)),
        dialog(73, place(1_000, true)),
        dialog(74, { ...place(1_000), closedAt: 5_000 }),
        dialog(75),
      ]);
      await store().saveDialogs(THEIRS, [dialog(70, place(1))]);
      await store().saveDialogs(OURS, [dialog(72)]);

      expect((await store().directory(OURS)).queue).toEqual([
        { dialogId: 71, chatId: 8, team: "sales", since: 2_000 },
        { dialogId: 70, chatId: 7, team: "sales", since: 3_000 },
      ]);
    });

    it("keeps whom the teams have picked with the decision that picked", async () => {
      await decided(store(), { rotation: { sales: [12, 13] } });
      await store().commit(OURS, commit({ eventKey: "message_new:1", rotation: { sales: [99] } }));

      expect((await store().directory(OURS)).rotation).toEqual({ sales: [12, 13] });
      expect((await store().directory(THEIRS)).rotation).toEqual({});
    });

    it("leaves this connection's own bot out of the other bots", async () => {
      await store().addConnection(connectionRecord(OURS, { botId: 12 }));
      await store().addConnection(connectionRecord(THEIRS, { botId: 11 }));
      await store().saveBots(OURS, [
        { id: 11, name: "Other" },
        { id: 12, name: "Us" },
      ]);

      expect((await store().directory(OURS)).otherBots).toEqual([{ id: 11, name: "Other" }]);
    });

    it("keeps equal ids of two connections apart", async () => {
      await store().savePeople(OURS, [person(1, "Anna")]);
      await store().savePeople(THEIRS, [person(1, "Olga")]);
      await store().saveDialogs(OURS, [dialog(70, { team: "sales", responsible: user(1) })]);
      await store().saveDialogs(THEIRS, [dialog(70, { team: "leads" })]);

      expect((await store().directory(OURS)).people).toEqual([person(1, "Anna")]);
      expect((await store().directory(THEIRS)).people).toEqual([person(1, "Olga")]);
      expect((await store().dialog(OURS, 70))?.team).toBe("sales");
      expect((await store().latestDialog(THEIRS, 7))?.team).toBe("leads");
      expect((await store().directory(THEIRS)).openDialogs).toEqual({});
    });

    it("reads many dialogs at once: those that are known, each once, by id, of this connection only", async () => {
      await store().saveDialogs(OURS, [dialog(72, { team: "sales" }), dialog(70, { closedAt: 5 }), dialog(71)]);
      await store().saveDialogs(THEIRS, [dialog(73)]);

      expect(await store().dialogs(OURS, [73, 72, 99, 70, 72])).toEqual([
        dialog(70, { closedAt: 5 }),
        dialog(72, { team: "sales" }),
      ]);
      expect(await store().dialogs(OURS, [])).toEqual([]);
      const many = Array.from({ length: 5_000 }, (_, n) => n);
      expect((await store().dialogs(OURS, many)).map(({ id }) => id)).toEqual([70, 71, 72]);
    });

    it("finds the newest dialog of a chat by its id, open or closed", async () => {
      await store().saveDialogs(OURS, [
        dialog(72, { closedAt: 5_000, openedAt: 10 }),
        dialog(71, { openedAt: 9_000 }),
        dialog(99, { chatId: 8 }),
      ]);

      expect((await store().latestDialog(OURS, 7))?.id).toBe(72);
    });

    it.each<{ name: string; dialogs: readonly Dialog[]; counts: Record<number, number> }>([
      { name: "an open dialog", dialogs: [dialog(1, { responsible: user(5) })], counts: { 5: 1 } },
      { name: "a closed dialog", dialogs: [dialog(1, { responsible: user(5), closedAt: 9 })], counts: {} },
      { name: "a dialog of nobody", dialogs: [dialog(1)], counts: {} },
      {
        name: "a dialog of a bot",
        dialogs: [dialog(1, { responsible: { type: "bot", id: 5, assignedAt: 1 } })],
        counts: {},
      },
      {
        name: "several dialogs",
        dialogs: [
          dialog(1, { responsible: user(5) }),
          dialog(2, { responsible: user(5) }),
          dialog(3, { responsible: user(6) }),
        ],
        counts: { 5: 2, 6: 1 },
      },
      {
        name: "a dialog saved twice",
        dialogs: [dialog(1, { responsible: user(5) }), dialog(1, { responsible: user(5), tags: ["vip"] })],
        counts: { 5: 1 },
      },
      {
        name: "a dialog handed over",
        dialogs: [dialog(1, { responsible: user(5) }), dialog(1, { responsible: user(6) })],
        counts: { 6: 1 },
      },
      {
        name: "a dialog closed and opened again",
        dialogs: [
          dialog(1, { responsible: user(5) }),
          dialog(1, { responsible: user(5), closedAt: 9 }),
          dialog(1, { responsible: user(5) }),
        ],
        counts: { 5: 1 },
      },
    ])("counts $name as $counts", async ({ dialogs, counts }) => {
      await store().saveDialogs(OURS, dialogs);

      expect((await store().directory(OURS)).openDialogs).toEqual(counts);
    });

    it("adds dialogs that are not there yet, and leaves those that are as they are", async () => {
      const known = dialog(70, { responsible: user(1), variables: { topic: "tea" } });
      await store().saveDialogs(OURS, [known]);
      await store().saveDialogs(THEIRS, [dialog(71)]);
      const added = await store().addDialogs(OURS, [
        dialog(71, { responsible: user(2) }),
        dialog(70, { responsible: user(2) }),
      ]);

      expect(added).toEqual([71]);
      expect(await store().dialog(OURS, 70)).toEqual(known);
      expect(await store().dialog(OURS, 71)).toEqual(dialog(71, { responsible: user(2) }));
      expect(await store().dialog(THEIRS, 71)).toEqual(dialog(71));
      expect((await store().directory(OURS)).openDialogs).toEqual({ 1: 1, 2: 1 });
      expect(await store().addDialogs(OURS, [dialog(71)])).toEqual([]);
      expect(await store().addDialogs(OURS, [])).toEqual([]);
    });

    it("counts open dialogs rightly after any history", async () => {
      let round = 0;
      const version = fc.record({
        id: fc.integer({ min: 1, max: 6 }),
        closedAt: fc.constantFrom(null, 9),
        responsible: fc.option(
          fc.record({
            type: fc.constantFrom("user" as const, "bot" as const),
            id: fc.integer({ min: 1, max: 3 }),
            assignedAt: fc.constant(1),
          }),
        ),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(version, { maxLength: 30 }), async (history) => {
          round += 1;
          const connection = `round-${round}`;
          await store().saveDialogs(
            connection,
            history.map(({ id, ...rest }) => dialog(id, rest)),
          );

          const last = [...new Map(history.map((one) => [one.id, one])).values()];
          const counts: Record<number, number> = {};
          for (const { closedAt, responsible } of last) {
            if (closedAt === null && responsible?.type === "user")
              counts[responsible.id] = (counts[responsible.id] ?? 0) + 1;
          }
          expect((await store().directory(connection)).openDialogs).toEqual(counts);
        }),
        { numRuns: 60 },
      );
    });
  });
}
