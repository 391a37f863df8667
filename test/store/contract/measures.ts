import { describe, expect, it } from "vitest";
import type { TheStore } from "../bench.ts";
import { call, decided, dialog, event, OURS, perform, THEIRS } from "../builders.ts";

export function describeMeasures(store: TheStore): void {
  describe("measures", () => {
    it("are of no connection in the beginning", async () => {
      expect(await store().measures()).toEqual([]);
    });

    it("tell of every connection what waits there, and since when", async () => {
      const place = { team: "sales", pick: "first", since: 1, ruleId: "r", refused: 0, offered: false } as const;
      await decided(store(), {
        calls: [call("a#1"), call("b#1"), call("c#1"), call("d#1")],
        timers: [{ key: "t", chatId: 7, dialogId: null, at: 9_000 }],
        dialogs: [dialog(70, { queued: place }), dialog(71)],
      });
      await store().beginCall(OURS, "a#1", 3_000, null);
      await store().endCall(OURS, "b#1", { state: "unknown", outcome: null, at: 3_000 });
      await perform(store(), "c#1");
      await store().receive(OURS, [event(2)], 1_700, { held: () => true });
      await store().receive(OURS, [event(3)], 1_600);
      await store().receive(THEIRS, [event(1)], 1_900);

      const nothing = { unsent: 0, unknown: 0, timers: 0, queued: 0 };
      expect(await store().measures()).toEqual([
        { connectionId: OURS, undecided: 2, oldestUndecidedAt: 1_600, unsent: 2, unknown: 1, timers: 1, queued: 1 },
        { connectionId: THEIRS, ...nothing, undecided: 1, oldestUndecidedAt: 1_900 },
      ]);
    });
  });
}
