import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createDeciding } from "../../src/connection/deciding/deciding.ts";
import { createLanes, type Lanes } from "../../src/connection/lanes/lanes.ts";
import { createPerforming } from "../../src/connection/performing/performing.ts";
import type { Event } from "../../src/types/event.ts";
import type { Call } from "../../src/types/plan.ts";
import { rulebook } from "../engine/world.ts";
import { CONNECTION, type Desk, failure, openDesk } from "./desk.ts";

const ECHO = `
- rule: Echo
  when: {message: any}
  do:
    - reply: "1 {{ message.text }}"
    - reply: "2 {{ message.text }}"
`;

const said = (id: number, chatId: number, at: number): Event => ({
  key: `message_new:${id}`,
  type: "message_new",
  at,
  chatId,
  data: {
    message: {
      id,
      chat_id: chatId,
      type: "text",
      scope: "public",
      content: `m${id}`,
      created_at: new Date(at).toISOString(),
      from: { id: chatId, type: "customer" },
      dialog: { id: chatId * 10 },
      chat: { id: chatId, customer: { id: chatId, type: "customer" }, channel: { id: 1, type: "telegram" } },
    },
  },
});

/** Lanes on a desk, with both halves of their work. */
function lanesOn(desk: Desk): Lanes {
  const context = { ...desk.context, wake: (chatId: number | null) => lanes.wake(chatId) };
  const lanes = createLanes({
    connectionId: CONNECTION,
    store: desk.store,
    clock: desk.clock,
    log: desk.log.log,
    decide: createDeciding({ ...context, ...desk.waiting, onDecision() {} }),
    perform: createPerforming(context),
  });
  return lanes;
}

const chatOf = ({ body }: Call) => Number(body?.chat_id);
const contentOf = ({ body }: Call) => String(body?.content);

async function settled(desk: Desk): Promise<void> {
  for (let round = 0; round < 500; round++) {
    const { inbox, outbox, unknown } = await desk.store.counts(CONNECTION);
    if (inbox + outbox + unknown === 0) return;
    await desk.clock.advance(1_000);
  }
  throw new Error("the lanes never come to rest");
}

describe("lanes", () => {
  it("fails without the order of a lane: keep the order within each chat, whatever arrives in which order and however the gateway answers", async () => {
    const book = rulebook(ECHO, "bot: {answers_per_minute: 1000}");
    const arrival = fc.record({ chat: fc.integer({ min: 1, max: 4 }), again: fc.boolean() });
    const trouble = fc.constantFrom("none", "none", "limited", "nobody", "slow");
    await fc.assert(
      fc.asyncProperty(
        fc.array(arrival, { minLength: 1, maxLength: 15 }),
        fc.array(trouble, { maxLength: 20 }),
        async (arrivals, troubles) => {
          const desk = await openDesk();
          desk.useRules(book);
          const lanes = lanesOn(desk);
          for (const what of troubles) {
            if (what === "limited") desk.reactions.push(failure({ kind: "limited", status: 429, sent: "no" }));
            if (what === "nobody") desk.reactions.push(failure({ status: null, sent: "no" }));
            if (what === "slow") desk.reactions.push(desk.clock.sleep(1_500).then(() => ({})));
          }
          const events = arrivals.map(({ chat }, index) => said(100 + index, chat, desk.clock.now()));
          for (const [index, event] of events.entries()) {
            // Known events come again, as from a second socket.
            const batch = arrivals[index]?.again === true ? [event, event, ...events.slice(0, index)] : [event];
            await desk.store.receive(CONNECTION, batch, desk.clock.now());
            lanes.wake(event.chatId);
          }
          await settled(desk);
          await lanes.stop();
          for (const chat of [1, 2, 3, 4]) {
            const done = (await desk.store.outbox(CONNECTION, { state: "sent", limit: 1_000 })).toReversed();
            const texts = done.filter(({ call }) => chatOf(call) === chat).map(({ call }) => contentOf(call));
            const wanted = events
              .filter((event) => event.chatId === chat)
              .flatMap(({ key }) => {
                const id = key.slice("message_new:".length);
                return [`1 m${id}`, `2 m${id}`];
              });
            expect(texts).toEqual(wanted);
            // A call that is tried again repeats itself; apart from that, the gateway saw the same order.
            const seen = desk.sent.filter((call) => chatOf(call) === chat).map(contentOf);
            expect(seen.filter((text, index) => text !== seen[index - 1])).toEqual(wanted);
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it("go on in other chats while one waits for the gateway", async () => {
    const desk = await openDesk(ECHO);
    const lanes = lanesOn(desk);
    desk.reactions.push(new Promise(() => {}));
    await desk.store.receive(CONNECTION, [said(1, 1, desk.clock.now())], desk.clock.now());
    lanes.wake(1);
    await desk.clock.advance(0);
    await desk.store.receive(CONNECTION, [said(2, 2, desk.clock.now())], desk.clock.now());
    lanes.wake(2);
    await desk.clock.advance(0);
    expect(desk.sent.map(contentOf)).toEqual(["1 m1", "1 m2", "2 m2"]);
  });

  it("go on deciding a chat while its call waits, so that a manager's word is heard", async () => {
    const desk = await openDesk(ECHO);
    const lanes = lanesOn(desk);
    desk.reactions.push(failure({ status: null, sent: "no" }));
    const now = desk.clock.now();
    await desk.store.receive(CONNECTION, [said(1, 1, now)], now);
    lanes.wake(1);
    await desk.clock.advance(0);
    const event = said(2, 1, now + 1);
    const byManager = { ...(event.data.message as object), from: { id: 12, type: "user", name: "Anna" } };
    await desk.store.receive(CONNECTION, [{ ...event, data: { message: byManager } }], now);
    lanes.wake(1);
    await settled(desk);
    const rows = await desk.store.outbox(CONNECTION, { limit: 10 });
    expect(rows.map(({ state, outcome }) => [state, outcome])).toEqual([
      ["dropped", { ok: false, reason: "manager" }],
      ["dropped", { ok: false, reason: "manager" }],
    ]);
  });

  it("find work that no wake-up announced", async () => {
    const desk = await openDesk(ECHO);
    const lanes = lanesOn(desk);
    await lanes.sweep();
    await desk.store.receive(CONNECTION, [said(1, 1, desk.clock.now())], desk.clock.now());
    await desk.clock.advance(4_999);
    expect(desk.sent).toEqual([]);
    await desk.clock.advance(1);
    expect(desk.sent.map(contentOf)).toEqual(["1 m1", "2 m1"]);
    await lanes.stop();
  });

  it("are forgotten when they have nothing to do", async () => {
    const desk = await openDesk(ECHO);
    const lanes = lanesOn(desk);
    await desk.store.receive(
      CONNECTION,
      [said(1, 1, desk.clock.now()), said(2, 2, desk.clock.now())],
      desk.clock.now(),
    );
    lanes.wake(1);
    lanes.wake(2);
    expect(lanes.count()).toBe(2);
    await desk.clock.advance(0);
    await settled(desk);
    await desk.clock.advance(0);
    expect(lanes.count()).toBe(0);
  });

  it("begin nothing more once they are stopped, and the stop waits for what is under way", async () => {
    const desk = await openDesk(ECHO);
    const lanes = lanesOn(desk);
    const answer = Promise.withResolvers<object>();
    desk.reactions.push(answer.promise as never);
    await desk.store.receive(CONNECTION, [said(1, 1, desk.clock.now())], desk.clock.now());
    lanes.wake(1);
    await desk.clock.advance(0);
    let isStopped = false;
    desk.setLink(null);
    const stopped = lanes.stop().then(() => {
      isStopped = true;
    });
    await desk.clock.advance(0);
    expect(isStopped).toBe(false);
    answer.resolve({ message_id: 5 });
    await stopped;
    expect(await desk.states()).toEqual({ "message_new:1|Echo/1": "sent", "message_new:1|Echo/2": "pending" });
  });
});
