import { expect, it } from "vitest";
import { createDeciding } from "../../src/connection/deciding/deciding.ts";
import { createQueues } from "../../src/connection/deciding/queues.ts";
import { queueEvent } from "../../src/engine/queue.ts";
import type { Store } from "../../src/store/store.ts";
import type { Event } from "../../src/types/event.ts";
import type { Directory, Queued } from "../../src/types/state.ts";
import { ANNA, rulebook, said, world } from "../engine/world.ts";
import { CONNECTION, lane, openDesk } from "./desk.ts";

const RULES = rulebook(
  "- rule: Wait\n  when: {message: any}\n  do:\n    - queue: sales",
  "teams: {sales: {people: [Anna Petrova]}}",
);
const waits = (id: number): Queued => ({ dialogId: id, chatId: id + 100, team: "sales", since: id });

const GIVE = rulebook(
  "- rule: Give\n  when: {message: any}\n  do:\n    - assign: sales\n      nobody:\n        - queue: sales",
  "teams: {sales: {people: [Anna Petrova], max_open: 1}}",
);

it("fails without the directory's desk: lets nobody who comes later overtake a dialog whose place in the queue is being stored", async () => {
  const desk = await openDesk();
  desk.useRules(GIVE);
  const { directory, store } = desk.context;
  directory.adopt({ people: [{ ...ANNA, online: false }] });
  const writes = (chatId: number) => {
    const { key, ...event } = said("hello", {
      more: { chat_id: chatId, dialog: { id: chatId }, chat: { id: chatId, customer: { id: chatId + 500 } } },
    });
    return { ...event, key, chatId };
  };
  const events = [writes(1), writes(2)];
  await store.receive(CONNECTION, events, desk.clock.now());
  const [storing, mayStore] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const slow: Store = {
    ...store,
    async commit(connectionId, commit) {
      if (commit.eventKey === events[0]?.key) {
        storing.resolve();
        await mayStore.promise;
      }
      return store.commit(connectionId, commit);
    },
  };
  const decide = createDeciding({ ...desk.context, ...desk.waiting, store: slow, onDecision() {} });
  const first = decide(lane(1));
  await storing.promise;
  directory.adopt({ people: [ANNA] });
  const second = decide(lane(2));
  await new Promise((resolve) => setImmediate(resolve));
  mayStore.resolve();
  await Promise.all([first, second]);
  expect(directory.current().queue.map(({ dialogId }) => dialogId)).toEqual([1, 2]);
});

/** Queues over an account in which Anna is free, and a store that keeps each batch of offers it is given. */
async function bench(queue: readonly Queued[]) {
  const desk = await openDesk();
  const batches: (readonly Event[])[] = [];
  const state = { queue, broken: false };
  const store: Store = {
    ...desk.store,
    async receive(_connection, events) {
      batches.push(events);
      if (state.broken) throw new Error("the disk is full");
      return events;
    },
  };
  const current = (): Directory => ({ ...world({ people: [ANNA] }).directory, queue: state.queue });
  const directory = { ...desk.context.directory, current };
  const queues = createQueues({ ...desk.context, store, directory, rulebook: () => RULES });
  const dialogs = () => batches.map((events) => events.map(({ data }) => data.dialog_id));
  return { ...desk, queues, state, dialogs };
}

it("offers all dialogs that can be served in one transaction, the oldest first, and none twice", async () => {
  const { queues, dialogs, woken, clock } = await bench([waits(1), waits(2), waits(3)]);
  queues.look();
  queues.look();
  await clock.advance(0);
  expect(dialogs()).toEqual([[1, 2, 3]]);
  expect(woken).toEqual([101, 102, 103]);
});

it("offers again what could not be stored, after a while", async () => {
  const { queues, dialogs, state, clock } = await bench([waits(1)]);
  state.broken = true;
  queues.look();
  await clock.advance(4_999);
  state.broken = false;
  expect(dialogs()).toEqual([[1]]);
  await clock.advance(1);
  expect(dialogs()).toEqual([[1], [1]]);
});

it("offers a dialog that nobody took once more, after a while", async () => {
  const { queues, dialogs, clock } = await bench([waits(1)]);
  queues.look();
  queues.settled(queueEvent(waits(1), clock.now(), 1));
  queues.look();
  await clock.advance(4_999);
  expect(dialogs()).toEqual([[1]]);
  await clock.advance(1);
  expect(dialogs()).toEqual([[1], [1]]);
});

it("offers nothing any more when it has been stopped", async () => {
  const { queues, dialogs, clock } = await bench([waits(1)]);
  queues.look();
  queues.settled(queueEvent(waits(1), clock.now(), 1));
  queues.stop();
  await clock.advance(60_000);
  expect(dialogs()).toEqual([[1]]);
  expect(clock.pending()).toBe(0);
});
