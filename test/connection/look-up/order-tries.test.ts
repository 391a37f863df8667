import { describe, expect, it, onTestFinished } from "vitest";
import { createOrderTries } from "../../../src/connection/look-up/order-tries.ts";
import { type OrderTry, TRIES_WINDOW_MS } from "../../../src/engine/orders.ts";
import { openTestStore } from "../../helpers/test-store.ts";
import { START } from "./counter.ts";

async function fresh() {
  const store = await openTestStore();
  onTestFinished(() => store.close());
  const tries = createOrderTries(store, "shop");
  const add = (chatId: number | null, key: string, now = START) =>
    tries.counting({ chatId, now }, (made) => ({ tries: [...made, { key, at: now }] }));
  const kept = async () => store.fact("shop", "order_tries");
  return { store, tries, add, kept };
}

describe("the guesses of a connection", () => {
  it("are kept by chat", async () => {
    const { add, kept } = await fresh();
    await add(1, "a");
    await add(2, "b");
    await add(1, "c");
    expect(await kept()).toEqual({
      1: [
        { key: "a", at: START },
        { key: "c", at: START },
      ],
      2: [{ key: "b", at: START }],
    });
  });

  it("of the last hour alone are kept", async () => {
    const { add, kept } = await fresh();
    await add(1, "a");
    const now = START + TRIES_WINDOW_MS;
    await add(2, "b", now);
    expect(await kept()).toEqual({ 2: [{ key: "b", at: now }] });
  });

  it("are handed out again by another instance on the same store", async () => {
    const { store, add } = await fresh();
    await add(1, "a");
    const seen: OrderTry[] = [];
    await createOrderTries(store, "shop").counting({ chatId: 1, now: START }, (made) => {
      seen.push(...made);
      return { tries: made };
    });
    expect(seen).toEqual([{ key: "a", at: START }]);
  });

  it("are all counted when chats guess at the same time", async () => {
    const { add, kept } = await fresh();
    await Promise.all([add(1, "a"), add(2, "b"), add(3, "c"), add(null, "d")]);
    expect(Object.keys((await kept()) ?? {}).sort()).toEqual(["1", "2", "3", "none"]);
  });

  it("are not written when nothing was guessed", async () => {
    const { tries, kept } = await fresh();
    await tries.counting({ chatId: 1, now: START }, (made) => ({ tries: made }));
    expect(await kept()).toBeNull();
  });

  it("go on after one that the store could not keep", async () => {
    const { store, add } = await fresh();
    await add(1, "a");
    let fails = true;
    const flaky = createOrderTries(
      {
        fact: store.fact,
        saveFact: async (...all) => {
          if (fails) throw new Error("disk full");
          return store.saveFact(...all);
        },
      },
      "shop",
    );
    const guess = () =>
      flaky.counting({ chatId: 1, now: START }, (made) => ({ tries: [...made, { key: "b", at: START }] }));
    await expect(guess()).rejects.toThrow("disk full");
    fails = false;
    expect((await guess()).tries).toHaveLength(2);
  });

  it("that are not what we stored count as nothing", async () => {
    const { store, add, kept } = await fresh();
    await store.saveFact("shop", "order_tries", { 1: "x", 2: [7, { key: 1, at: 1 }, { key: "k" }], 3: null });
    await add(1, "a");
    expect(await kept()).toEqual({ 1: [{ key: "a", at: START }] });
  });
});
