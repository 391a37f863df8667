import { describe, expect, it } from "vitest";
import type { OutboxState } from "../../../src/store/store.ts";
import type { CallOutcome } from "../../../src/types/plan.ts";
import { CONTRACT_NOW, type TheStore } from "../bench.ts";
import { call, commit, decided, event, OURS, perform, run, THEIRS } from "../builders.ts";

export function describeRuns(store: TheStore): void {
  describe("runs", () => {
    it("wait with null until their call has ended, then with its outcome", async () => {
      await decided(store(), { calls: [call("r#1")], runs: [run("r")] });
      expect(await store().waitingRuns(OURS, 7)).toEqual([{ run: run("r"), outcome: null }]);

      await store().beginCall(OURS, "r#1", 3_000, null);
      expect(await store().waitingRuns(OURS, 7)).toEqual([{ run: run("r"), outcome: null }]);

      await store().endCall(OURS, "r#1", { state: "unknown", outcome: null, at: 3_100 });
      expect(await store().waitingRuns(OURS, 7)).toEqual([{ run: run("r"), outcome: null }]);

      await store().endCall(OURS, "r#1", { state: "sent", outcome: { ok: true, body: { message_id: 9 } }, at: 3_200 });
      expect(await store().waitingRuns(OURS, 7)).toEqual([
        { run: run("r"), outcome: { ok: true, body: { message_id: 9 } } },
      ]);
    });

    const refused: CallOutcome = { ok: false, reason: "channel is closed" };
    it.each<{ state: OutboxState; outcome: CallOutcome | null; gets: CallOutcome }>([
      { state: "failed", outcome: refused, gets: refused },
      { state: "dropped", outcome: null, gets: { ok: false, reason: "dropped" } },
      { state: "failed", outcome: null, gets: { ok: false, reason: "failed" } },
      { state: "sent", outcome: null, gets: { ok: true, body: null } },
    ])("never wait for ever: $state with $outcome gives $gets", async ({ state, outcome, gets }) => {
      await decided(store(), { calls: [call("r#1")], runs: [run("r")] });
      await store().endCall(OURS, "r#1", { state, outcome, at: 3_000 });

      expect((await store().waitingRuns(OURS, 7)).map((waiting) => waiting.outcome)).toEqual([gets]);
    });

    it("that wait for a call which is not there are told so", async () => {
      await decided(store(), { runs: [run("r")] });

      expect((await store().waitingRuns(OURS, 7))[0]?.outcome).toEqual({ ok: false, reason: "missing" });
    });

    it("get the outcome of their own connection's call", async () => {
      await decided(store(), { calls: [call("r#1")], runs: [run("r")] });
      await store().receive(THEIRS, [event(1)], 1_500);
      await store().commit(THEIRS, commit({ calls: [call("r#1")], runs: [run("r")] }));
      await perform(store(), "r#1");

      expect(await store().waitingRuns(THEIRS, 7)).toEqual([{ run: run("r"), outcome: null }]);
    });

    it("are replaced when they go on, and keep their place", async () => {
      await decided(store(), {
        calls: [call("a#1"), call("b#1")],
        runs: [run("a"), run("b")],
      });
      const further = run("a", { position: [1], counter: 2, waitsFor: { kind: "call", key: "a#2", until: 20_000 } });
      await store().commit(OURS, commit({ eventKey: null, calls: [call("a#2")], runs: [further] }));

      expect((await store().waitingRuns(OURS, 7)).map((waiting) => waiting.run)).toEqual([further, run("b")]);
    });

    it("are found in their own lane only", async () => {
      await decided(store(), { runs: [run("a", { chatId: 8 }), run("b", { chatId: null }), run("c")] });
      const found = async (lane: number | null) => (await store().waitingRuns(OURS, lane)).map(({ run }) => run.id);

      expect([await found(8), await found(null), await found(7), await found(9)]).toEqual([["a"], ["b"], ["c"], []]);
    });

    it("that wait for no call are kept, but not given as waiting for one", async () => {
      await decided(store(), { runs: [run("r", { waitsFor: null })] });

      expect(await store().waitingRuns(OURS, 7)).toEqual([]);
      expect((await store().counts(OURS)).waitingRuns).toBe(1);
      expect(await store().commit(OURS, commit({ eventKey: null, endedRunIds: ["r"] }))).toBe(true);
      expect((await store().counts(OURS)).waitingRuns).toBe(0);
    });
  });

  describe("runs that wait for no call", () => {
    const time = run("time", { waitsFor: { kind: "time", until: 9_000 } });
    const question = { expect: "choice", choices: ["Oslo"], wrong: 1 };
    const answer = run("answer", { waitsFor: { kind: "answer", until: null, question } });
    const request = run("request", {
      waitsFor: { kind: "request", key: "request#2", request: { kind: "look_up", args: { what: "order" } }, until: 9 },
    });

    it("are given as they were, by what they wait for, oldest first", async () => {
      await decided(store(), { calls: [call("call#1")], runs: [time, request, run("call"), answer] });

      expect(await store().restingRuns(OURS, 7)).toEqual([time, answer]);
      expect(await store().requestingRuns(OURS, 7)).toEqual([request]);
      expect((await store().waitingRuns(OURS, 7)).map((waiting) => waiting.run)).toEqual([run("call")]);
    });

    it("are found in their own lane and connection only", async () => {
      await decided(store(), { runs: [time, request] });

      expect([await store().restingRuns(OURS, 8), await store().restingRuns(THEIRS, 7)]).toEqual([[], []]);
      expect([await store().requestingRuns(OURS, 8), await store().requestingRuns(THEIRS, 7)]).toEqual([[], []]);
    });

    it("move when they wait for something else, and are gone when they end", async () => {
      await decided(store(), { runs: [time, request] });
      const asks = run("time", { waitsFor: request.waitsFor });
      const rests = run("request", { waitsFor: time.waitsFor });
      await store().commit(OURS, commit({ eventKey: null, runs: [asks, rests] }));
      expect(await store().restingRuns(OURS, 7)).toEqual([rests]);
      expect(await store().requestingRuns(OURS, 7)).toEqual([asks]);

      await store().commit(OURS, commit({ eventKey: null, endedRunIds: ["time", "request"] }));
      expect([await store().restingRuns(OURS, 7), await store().requestingRuns(OURS, 7)]).toEqual([[], []]);
    });

    it("keep their lane busy while they wait for a request, not while they rest", async () => {
      await decided(store(), { runs: [time, answer] });
      expect(await store().busyLanes(OURS)).toEqual([]);

      await store().commit(OURS, commit({ eventKey: null, runs: [run("time", { waitsFor: request.waitsFor })] }));
      expect(await store().busyLanes(OURS)).toEqual([7]);
    });
  });

  // A done event can be pruned and a decided one never: that is how the state is seen from outside.
  describe("an event is done", () => {
    it("at once when it left no run behind", async () => {
      await decided(store(), { calls: [call("r#1")] });

      expect(await isDone()).toBe(true);
    });

    it("not before its last run that waits for a call has ended", async () => {
      await decided(store(), { calls: [call("a#1"), call("b#1")], runs: [run("a"), run("b")] });
      await store().commit(OURS, commit({ eventKey: null, endedRunIds: ["a"] }));
      await store().commit(OURS, commit({ eventKey: null, runs: [run("b", { counter: 2 })] }));
      expect(await isDone()).toBe(false);

      await store().commit(OURS, commit({ eventKey: null, endedRunIds: ["b"] }));
      expect(await isDone()).toBe(true);
    });

    it("when a later event ends its run", async () => {
      await decided(store(), { runs: [run("a")] });
      await store().receive(OURS, [event(2)], CONTRACT_NOW * 3);
      await store().commit(OURS, commit({ eventKey: "message_new:2", endedRunIds: ["a"] }));

      expect(await isDone()).toBe(true);
    });

    /** Is message 1 final? Only then does pruning forget it, so that it would count as new. */
    async function isDone(): Promise<boolean> {
      await store().prune(CONTRACT_NOW * 2);
      return (await store().receive(OURS, [event(1)], CONTRACT_NOW)).length === 1;
    }
  });
}
