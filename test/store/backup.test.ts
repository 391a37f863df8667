import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { backUp } from "../../src/store/backup.ts";
import { openStore } from "../../src/store/open.ts";
import { restoredFrom } from "../../src/store/restored.ts";
import { type Store, StoreError } from "../../src/store/store.ts";
import { call, chat, commit, customer, decided, dialog, event, OURS, run } from "./builders.ts";

let folder = "";
const open: Store[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rulebot-backup-"));
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((store) => store.close()));
  rmSync(folder, { recursive: true });
});

const at = (name: string) => join(folder, name);
const NOW = 5_000;

async function start(name = "rulebot.db"): Promise<Store> {
  const store = await openStore(at(name));
  open.push(store);
  return store;
}
const save = (over: { file?: string; force?: boolean } = {}) =>
  backUp(at("rulebot.db"), { file: at("copy.db"), force: false, now: NOW, ...over });

/** Everything that can wait in a store. */
async function busy(store: Store): Promise<void> {
  const gathering = { since: 1, until: 9, at: 1, first: false, answers: null, messages: [], event: {} };
  await decided(store, {
    chat: chat(7),
    customer: customer(5),
    dialogs: [dialog(70, { gathering, timers: { quiet: 9_000 }, tags: ["vip"] })],
    calls: [call("a#1"), call("b#1")],
    runs: [run("a"), run("b", { waitsFor: { kind: "time", until: 9_000 } })],
    timers: [{ key: "run:b", chatId: 7, dialogId: 70, at: 9_000 }],
  });
  await store.beginCall(OURS, "a#1", 2_500, null);
  await store.receive(OURS, [event(2)], 2_600);
  await store.receive(OURS, [event(3)], 2_600, { held: () => true });
  await store.saveFact(OURS, "seen", { messageId: 3, at: 2_600, since: 1 });
}

async function waiting(store: Store) {
  const { inbox, outbox, waitingRuns } = await store.counts(OURS);
  const seen = await store.fact(OURS, "seen");
  return { inbox, outbox, waitingRuns, timer: await store.nextTimer(OURS), seen: seen !== null };
}

describe("a backup", () => {
  it("has everything, and only its owner may read it", async () => {
    await busy(await start());
    const saved = await save();

    expect(saved).toEqual({ kind: "saved", bytes: statSync(at("copy.db")).size });
    expect(statSync(at("copy.db")).mode & 0o777).toBe(0o600);
    const copy = await start("copy.db");
    expect(await copy.chat(OURS, 7)).toEqual(chat(7));
    expect(await copy.customer(OURS, 5)).toEqual(customer(5));
    expect(await copy.receive(OURS, [event(1), event(2), event(3)], 9_000)).toEqual([]);
    expect(readdirSync(folder).filter((name) => name.includes("partial"))).toEqual([]);
  });

  it("is of one moment, while the bot goes on writing", async () => {
    const store = await start();
    const events = Array.from({ length: 200 }, (_, n) => event(n));
    await store.receive(OURS, events.slice(0, 100), 1_500);
    const rest = store.receive(OURS, events.slice(100), 1_500);
    await save();
    await rest;

    const copy = new DatabaseSync(at("copy.db"), { readOnly: true });
    const [row] = copy.prepare("SELECT count(*) AS count FROM inbox").all();
    copy.close();
    expect([100, 200]).toContain(row?.count);
  });

  it("replaces nothing unless it is told to, and then as a whole", async () => {
    await start();
    writeFileSync(at("copy.db"), "my holiday photos");
    expect(await save()).toEqual({ kind: "exists" });
    expect(readFileSync(at("copy.db"), "utf8")).toBe("my holiday photos");

    expect(await save({ force: true })).toMatchObject({ kind: "saved" });
    await start("copy.db");
  });

  it.each(["rulebot.db", "rulebot.db-wal", "rulebot.db.lock", "link.db"])(
    "never takes the place of the store itself (%s)",
    async (name) => {
      await busy(await start());
      symlinkSync(at("rulebot.db"), at("link.db"));
      expect(await save({ file: at(name), force: true })).toEqual({ kind: "itself" });
      expect((await open[0]?.counts(OURS))?.inbox).toBe(2);
    },
  );

  it("is made elsewhere when the store is no file", async () => {
    const address = "postgres://rulebot:secret@db/rulebot";
    expect(await backUp(address, { file: at("copy.db"), force: false, now: NOW })).toEqual({ kind: "elsewhere" });
  });

  it("says what is wrong with the place, and leaves nothing there", async () => {
    await expect(save()).rejects.toThrow(
      new StoreError(`There is no ${at("rulebot.db")} yet. Start the bot first, or check storage:.`),
    );
    await start();
    await expect(save({ file: at("nowhere/copy.db") })).rejects.toThrow(`The folder ${at("nowhere")} can't be used`);
    await expect(save({ file: folder, force: true })).rejects.toThrow("is a folder");
    writeFileSync(at("other.db"), "");
    const other = new DatabaseSync(at("other.db"));
    other.exec("CREATE TABLE theirs (id)");
    other.close();
    const foreign = backUp(at("other.db"), { file: at("copy.db"), force: false, now: NOW });
    await expect(foreign).rejects.toThrow("is the database of another program");
    expect(readdirSync(folder).filter((name) => name.startsWith("copy"))).toEqual([]);
  });

  it("of a damaged store is no backup", async () => {
    const store = await start();
    await store.receive(
      OURS,
      Array.from({ length: 300 }, (_, n) => event(n, { data: { text: "x".repeat(500) } })),
      1_500,
    );
    await Promise.all(open.splice(0).map((one) => one.close()));
    const bytes = readFileSync(at("rulebot.db"));
    bytes.fill(7, 20_000, 60_000);
    writeFileSync(at("rulebot.db"), bytes);

    await expect(save()).rejects.toThrow(/damaged|malformed/);
    expect(readdirSync(folder).filter((name) => name.startsWith("copy"))).toEqual([]);
  });
});

describe("a backup that was taken beside a running bot", () => {
  it("does nothing again that waited when it was taken, for the original has done it since", async () => {
    await busy(await start());
    await save();
    const copy = await start("copy.db");

    expect(await waiting(copy)).toEqual({ inbox: 0, outbox: 0, waitingRuns: 0, timer: null, seen: false });
    expect((await copy.outbox(OURS, { limit: 9 })).map(({ state, outcome }) => [state, outcome])).toEqual([
      ["dropped", { ok: false, reason: "restored" }],
      ["dropped", { ok: false, reason: "restored" }],
    ]);
    expect(await copy.dialog(OURS, 70)).toMatchObject({ gathering: null, timers: {}, tags: ["vip"] });
    expect(await copy.busyLanes(OURS)).toEqual([]);
  });

  it("is an ordinary store from then on, and says once where it came from", async () => {
    await busy(await start());
    await save();
    const first = await openStore(at("copy.db"));
    expect(await restoredFrom(first)).toBe(NOW);
    expect(await restoredFrom(first)).toBeNull();
    await first.receive(OURS, [event(9)], 9_000);
    await first.close();

    const again = await start("copy.db");
    expect((await again.nextEvent(OURS, 7))?.event.key).toBe("message_new:9");
    expect(await restoredFrom(again)).toBeNull();
  });
});

describe("a backup of a bot that stood still", () => {
  it("goes on where that one stopped: what waited still waits", async () => {
    await busy(await start());
    const [store] = open;
    const before = store === undefined ? null : await waiting(store);
    await Promise.all(open.splice(0).map((one) => one.close()));
    await save();
    const copy = await start("copy.db");

    expect(await waiting(copy)).toEqual(before);
    expect(before).toMatchObject({ inbox: 2, outbox: 2, waitingRuns: 2, timer: 9_000, seen: true });
    expect(await restoredFrom(copy)).toBeNull();
    expect(await copy.commit(OURS, commit({ eventKey: "message_new:2" }))).toBe(true);
  });

  it("keeps a bot from starting meanwhile, and lets it start afterwards", async () => {
    await (await start()).close();
    await save();
    await start();
  });
});
