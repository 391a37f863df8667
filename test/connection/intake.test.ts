import { describe, expect, it } from "vitest";
import { createNewestMessages } from "../../src/connection/performing/newest-messages.ts";
import { createIntake, type IntakeOptions } from "../../src/connection/serving/intake.ts";
import { StoreError } from "../../src/store/store.ts";
import type { Event } from "../../src/types/event.ts";
import { createTestLog } from "../helpers/test-log.ts";
import { createVirtualClock } from "../helpers/virtual-clock.ts";

const frame = (id: number, chatId = 7) =>
  JSON.stringify({
    type: "message_new",
    meta: { timestamp: 1_782_807_000 },
    data: { message: { id, chat_id: chatId, type: "text", content: "words of a customer" } },
  });

function desk(receive?: IntakeOptions["store"]["receive"], receiving: IntakeOptions["receiving"] = () => ({})) {
  const clock = createVirtualClock();
  const log = createTestLog();
  const newest = createNewestMessages();
  const groups: (readonly Event[])[] = [];
  const woken: (number | null)[] = [];
  const told: string[] = [];
  const intake = createIntake({
    connectionId: "c",
    store: {
      async receive(id, events, at, how) {
        if (receive !== undefined) await receive(id, events, at, how);
        groups.push(events);
        return events;
      },
    },
    clock,
    log: log.log,
    newest,
    wake: (chatId) => woken.push(chatId),
    receiving,
    onStoreFailed: () => told.push("failed"),
    onStoreBack: () => told.push("back"),
    onKept() {},
  });
  return { intake, clock, log, newest, groups, woken, told };
}

describe("frames from the socket", () => {
  it("are committed together, at most 20 ms after the first of them", async () => {
    const { intake, clock, groups, woken } = desk();
    intake.frame(frame(1));
    await clock.advance(19);
    intake.frame(frame(2, 8));
    expect(groups).toEqual([]);
    await clock.advance(1);
    expect(groups.map((events) => events.map(({ key }) => key))).toEqual([["message_new:1", "message_new:2"]]);
    expect(woken).toEqual([7, 8]);
  });

  it("are committed at once when there are a hundred", async () => {
    const { intake, clock, groups } = desk();
    for (let id = 1; id <= 101; id++) intake.frame(frame(id));
    await clock.advance(0);
    expect(groups.map(({ length }) => length)).toEqual([100]);
    await clock.advance(20);
    expect(groups.map(({ length }) => length)).toEqual([100, 1]);
  });

  it("wake nobody before they are in the store", async () => {
    const stored = Promise.withResolvers<never>();
    const { intake, clock, woken } = desk(() => stored.promise);
    intake.frame(frame(1));
    await clock.advance(20);
    expect(woken).toEqual([]);
    stored.resolve(undefined as never);
    await clock.advance(0);
    expect(woken).toEqual([7]);
  });

  it("teach the newest message of their chat", () => {
    const { intake, newest } = desk();
    intake.frame(frame(12));
    intake.frame(frame(11));
    expect(newest.get(7)).toBe(12);
  });

  it.each([
    { what: "no JSON", text: "Customer said: words of a customer" },
    { what: "a list", text: '["words of a customer"]' },
    { what: "without data", text: '{"type":"message_new","x":"words of a customer"}' },
    { what: "an id that is no safe integer", text: frame(1).replace('"id":1', '"id":9007199254740993') },
  ])("that cannot be read ($what) harm only themselves, and their text is not logged", async ({ text }) => {
    const { intake, clock, log, groups } = desk();
    intake.frame(text);
    intake.frame(frame(2));
    await clock.advance(20);
    expect(groups.map((events) => events.map(({ key }) => key))).toEqual([["message_new:2"]]);
    expect(intake.counts()).toMatchObject({ frames: 2, bad: 1 });
    expect(log.lines().map(({ msg }) => msg)).toEqual(["a frame could not be read"]);
    expect(log.text()).not.toContain("words of a customer");
  });

  it("fails without the closing while the store refuses: are kept and tried again while the store refuses, and the socket is told to wait", async () => {
    let refusals = 3;
    const { intake, clock, groups, told, woken } = desk(async () => {
      refusals -= 1;
      if (refusals >= 0) throw new StoreError("The disk is full.");
      return [];
    });
    intake.frame(frame(1));
    await clock.advance(20);
    intake.frame(frame(2));
    expect(told).toEqual(["failed"]);
    await clock.advance(1_000 + 2_000 + 4_000);
    expect(told).toEqual(["failed", "back"]);
    expect(groups.map((events) => events.map(({ key }) => key))).toEqual([["message_new:1"], ["message_new:2"]]);
    expect(woken).toEqual([7, 7]);
  });

  it("are all in the store when a flush has ended", async () => {
    const { intake, groups } = desk();
    intake.frame(frame(1));
    await intake.flush();
    expect(groups.length).toBe(1);
  });

  it("are stored as their owner wants it at that moment", async () => {
    const hows: unknown[] = [];
    const { intake } = desk(
      async (_id, _events, _at, how) => {
        hows.push(how);
        return [];
      },
      (events) => ({ facts: { count: events.length } }),
    );
    intake.frame(frame(1));
    intake.frame(frame(2));
    await intake.flush();
    expect(hows).toEqual([{ facts: { count: 2 } }]);
  });

  it("wait while somebody else has a turn at the inbox, who waits for those before", async () => {
    const { intake, groups } = desk();
    const turn = Promise.withResolvers<string>();
    intake.frame(frame(1));
    const first = intake.flush();
    const done = intake.turn(() => turn.promise);
    intake.frame(frame(2));
    const second = intake.flush();
    await first;
    expect(groups).toHaveLength(1);
    turn.resolve("done");
    expect(await done).toBe("done");
    await second;
    expect(groups).toHaveLength(2);
  });

  it("are stored after a turn that failed, which only its owner hears of", async () => {
    const { intake, groups } = desk();
    const failed = intake.turn(() => Promise.reject(new Error("no")));
    intake.frame(frame(1));
    await intake.flush();
    await expect(failed).rejects.toThrow("no");
    expect(groups).toHaveLength(1);
  });
});
