import { expect, it } from "vitest";
import { createDeciding } from "../../src/connection/deciding/deciding.ts";
import { createTurns } from "../../src/connection/lanes/turns.ts";
import { CONNECTION, openDesk } from "./desk.ts";

it("fails without the turns of deciding: gives each connection its turn after every other that waits, however many turns one wants", async () => {
  const turns = createTurns();
  const taken: string[] = [];
  const wanted = ["big", "big", "big", "big", "small", "other", "small"];
  await Promise.all(wanted.map((id) => turns.take(id).then(() => taken.push(id))));
  expect(taken).toEqual(["big", "small", "other", "big", "small", "big", "big"]);
});

it("lets the event loop go on between two turns", async () => {
  const turns = createTurns();
  const seen: string[] = [];
  const looks = () => {
    if (seen.length > 20) return;
    seen.push("loop");
    setImmediate(looks);
  };
  setImmediate(looks);
  await Promise.all(Array.from({ length: 5 }, () => turns.take("one").then(() => seen.push("turn"))));
  const between = seen.slice(seen.indexOf("turn"), seen.lastIndexOf("turn") + 1);
  expect(between.filter((one) => one === "loop").length).toBeGreaterThanOrEqual(4);
});

it("begins anew after everyone has had their turn", async () => {
  const turns = createTurns();
  await turns.take("one");
  await turns.take("two");
  await turns.take("one");
});

it("is waited for before each decision", async () => {
  const desk = await openDesk();
  let waited = 0;
  const event = { type: "test", at: desk.clock.now(), chatId: 1, data: {} };
  await desk.store.receive(
    CONNECTION,
    [1, 2, 3].map((at) => ({ ...event, key: `test:${at}` })),
    desk.clock.now(),
  );
  const decide = createDeciding({
    ...desk.context,
    ...desk.waiting,
    onDecision() {},
    async turn() {
      waited += 1;
    },
  });
  await decide({ chatId: 1, exclusive: (task) => task() });
  // Once more to see that nothing is left.
  expect(waited).toBe(4);
});
