import { describe, expect, it } from "vitest";
import type { Event } from "../../../src/types/event.ts";
import type { TheStore } from "../bench.ts";
import { commit, event, OURS, THEIRS } from "../builders.ts";

const keys = (events: readonly Event[]) => events.map(({ key }) => key);
const asReceived = (events: readonly Event[]) => events;
const backwards = (events: readonly Event[]) => events.toReversed();
const held = { held: () => true };

export function describeHeld(store: TheStore): void {
  /** Decides everything of a lane and tells in which order it came. */
  async function drained(chatId: number | null): Promise<string[]> {
    const seen: string[] = [];
    for (;;) {
      const next = await store().nextEvent(OURS, chatId);
      if (next === null) return seen;
      seen.push(next.event.key);
      await store().commit(OURS, commit({ eventKey: next.event.key, eventState: "done" }));
    }
  }

  describe("held events", () => {
    it("are new to whoever brings them, but are not handed out and make no lane busy", async () => {
      const events = [event(1), event(2, { chatId: null })];
      expect(keys(await store().receive(OURS, events, 1_500, held))).toEqual(["message_new:1", "message_new:2"]);

      expect(await store().nextEvent(OURS, 7)).toBeNull();
      expect(await store().nextEvent(OURS, null)).toBeNull();
      expect(await store().busyLanes(OURS)).toEqual([]);
      expect(new Set(await store().heldLanes(OURS))).toEqual(new Set([7, null]));
      expect(await store().heldLanes(THEIRS)).toEqual([]);
    });

    it("count as undecided", async () => {
      await store().receive(OURS, [event(1), event(2)], 1_500, { held: ({ key }) => key === "message_new:1" });

      expect(await store().counts(OURS)).toMatchObject({ inbox: 2 });
    });

    it("are those that were asked for, others of the same batch are new at once", async () => {
      await store().receive(OURS, [event(1), event(2, { chatId: 8 })], 1_500, { held: ({ chatId }) => chatId === 7 });

      expect(await store().busyLanes(OURS)).toEqual([8]);
      expect(await store().heldLanes(OURS)).toEqual([7]);
    });

    it("stay held when they come again, and keep their first version", async () => {
      await store().receive(OURS, [event(1, { data: { take: 1 } })], 1_500, held);

      expect(await store().receive(OURS, [event(1, { data: { take: 2 } })], 1_600)).toEqual([]);
      expect(await store().nextEvent(OURS, 7)).toBeNull();
      expect(await store().release(OURS, 7, asReceived)).toMatchObject([{ data: { take: 1 } }]);
    });

    it("are not made of events that are known already", async () => {
      await store().receive(OURS, [event(1)], 1_500);
      await store().receive(OURS, [event(1)], 1_600, held);

      expect(await store().heldLanes(OURS)).toEqual([]);
      expect(await drained(7)).toEqual(["message_new:1"]);
    });

    it("survive pruning, however old", async () => {
      await store().receive(OURS, [event(1)], 1, held);
      await store().prune(1_000_000);

      expect(await store().heldLanes(OURS)).toEqual([7]);
    });
  });

  describe("releasing a lane", () => {
    it("hands its events out in the order wanted, with the moment at which they came", async () => {
      await store().receive(OURS, [event(3), event(1)], 1_500, held);
      await store().receive(OURS, [event(2)], 1_600, held);
      const byKey = (events: readonly Event[]) => events.toSorted((left, right) => (left.key < right.key ? -1 : 1));

      expect(keys(await store().release(OURS, 7, byKey))).toEqual(["message_new:1", "message_new:2", "message_new:3"]);
      expect(await store().busyLanes(OURS)).toEqual([7]);
      expect(await store().nextEvent(OURS, 7)).toMatchObject({ receivedAt: 1_500, state: "new", attempts: 1 });
      expect(await drained(7)).toEqual(["message_new:1", "message_new:2", "message_new:3"]);
    });

    it("gives them to be arranged as they were received", async () => {
      await store().receive(OURS, [event(3), event(1)], 1_500, held);
      await store().receive(OURS, [event(2)], 1_600, held);

      expect(keys(await store().release(OURS, 7, asReceived))).toEqual([
        "message_new:3",
        "message_new:1",
        "message_new:2",
      ]);
    });

    it("puts them behind everything that the lane has already", async () => {
      await store().receive(OURS, [event(1)], 1_500, held);
      await store().receive(OURS, [event(2)], 1_600);
      await store().release(OURS, 7, asReceived);
      await store().receive(OURS, [event(3)], 1_700);

      expect(await drained(7)).toEqual(["message_new:2", "message_new:1", "message_new:3"]);
    });

    it("leaves other lanes and other connections as they are", async () => {
      await store().receive(OURS, [event(1), event(2, { chatId: 8 }), event(3, { chatId: null })], 1_500, held);
      await store().receive(THEIRS, [event(1)], 1_500, held);

      expect(keys(await store().release(OURS, null, asReceived))).toEqual(["message_new:3"]);
      expect(keys(await store().release(OURS, 7, asReceived))).toEqual(["message_new:1"]);
      expect(await store().heldLanes(OURS)).toEqual([8]);
      expect(await store().heldLanes(THEIRS)).toEqual([7]);
    });

    it("loses and doubles no event, whatever the arrangement does", async () => {
      await store().receive(OURS, [event(1), event(2), event(3)], 1_500, held);
      const careless = (events: readonly Event[]) => [event(3), event(3), event(9), ...events.slice(1, 2)];

      expect(keys(await store().release(OURS, 7, careless))).toEqual([
        "message_new:3",
        "message_new:2",
        "message_new:1",
      ]);
      expect(await drained(7)).toEqual(["message_new:3", "message_new:2", "message_new:1"]);
    });

    it("changes nothing when the arrangement fails", async () => {
      await store().receive(OURS, [event(1)], 1_500, held);
      const broken = () => {
        throw new RangeError("no order");
      };

      await expect(store().release(OURS, 7, broken)).rejects.toThrow("no order");
      expect(await store().heldLanes(OURS)).toEqual([7]);
    });

    it("of a lane without held events does nothing", async () => {
      await store().receive(OURS, [event(1)], 1_500);

      expect(await store().release(OURS, 7, backwards)).toEqual([]);
      expect(await drained(7)).toEqual(["message_new:1"]);
    });

    it("knows the events again afterwards", async () => {
      await store().receive(OURS, [event(1)], 1_500, held);
      await store().release(OURS, 7, asReceived);

      expect(await store().receive(OURS, [event(1)], 1_600)).toEqual([]);
      expect(await store().release(OURS, 7, asReceived)).toEqual([]);
    });
  });

  describe("facts saved with events", () => {
    it("are kept together with them", async () => {
      await store().receive(OURS, [event(1)], 1_500, { facts: { seen: { id: 1 }, other: [2] } });

      expect(await store().fact(OURS, "seen")).toEqual({ id: 1 });
      expect(await store().fact(OURS, "other")).toEqual([2]);
      expect(await store().fact(THEIRS, "seen")).toBeNull();
    });

    it("are kept without new events, too, and replace those before", async () => {
      await store().receive(OURS, [event(1)], 1_500, { facts: { seen: 1 } });
      await store().receive(OURS, [event(1)], 1_500, { facts: { seen: 2 } });
      expect(await store().fact(OURS, "seen")).toBe(2);

      await store().receive(OURS, [], 1_500, { facts: { seen: 3 } });
      expect(await store().fact(OURS, "seen")).toBe(3);
    });

    it("are not kept when the events are not", async () => {
      const broken = () => {
        throw new RangeError("no");
      };

      await expect(store().receive(OURS, [event(1)], 1_500, { held: broken, facts: { seen: 1 } })).rejects.toThrow(
        "no",
      );
      expect(await store().fact(OURS, "seen")).toBeNull();
    });
  });
}
