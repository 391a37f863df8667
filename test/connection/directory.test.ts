import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Context } from "../../src/connection/context.ts";
import { createDeciding } from "../../src/connection/deciding/deciding.ts";
import { createDirectory } from "../../src/connection/directory/directory.ts";
import { createPerforming } from "../../src/connection/performing/performing.ts";
import type { Dialog } from "../../src/types/state.ts";
import { said } from "../engine/world.ts";
import { channel, dialog, person, user } from "../store/builders.ts";
import { CONNECTION, lane, openDesk } from "./desk.ts";

const BOT = { id: 9, name: "Helper" };

describe("the directory in memory", () => {
  async function loaded() {
    const desk = await openDesk();
    await desk.store.savePeople(CONNECTION, [person(12, "Anna"), person(13, "Ivan")]);
    await desk.store.saveDialogs(CONNECTION, [dialog(70, { responsible: user(12) })]);
    const directory = createDirectory(desk.store, CONNECTION);
    await directory.load(BOT);
    return directory;
  }

  it("adopts what a decision changed, and nothing else", async () => {
    const directory = await loaded();
    directory.adopt({ people: [{ ...person(13, "Ivan"), online: false }] });
    directory.adopt({ channels: [channel(3, "@shop")] });
    const { people, channels, bot } = directory.current();
    expect(people.map(({ id, online }) => [id, online])).toEqual([
      [12, true],
      [13, false],
    ]);
    expect(channels.length).toBe(1);
    expect(bot).toEqual(BOT);
  });

  it.each([
    { change: "assigned", before: dialog(71), after: dialog(71, { responsible: user(13) }), counts: { 12: 1, 13: 1 } },
    {
      change: "handed over",
      before: dialog(70, { responsible: user(12) }),
      after: dialog(70, { responsible: user(13) }),
      counts: { 12: 0, 13: 1 },
    },
    {
      change: "closed",
      before: dialog(70, { responsible: user(12) }),
      after: dialog(70, { responsible: user(12), closedAt: 5 }),
      counts: { 12: 0 },
    },
    {
      change: "given to a bot",
      before: dialog(70, { responsible: user(12) }),
      after: dialog(70, { responsible: { type: "bot", id: 9, assignedAt: 1 } }),
      counts: { 12: 0 },
    },
    {
      change: "tagged",
      before: dialog(70, { responsible: user(12) }),
      after: dialog(70, { responsible: user(12), tags: ["x"] }),
      counts: { 12: 1 },
    },
  ] as const)("counts a dialog that was $change", async ({ before, after, counts }) => {
    const directory = await loaded();
    directory.count(before, after);
    expect(directory.current().openDialogs).toEqual(counts);
  });
});

describe("counts of open dialogs while everything is read anew", () => {
  const given = dialog(71, { responsible: user(13) });

  /** A store that reads the directory at once and answers when it is let. */
  async function slowly() {
    const desk = await openDesk();
    await desk.store.savePeople(CONNECTION, [person(12, "Anna"), person(13, "Ivan")]);
    await desk.store.saveDialogs(CONNECTION, [dialog(70, { responsible: user(12) })]);
    const answer = Promise.withResolvers<void>();
    const hasRead = Promise.withResolvers<void>();
    let reads = 0;
    const store = {
      savePeople: desk.store.savePeople,
      async directory(connectionId: string) {
        const read = await desk.store.directory(connectionId);
        reads += 1;
        if (reads < 2) return read;
        hasRead.resolve();
        await answer.promise;
        return read;
      },
    };
    const directory = createDirectory(store, CONNECTION);
    await directory.load(BOT);
    return { desk, directory, answer, hasRead: hasRead.promise };
  }

  it("fails without the gate of the directory: a dialog given to somebody after the reading and before its answer is counted", async () => {
    const { desk, directory, answer, hasRead } = await slowly();
    const loading = directory.load(BOT);
    await hasRead;
    const changing = directory.change(async () => {
      await desk.store.saveDialogs(CONNECTION, [given]);
      directory.count(null, given);
    });
    await new Promise((resolve) => setImmediate(resolve));
    answer.resolve();
    await Promise.all([loading, changing]);
    expect(directory.current().openDialogs).toEqual({ 12: 1, 13: 1 });
  });

  it("fails without the gate of the directory: a dialog whose storing was not answered when the reading began is counted once", async () => {
    const { desk, directory, answer } = await slowly();
    const stored = Promise.withResolvers<void>();
    const changing = directory.change(async () => {
      await desk.store.saveDialogs(CONNECTION, [given]);
      await stored.promise;
      directory.count(null, given);
    });
    const loading = directory.load(BOT);
    answer.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    stored.resolve();
    await Promise.all([loading, changing]);
    expect(directory.current().openDialogs).toEqual({ 12: 1, 13: 1 });
  });

  it("are right after any mixture of readings and changes", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ id: fc.integer({ min: 1, max: 4 }), holder: fc.constantFrom(12, 13, null) }), {
          maxLength: 12,
        }),
        fc.scheduler(),
        async (history, scheduler) => {
          const desk = await openDesk();
          const rest = () => scheduler.schedule(Promise.resolve());
          /** Done at some moment, and answered at some later one. */
          const slow =
            <Args extends readonly unknown[], T>(task: (...args: Args) => Promise<T>) =>
            async (...args: Args): Promise<T> => {
              await rest();
              const done = await task(...args);
              await rest();
              return done;
            };
          const directory = createDirectory({ ...desk.store, directory: slow(desk.store.directory) }, CONNECTION);
          const save = slow(desk.store.saveDialogs);
          // Of one dialog as its lane would do it: one change after the other.
          const lanes = Map.groupBy(history, ({ id }) => id);
          const changes = [...lanes.values()].map(async (lane) => {
            let before: Dialog | null = null;
            for (const { id, holder } of lane) {
              const after: Dialog = dialog(id, { responsible: holder === null ? null : user(holder) });
              await directory.change(async () => {
                await save(CONNECTION, [after]);
                directory.count(before, after);
              });
              before = after;
            }
          });
          const loads = [1, 2, 3].map(() => directory.load(BOT));
          await scheduler.waitFor(Promise.all([...changes, ...loads]));
          const { openDialogs } = await desk.store.directory(CONNECTION);
          const counted = Object.entries(directory.current().openDialogs).filter(([, count]) => count > 0);
          expect(Object.fromEntries(counted)).toEqual(openDialogs);
          await desk.store.close();
        },
      ),
      { numRuns: 100 },
    );
  });
});

it("what is decided, and what became of a call, is counted in one go with its storing", async () => {
  const desk = await openDesk("- rule: Hello\n  when: {message: any}\n  do: [{reply: Hello}]");
  const seen = new Map<string, boolean[]>();
  let isInside = false;
  const noted =
    <Args extends readonly unknown[], T>(name: string, task: (...args: Args) => T) =>
    (...args: Args): T => {
      seen.set(name, [...(seen.get(name) ?? []), isInside]);
      return task(...args);
    };
  const { store } = desk;
  const context: Context = {
    ...desk.context,
    store: { ...store, commit: noted("commit", store.commit), endCall: noted("endCall", store.endCall) },
    directory: {
      ...desk.context.directory,
      count: noted("count", desk.context.directory.count),
      async change(task) {
        isInside = true;
        try {
          return await task();
        } finally {
          isInside = false;
        }
      },
    },
  };
  const event = said("Hi", { at: desk.clock.now() });
  await store.receive(CONNECTION, [event], desk.clock.now());
  await createDeciding({ ...context, ...desk.waiting, onDecision() {} })(lane(event.chatId));
  await createPerforming(context)(lane(event.chatId));
  expect(Object.fromEntries(seen)).toEqual({ commit: [true], endCall: [true], count: [true, true] });
});
