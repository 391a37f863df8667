import { expect, it, onTestFinished } from "vitest";
import { createDeciding } from "../../src/connection/deciding/deciding.ts";
import type { Fetch } from "../../src/connection/deciding/fetch.ts";
import { type Store, StoreError } from "../../src/store/store.ts";
import type { CallOutcome } from "../../src/types/plan.ts";
import { said } from "../engine/world.ts";
import { CONNECTION, type Desk, lane, openDesk } from "./desk.ts";

const RULES = `
- rule: Ways
  when: {message: any}
  do:
    - look_up: delivery_types
    - reply: "Ways: {{ delivery_types | map: 'name' | join: ', ' }}"
`;
const FOUND: CallOutcome = { ok: true, body: { found: [{ name: "Courier" }] } };

/** A desk whose run asks for something, and what the fetches are given. */
async function asking(rules = RULES) {
  const desk = await openDesk(rules);
  onTestFinished(() => desk.store.close());
  const limits: number[] = [];
  const event = said("Hi", { at: desk.clock.now() });
  await desk.store.receive(CONNECTION, [event], desk.clock.now());
  const process = (outcome: () => Promise<CallOutcome | null>, store: Store = desk.store) => {
    const fetch: Fetch = (_request, { limitMs }) => {
      limits.push(limitMs);
      return outcome();
    };
    const decide = createDeciding({ ...desk.context, store, ...desk.waiting, fetch, onDecision() {} });
    return () => decide(lane(event.chatId));
  };
  return { desk, limits, process };
}

const replies = async (desk: Desk) =>
  (await desk.store.outbox(CONNECTION, { limit: 9 })).map(({ call }) => call.body?.content);

it("goes on with what was fetched", async () => {
  const { desk, limits, process } = await asking();
  await process(async () => FOUND)();
  expect(await replies(desk)).toEqual(["Ways: Courier"]);
  expect(limits).toEqual([15_000]);
});

it("leaves what was given up for the next process, which has the whole time for it however late it is", async () => {
  const { desk, limits, process } = await asking();
  await process(async () => null)();
  expect(await replies(desk)).toEqual([]);
  await desk.clock.advance(60_000);
  await process(async () => FOUND)();
  expect(await replies(desk)).toEqual(["Ways: Courier"]);
  expect(limits).toEqual([15_000, 15_000]);
});

it("is given no more time when the clock was set back since it was asked for", async () => {
  const { desk, limits, process } = await asking();
  const given: (CallOutcome | null)[] = [null, FOUND];
  const round = process(async () => given.shift() ?? null);
  desk.clock.set(60_000);
  await round();
  desk.clock.set(-3_600_000);
  await round();
  expect(limits).toEqual([15_000, 15_000]);
});

const CALLS = (method: string) => `
- rule: Hook
  when: {message: any}
  do:
    - http: {method: ${method}, url: "https://hooks.example/new"}
      ok: [{reply: Done.}]
      failed: [{reply: Not sure.}]
`;

it.each([
  { method: "POST", says: "Not sure.", asked: 1 },
  { method: "PATCH", says: "Not sure.", asked: 1 },
  { method: "GET", says: "Done.", asked: 2 },
  { method: "PUT", says: "Done.", asked: 2 },
])(
  "asks another service by $method $asked time(s) when the program ended in between",
  async ({ method, says, asked }) => {
    const { desk, limits, process } = await asking(CALLS(method));
    await process(async () => null)();
    await process(async () => ({ ok: true, body: null }))();
    expect(await replies(desk)).toEqual([says]);
    expect(limits.length).toBe(asked);
  },
);

it.each(["POST", "GET"])(
  "asks another service by %s once when the store can't keep what came of it, and goes on with that when it can",
  async (method) => {
    const { desk, limits, process } = await asking(CALLS(method));
    let failures = 0;
    const store: Store = {
      ...desk.store,
      async commit(connectionId, commit) {
        // Before the request it works, when the request is answered it does not.
        if (limits.length === 0 || failures === 2) return desk.store.commit(connectionId, commit);
        failures += 1;
        throw new StoreError("the disk is full");
      },
    };
    const round = process(async () => ({ ok: true, body: null }), store);
    await expect(round()).rejects.toThrow("the disk is full");
    await expect(round()).rejects.toThrow("the disk is full");
    await round();
    expect(await replies(desk)).toEqual(["Done."]);
    expect(limits.length).toBe(1);
  },
);

it("what was fetched for one request of a chat is not taken for the next one's", async () => {
  const { desk, process } = await asking(`
- rule: Hook
  when: {message: any}
  do:
    - http: {method: POST, url: "https://hooks.example/one", save: one}
    - http: {method: POST, url: "https://hooks.example/two", save: two}
    - reply: "{{ one }} {{ two }}"
`);
  const outcomes: CallOutcome[] = [
    { ok: true, body: "first" },
    { ok: true, body: "second" },
  ];
  await process(async () => outcomes.shift() ?? null)();
  expect(await replies(desk)).toEqual(["first second"]);
});
