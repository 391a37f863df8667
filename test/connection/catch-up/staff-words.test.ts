import { describe, expect, it, onTestFinished } from "vitest";
import { learnDialogs, noteStaffWords, staffWords } from "../../../src/connection/catch-up/staff-words.ts";
import { createDirectory } from "../../../src/connection/directory/directory.ts";
import type { JsonObject } from "../../../src/types/json.ts";
import { openTestStore } from "../../helpers/test-store.ts";
import { dialog } from "../../store/builders.ts";
import { CONNECTION, row } from "./bench.ts";

const NOON = Date.parse("2026-06-30T12:00:00Z");
const byAnna = { from: { type: "user", id: 12 }, dialog: { id: 70 } };

const words = (...rows: JsonObject[]) => staffWords(rows).map(({ dialogId, at }) => [dialogId, at - NOON]);

describe("the last word of the staff in a dialog", () => {
  it.each([
    { what: "a manager's message", over: {}, known: true },
    { what: "a note", over: { scope: "private" }, known: false },
    { what: "a command", over: { type: "command", scope: "private" }, known: false },
    { what: "a public command", over: { type: "command" }, known: false },
    { what: "a customer's message", over: { from: { type: "customer", id: 107 } }, known: false },
    { what: "a bot's message", over: { from: { type: "bot", id: 10 } }, known: false },
    { what: "a service note", over: { from: null, type: "system" }, known: false },
    { what: "a message without a dialog", over: { dialog: null }, known: false },
  ])("is $what: $known", ({ over, known }) => {
    expect(words(row(1, 7, NOON, { ...byAnna, ...over }))).toEqual(known ? [[70, 0]] : []);
  });

  it("is the latest of each dialog", () => {
    const rows = [
      row(1, 7, NOON + 5, byAnna),
      row(2, 7, NOON + 9, byAnna),
      row(3, 7, NOON + 7, byAnna),
      row(4, 8, NOON, { ...byAnna, dialog: { id: 80 } }),
    ];
    expect(words(...rows)).toEqual([
      [70, 9],
      [80, 0],
    ]);
  });
});

async function know() {
  const store = await openTestStore();
  onTestFinished(() => store.close());
  const guarded: number[] = [];
  const directory = createDirectory(store, CONNECTION);
  await directory.load({ id: 9, name: "Helper" });
  return {
    connectionId: CONNECTION,
    store,
    directory,
    guarded,
    exclusive: <T>(chatId: number, task: () => Promise<T>) => {
      guarded.push(chatId);
      return task();
    },
  };
}

describe("before a gap is decided", () => {
  it.each([
    { before: null, after: NOON },
    { before: NOON - 1, after: NOON },
    { before: NOON + 1, after: NOON + 1 },
  ])("a dialog where a manager spoke last at $before knows of the word", async ({ before, after }) => {
    const kept = await know();
    await kept.store.saveDialogs(CONNECTION, [dialog(70, { lastManagerAt: before, variables: { topic: "tea" } })]);
    await noteStaffWords([row(1, 7, NOON, byAnna)], kept);
    expect(await kept.store.dialog(CONNECTION, 70)).toMatchObject({
      lastManagerAt: after,
      variables: { topic: "tea" },
    });
    expect(kept.guarded).toEqual([7]);
  });

  it("a word in a dialog that nobody knows makes none", async () => {
    const kept = await know();
    await noteStaffWords([row(1, 7, NOON, byAnna)], kept);
    expect(await kept.store.dialog(CONNECTION, 70)).toBeNull();
  });

  it("listed dialogs of which there are messages are learned, and known ones stay as they are", async () => {
    const kept = await know();
    await kept.store.saveDialogs(CONNECTION, [dialog(71, { marks: { welcome: 5 } })]);
    const listed = new Map(
      [70, 71, 72].map((id): [number, JsonObject] => [
        id,
        { id, chat_id: 7, created_at: "2026-06-30T12:00:00Z", responsible: { type: "user", id: 12 } },
      ]),
    );
    const rows = [row(1, 7, NOON, { dialog: { id: 70 } }), row(2, 7, NOON, { dialog: { id: 71 } })];
    await learnDialogs(rows, listed, kept);
    expect(await kept.store.dialog(CONNECTION, 70)).toMatchObject({ id: 70, openedAt: NOON });
    expect(await kept.store.dialog(CONNECTION, 71)).toMatchObject({ marks: { welcome: 5 } });
    expect(await kept.store.dialog(CONNECTION, 72)).toBeNull();
    expect(kept.directory.current().openDialogs).toEqual({ 12: 1 });
  });
});
