import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createDeciding } from "../../src/connection/deciding/deciding.ts";
import { createMutex } from "../../src/connection/lanes/mutex.ts";
import { createMutexes } from "../../src/connection/lanes/mutexes.ts";
import type { Store } from "../../src/store/store.ts";
import type { Event } from "../../src/types/event.ts";
import type { Json } from "../../src/types/json.ts";
import { said } from "../engine/world.ts";
import { CONNECTION, openDesk } from "./desk.ts";

const WORDS = ["one", "two", "three", "four", "five", "six"] as const;

/** Each word is remembered under a name of its own, so that none replaces another; every second one after a look-up, by a run
 *  that goes on. */
const RULES = WORDS.map(
  (word, index) => `
- rule: ${word}
  when: {message_is: ${word}}
  do:
${index % 2 === 0 ? "" : "    - look_up: delivery_types"}
    - set: {customer.${word}: heard}
    - reply: Noted.`,
).join("");

/** A customer's word in one of their chats. */
function wordIn(chatId: number, word: string, customerId: number): Event {
  const event = said(word, {
    more: { chat_id: chatId, dialog: { id: chatId + 1_000 }, chat: { id: chatId, customer: { id: customerId } } },
  });
  return { ...event, chatId };
}

async function bench(store: (real: Store) => Partial<Store> = () => ({})) {
  const desk = await openDesk(RULES);
  const decide = createDeciding({
    ...desk.context,
    ...desk.waiting,
    store: { ...desk.store, ...store(desk.store) },
    fetch: async () => ({ ok: true, body: { found: [{ name: "Courier" }] } }),
    onDecision() {},
  });
  const lanes = new Map<number, ReturnType<typeof createMutex>>();
  const laneOf = (chatId: number) => {
    const mutex = lanes.get(chatId) ?? createMutex();
    lanes.set(chatId, mutex);
    return { chatId, exclusive: mutex.run };
  };
  const decideAll = (chatIds: Iterable<number>) =>
    Promise.all([...new Set(chatIds)].map((chatId) => decide(laneOf(chatId))));
  const receive = (events: readonly Event[]) => desk.store.receive(CONNECTION, events, desk.clock.now());
  const variables = async (id: number) => (await desk.store.customer(CONNECTION, id))?.variables ?? {};
  return { desk, decideAll, receive, variables };
}

describe("chats of one customer at the same time", () => {
  it("fails without the customer's mutex: what each of them remembers of the customer stays, whatever the store's pace", async () => {
    const one = fc.record({
      chatId: fc.integer({ min: 1, max: 4 }),
      word: fc.constantFrom(...WORDS),
    });
    await fc.assert(
      // Fewer than a chat may get answers in a minute.
      fc.asyncProperty(fc.array(one, { maxLength: 5 }), fc.scheduler(), async (said, scheduler) => {
        const slow = (real: Store): Partial<Store> => ({
          async customer(...args) {
            const found = await real.customer(...args);
            await scheduler.schedule(Promise.resolve());
            return found;
          },
          async commit(...args) {
            await scheduler.schedule(Promise.resolve());
            return real.commit(...args);
          },
        });
        const { desk, decideAll, receive, variables } = await bench(slow);
        // Odd chats are the one's, even ones the other's.
        await receive(said.map(({ chatId, word }) => wordIn(chatId, word, 107 + (chatId % 2))));
        await scheduler.waitFor(decideAll(said.map(({ chatId }) => chatId)));
        for (const id of [0, 1]) {
          const heard = said.filter(({ chatId }) => chatId % 2 === id).map(({ word }) => [word, "heard"]);
          expect(await variables(107 + id)).toEqual(Object.fromEntries(heard));
        }
        await desk.store.close();
      }),
      { numRuns: 100 },
    );
  });

  it("wait for each other; those of another customer do not", async () => {
    const [storing, mayStore] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const { decideAll, receive, variables } = await bench((real) => ({
      async commit(connectionId, commit) {
        if (commit.chat?.id === 1) {
          storing.resolve();
          await mayStore.promise;
        }
        return real.commit(connectionId, commit);
      },
    }));
    await receive([wordIn(1, "one", 107), wordIn(2, "two", 107), wordIn(3, "three", 108)]);
    const first = decideAll([1]);
    await storing.promise;
    const second = decideAll([2]);
    await decideAll([3]);
    expect([await variables(107), await variables(108)]).toEqual([{}, { three: "heard" }]);
    mayStore.resolve();
    await Promise.all([first, second]);
    expect(await variables(107)).toEqual({ one: "heard", two: "heard" });
  });

  it("know the customer, too, of whom only the looked-up chat tells", async () => {
    const { desk, decideAll, receive } = await bench();
    await desk.store.receive(CONNECTION, [wordIn(1, "one", 107)], desk.clock.now());
    await decideAll([1]);
    const { data, ...event } = said("hello", { from: "manager", more: { chat_id: 2, dialog: { id: 1_002 } } });
    desk.lists.listChats = [{ id: 2, customer: { id: 107, first_name: "Ana" } }];
    await receive([{ ...event, chatId: 2, data: withoutChat(data) }]);
    await decideAll([2]);
    expect(await desk.store.customer(CONNECTION, 107)).toMatchObject({ firstName: "Ana", variables: { one: "heard" } });
  });
});

const withoutChat = (data: Event["data"]): Event["data"] => {
  const { chat: _, ...message } = data.message as Record<string, Json>;
  return { ...data, message };
};

describe("mutexes by number", () => {
  it("are gone when nobody uses them", async () => {
    const mutexes = createMutexes();
    const open = Promise.withResolvers<void>();
    const first = mutexes.run(1, () => open.promise);
    const second = mutexes.run(1, async () => "second");
    expect(mutexes.count()).toBe(1);
    open.resolve();
    expect([await first, await second]).toEqual([undefined, "second"]);
    await expect(mutexes.run(1, () => Promise.reject(new Error("it failed")))).rejects.toThrow("it failed");
    expect(mutexes.count()).toBe(0);
  });

  it("let tasks of nothing go at once", async () => {
    const mutexes = createMutexes();
    const never = mutexes.run(null, () => new Promise<never>(() => {}));
    expect(await Promise.race([never, mutexes.run(null, async () => "done")])).toBe("done");
  });
});
