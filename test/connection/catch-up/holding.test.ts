import { expect, it, onTestFinished } from "vitest";
import { createHolding } from "../../../src/connection/catch-up/holding.ts";
import { StoreError } from "../../../src/store/store.ts";
import { openTestStore } from "../../helpers/test-store.ts";
import { event } from "../../store/builders.ts";
import { CONNECTION } from "./bench.ts";

/** Something held, with the inbox's turns one after the other, as the intake takes them. */
async function bench({ onWake = (_chatId: number | null) => {} } = {}) {
  const store = await openTestStore();
  onTestFinished(() => store.close());
  let last: Promise<unknown> = Promise.resolve();
  const turn = <T>(task: () => Promise<T>): Promise<T> => {
    const own = last.then(task);
    last = own.catch(() => {});
    return own;
  };
  const woken: (number | null)[] = [];
  const swept: boolean[] = [];
  const trouble = { releases: 0 };
  const holding = createHolding({
    connectionId: CONNECTION,
    store: {
      ...store,
      async release(...given) {
        trouble.releases -= 1;
        if (trouble.releases === 0) throw new StoreError("the disk is full");
        return store.release(...given);
      },
    },
    turn,
    wake(chatId) {
      woken.push(chatId);
      onWake(chatId);
    },
    sweep: async () => void swept.push(holding.isOn()),
  });
  /** Events come in as the intake stores them. */
  const comes = (...events: readonly ReturnType<typeof event>[]) =>
    turn(() => store.receive(CONNECTION, events, 1_000, { held: holding.holds }));
  const order = async (chatId: number | null) => {
    const keys: string[] = [];
    for (let next = await store.nextEvent(CONNECTION, chatId); next !== null; ) {
      keys.push(next.event.key.replace("message_new:", ""));
      const done = { eventState: "done", failure: null, at: 0, rulebookVersion: "", calls: [], runs: [] } as const;
      await store.commit(CONNECTION, { ...done, eventKey: next.event.key, endedRunIds: [], verdicts: [] });
      next = await store.nextEvent(CONNECTION, chatId);
    }
    return keys;
  };
  return { holding, store, comes, order, woken, swept, trouble };
}

it("holds from the beginning, and not any more when it has ended", async () => {
  const { holding, comes, order, woken, swept } = await bench();
  expect([holding.isOn(), holding.holds(event(1))]).toEqual([true, true]);
  await comes(event(2), event(1), event(3, { chatId: null }));
  await holding.end();
  expect([holding.isOn(), holding.isEnding(), holding.holds(event(1))]).toEqual([false, false, false]);
  expect(swept).toEqual([false]);
  expect(new Set(woken)).toEqual(new Set([7, null]));
  expect([await order(7), await order(null)]).toEqual([["1", "2"], ["3"]]);
});

it("lets nothing overtake what a chat still has to get", async () => {
  const later: Promise<unknown>[] = [];
  const { holding, comes, order } = await bench({
    onWake(chatId) {
      if (chatId === 7) later.push(comes(event(9, { chatId: 8 }), event(10, { chatId: 7 })));
    },
  });
  await comes(event(1), event(2, { chatId: 8 }));
  await holding.end();
  await Promise.all(later);
  expect([await order(7), await order(8)]).toEqual([
    ["1", "10"],
    ["2", "9"],
  ]);
});

it("goes on where it stopped when the store refuses in the middle", async () => {
  const { holding, comes, order, trouble } = await bench();
  await comes(event(1), event(2, { chatId: 8 }));
  trouble.releases = 2;
  await expect(holding.end()).rejects.toThrow("the disk is full");
  expect([holding.isOn(), holding.isEnding()]).toEqual([false, true]);
  await holding.end();
  expect(holding.isEnding()).toBe(false);
  expect([await order(7), await order(8)]).toEqual([["1"], ["2"]]);
});

it("takes in what was left out of an open stream, and tells what was new", async () => {
  const { holding, comes, order, woken } = await bench();
  await holding.end();
  await comes(event(1));
  const fresh = await holding.slipIn([event(3), event(2), event(1)], 2_000);
  expect(fresh.map(({ key }) => key)).toEqual(["message_new:3", "message_new:2"]);
  expect(woken).toEqual([7]);
  expect(await order(7)).toEqual(["1", "2", "3"]);
});
