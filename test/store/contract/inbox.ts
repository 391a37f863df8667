import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Event } from "../../../src/types/event.ts";
import type { TheStore } from "../bench.ts";
import { call, commit, decided, event, OURS, perform, run, THEIRS } from "../builders.ts";

const keys = (events: readonly Event[]) => events.map(({ key }) => key);

export function describeInbox(store: TheStore): void {
  describe("the inbox", () => {
    it("gives an event back untouched, with its first attempt counted", async () => {
      const odd = event(1, {
        at: 1_700_000_000_123.5,
        chatId: Number.MAX_SAFE_INTEGER,
        data: { text: "It's ё 🙂 \u0000 \ud800", deep: [{ a: null }], no: false, n: 1e21 },
      });
      await store().receive(OURS, [odd], 1_500);

      expect(await store().nextEvent(OURS, Number.MAX_SAFE_INTEGER)).toEqual({
        seq: expect.any(Number),
        event: odd,
        receivedAt: 1_500,
        state: "new",
        attempts: 1,
      });
    });

    it("names the events that were new, in the order given", async () => {
      await store().receive(OURS, [event(2)], 1_500);

      expect(keys(await store().receive(OURS, [event(3), event(2), event(1), event(3)], 1_600))).toEqual([
        "message_new:3",
        "message_new:1",
      ]);
    });

    it("keeps the first version of an event that comes twice", async () => {
      await store().receive(OURS, [event(1, { data: { take: 1 } })], 1_500);
      await store().receive(OURS, [event(1, { data: { take: 2 } })], 1_600);

      expect(await store().nextEvent(OURS, 7)).toMatchObject({ event: { data: { take: 1 } }, receivedAt: 1_500 });
    });

    it("takes no events without complaint", async () => {
      expect(await store().receive(OURS, [], 1_500)).toEqual([]);
    });

    it("ignores an event that was decided long ago", async () => {
      await decided(store(), {});

      expect(await store().receive(OURS, [event(1)], 9_000)).toEqual([]);
      expect(await store().nextEvent(OURS, 7)).toBeNull();
    });

    it("keeps equal keys of two connections apart", async () => {
      await store().receive(OURS, [event(1)], 1_500);

      expect(keys(await store().receive(THEIRS, [event(1)], 1_500))).toEqual(["message_new:1"]);
      await store().commit(OURS, commit());
      expect(await store().nextEvent(OURS, 7)).toBeNull();
      expect((await store().nextEvent(THEIRS, 7))?.event.key).toBe("message_new:1");
    });

    it("counts every attempt until the event is decided", async () => {
      await store().receive(OURS, [event(1)], 1_500);
      await store().nextEvent(OURS, 7);
      await store().nextEvent(OURS, 7);

      expect((await store().nextEvent(OURS, 7))?.attempts).toBe(3);
      expect((await store().peekEvent(OURS, 7))?.attempts).toBe(3);
      expect(await store().peekEvent(OURS, 7)).toMatchObject({ event: { key: "message_new:1" }, state: "new" });
      expect(await store().peekEvent(THEIRS, 7)).toBeNull();
    });

    it("counts no attempt of the events behind", async () => {
      await store().receive(OURS, [event(1), event(2)], 1_500);
      await store().nextEvent(OURS, 7);
      await store().commit(OURS, commit());

      expect(await store().nextEvent(OURS, 7)).toMatchObject({ event: { key: "message_new:2" }, attempts: 1 });
    });

    it("hands out the events of a lane in the order in which they came, whatever their ids", async () => {
      await store().receive(OURS, [event(9), event(3)], 1_500);
      await store().receive(OURS, [event(5)], 1_400);
      const seen: (string | undefined)[] = [];
      for (const _ of [1, 2, 3]) {
        const next = await store().nextEvent(OURS, 7);
        seen.push(next?.event.key);
        await store().commit(OURS, commit({ eventKey: next?.event.key ?? "" }));
      }

      expect(seen).toEqual(["message_new:9", "message_new:3", "message_new:5"]);
      expect(await store().nextEvent(OURS, 7)).toBeNull();
    });

    it("keeps lanes apart, and the events without a chat in a lane of their own", async () => {
      await store().receive(OURS, [event(1, { chatId: 8 }), event(2, { chatId: null }), event(3)], 1_500);

      expect((await store().nextEvent(OURS, null))?.event.key).toBe("message_new:2");
      expect((await store().nextEvent(OURS, 8))?.event.key).toBe("message_new:1");
      expect((await store().nextEvent(OURS, 7))?.event.key).toBe("message_new:3");
      expect(await store().nextEvent(OURS, 9)).toBeNull();
    });

    it("finds lanes with events to decide, each once", async () => {
      await store().receive(OURS, [event(1), event(2), event(3, { chatId: null }), event(4, { chatId: 8 })], 1_500);
      await store().receive(THEIRS, [event(5, { chatId: 99 })], 1_500);

      expect(new Set(await store().busyLanes(OURS))).toEqual(new Set([7, 8, null]));
      expect(await store().busyLanes(OURS)).toHaveLength(3);
    });

    it("finds lanes with calls to perform until these have ended", async () => {
      await decided(store(), { calls: [call("r#1", { chatId: null })] });
      expect(await store().busyLanes(OURS)).toEqual([null]);

      await store().beginCall(OURS, "r#1", 3_000, null);
      expect(await store().busyLanes(OURS)).toEqual([null]);

      await store().endCall(OURS, "r#1", { state: "unknown", outcome: null, at: 3_100 });
      expect(await store().busyLanes(OURS)).toEqual([null]);

      await store().endCall(OURS, "r#1", { state: "failed", outcome: null, at: 3_200 });
      expect(await store().busyLanes(OURS)).toEqual([]);
    });

    it("finds lanes with a run to resume, and forgets them when it has ended", async () => {
      await decided(store(), { calls: [call("r#1")], runs: [run("r")] });
      await perform(store(), "r#1");
      expect(await store().busyLanes(OURS)).toEqual([7]);

      await store().commit(OURS, commit({ eventKey: null, endedRunIds: ["r"] }));
      expect(await store().busyLanes(OURS)).toEqual([]);
    });

    it("fails without the dedupe key: gives each event once, however often and in whatever order it arrives", async () => {
      let round = 0;
      const deliveries = fc
        .array(fc.record({ copies: fc.integer({ min: 1, max: 5 }), chatId: fc.constantFrom(null, 7, 8) }), {
          minLength: 1,
          maxLength: 12,
        })
        .chain((wanted) => {
          const all = wanted.flatMap(({ copies, chatId }, n) =>
            Array.from({ length: copies }, () => event(n, { chatId })),
          );
          return fc.record({
            events: fc.shuffledSubarray(all, { minLength: all.length }),
            sizes: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 8 }),
          });
        });
      await fc.assert(
        fc.asyncProperty(deliveries, async ({ events, sizes }) => {
          round += 1;
          const connection = `round-${round}`;
          const fresh: Event[] = [];
          for (const batch of cut(events, sizes)) fresh.push(...(await store().receive(connection, batch, 1_500)));

          const firsts = keys(events).filter((key, place, all) => all.indexOf(key) === place);
          expect(keys(fresh)).toEqual(firsts);
          for (const lane of [null, 7, 8]) {
            const expected = firsts.filter((key) => fresh.find((one) => one.key === key)?.chatId === lane);
            expect(await drain(connection, lane)).toEqual(expected);
          }
          expect(await store().busyLanes(connection)).toEqual([]);
        }),
        { numRuns: 40 },
      );
    });

    async function drain(connection: string, lane: number | null): Promise<string[]> {
      const seen: string[] = [];
      for (let next = await store().nextEvent(connection, lane); next !== null; ) {
        seen.push(next.event.key);
        await store().commit(connection, commit({ eventKey: next.event.key }));
        next = await store().nextEvent(connection, lane);
      }
      return seen;
    }
  });
}

/** Cuts a list into batches; the sizes are used round and round. */
function cut<Item>(items: readonly Item[], sizes: readonly number[]): Item[][] {
  const batches: Item[][] = [];
  for (let from = 0; from < items.length; ) {
    const size = sizes[batches.length % sizes.length] ?? 1;
    batches.push(items.slice(from, from + size));
    from += size;
  }
  return batches;
}
