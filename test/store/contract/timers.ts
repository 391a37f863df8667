import { describe, expect, it } from "vitest";
import type { TimerChange } from "../../../src/types/plan.ts";
import type { TheStore } from "../bench.ts";
import { commit, OURS, THEIRS } from "../builders.ts";

export function describeTimers(store: TheStore): void {
  const timer = (key: string, at: number | null): TimerChange => ({ key, chatId: 7, dialogId: 70, at });
  const change = (timers: readonly TimerChange[], connection = OURS) =>
    store().commit(connection, commit({ eventKey: null, timers }));
  const firing = (key: string, at: number) => ({
    key: `timer:${key}:${at}`,
    type: "timer",
    at,
    chatId: 7,
    data: { timer: key, dialog_id: 70 },
  });

  describe("timers", () => {
    it("ring when they are due, the oldest first, as events of the inbox, and once", async () => {
      await change([timer("b", 200), timer("a", 100), timer("c", 301)]);

      expect(await store().fireTimers(OURS, 300, 10)).toEqual([firing("a", 100), firing("b", 200)]);
      expect(await store().fireTimers(OURS, 300, 10)).toEqual([]);
      expect(await store().busyLanes(OURS)).toEqual([7]);
      expect(await store().nextEvent(OURS, 7)).toMatchObject({ event: firing("a", 100) });
    });

    it("ring no more of them at once than wanted", async () => {
      await change([timer("a", 100), timer("b", 100), timer("c", 100)]);

      expect(await store().fireTimers(OURS, 300, 2)).toHaveLength(2);
      expect(await store().fireTimers(OURS, 300, 2)).toEqual([firing("c", 100)]);
    });

    it("tell when the next is due; null where none is set", async () => {
      expect(await store().nextTimer(OURS)).toBe(null);
      await change([timer("b", 200), timer("a", 100)]);
      expect(await store().nextTimer(OURS)).toBe(100);
      await store().fireTimers(OURS, 100, 10);
      expect(await store().nextTimer(OURS)).toBe(200);
    });

    it("are moved when they are set again, and taken back with null, whether they were there or not", async () => {
      await change([timer("a", 100), timer("b", 100)]);
      await change([timer("a", 300), timer("b", null), timer("c", null)]);

      expect(await store().fireTimers(OURS, 299, 10)).toEqual([]);
      expect(await store().fireTimers(OURS, 300, 10)).toEqual([firing("a", 300)]);
    });

    it("may be set anew after they have rung", async () => {
      await change([timer("a", 100)]);
      await store().fireTimers(OURS, 100, 10);
      await change([timer("a", 200)]);

      expect(await store().fireTimers(OURS, 200, 10)).toEqual([firing("a", 200)]);
    });

    it("are of one connection", async () => {
      await change([timer("a", 100)], THEIRS);

      expect([await store().nextTimer(OURS), await store().fireTimers(OURS, 300, 10)]).toEqual([null, []]);
      expect(await store().nextTimer(THEIRS)).toBe(100);
    });
  });
}
