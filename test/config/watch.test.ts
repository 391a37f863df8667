import { mkdirSync, renameSync, rmSync, symlinkSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { watchConfig } from "../../src/config/watch/watch.ts";
import { createVirtualClock } from "../helpers/virtual-clock.ts";
import { folderWith, write } from "./folder.ts";

const POLL_MS = 10_000;
const FILES = { "bot.config.yaml": "version: 1\n", "rules/a.yaml": "rules: []\n" };

/** A watch whose clock moves only when told: what it sees, it sees by polling (or by a report that the clock lets through). */
async function polling(files: Readonly<Record<string, string>> = FILES) {
  const folder = folderWith(files);
  const clock = createVirtualClock();
  const paths = [folder, join(folder, "bot.config.yaml"), join(folder, ".env"), join(folder, "rules")];
  let changes = 0;
  const onChange = () => {
    changes += 1;
  };
  const watch = watchConfig({ paths, clock, pollMs: POLL_MS, onChange });
  onTestFinished(() => watch.stop());
  await watch.idle();
  return {
    folder,
    watch,
    /** Calls of onChange during one poll. */
    async poll(): Promise<number> {
      const before = changes;
      await clock.advance(POLL_MS);
      await watch.idle();
      return changes - before;
    },
  };
}

describe("a change of content", () => {
  it.each<[string, (folder: string) => void, number]>([
    ["nothing", () => {}, 0],
    ["the root file", (folder) => write(folder, { "bot.config.yaml": "version: 1 # x\n" }), 1],
    ["an included file", (folder) => write(folder, { "rules/a.yaml": "rules: [] # x\n" }), 1],
    ["a new file", (folder) => write(folder, { "rules/b.yaml": "rules: []\n" }), 1],
    ["a first .env", (folder) => write(folder, { ".env": "A=b\n" }), 1],
    ["two files at once", (folder) => write(folder, { ".env": "A=b\n", "rules/a.yaml": "" }), 1],
    ["the time stamp alone", (folder) => utimesSync(join(folder, "bot.config.yaml"), 1, 1), 0],
    ["a save of the same text", (folder) => write(folder, FILES), 0],
    ["a file that is not ours", (folder) => write(folder, { "rules/notes.txt": "x", "rulebot.db": "x" }), 0],
  ])("by %s", async (_what, change, calls) => {
    const { folder, poll } = await polling();
    change(folder);
    expect(await poll()).toBe(calls);
    expect(await poll()).toBe(0);
  });

  it("by the swap of the link through which Kubernetes mounts files", async () => {
    const { folder, poll } = await polling({});
    write(folder, { "..1/bot.config.yaml": "version: 1\n", "..2/bot.config.yaml": "version: 1 # new\n" });
    symlinkSync("..1", join(folder, "..data"));
    symlinkSync("..data/bot.config.yaml", join(folder, "bot.config.yaml"));
    expect(await poll()).toBe(1);
    symlinkSync("..2", join(folder, "..new"));
    renameSync(join(folder, "..new"), join(folder, "..data"));
    expect(await poll()).toBe(1);
  });
});

describe("a file that vanishes", () => {
  it("counts as deleted when two polls have missed it", async () => {
    const { folder, poll } = await polling();
    rmSync(join(folder, "rules/a.yaml"));
    expect([await poll(), await poll(), await poll()]).toEqual([0, 1, 0]);
  });

  it("and comes back as it was has not changed", async () => {
    const { folder, poll } = await polling();
    rmSync(join(folder, "rules/a.yaml"));
    expect(await poll()).toBe(0);
    write(folder, FILES);
    expect([await poll(), await poll(), await poll()]).toEqual([0, 0, 0]);
  });

  it("and comes back changed is a change at once", async () => {
    const { folder, poll } = await polling();
    rmSync(join(folder, "bot.config.yaml"));
    expect(await poll()).toBe(0);
    write(folder, { "bot.config.yaml": "version: 1 # new\n" });
    expect(await poll()).toBe(1);
  });
});

describe("the watch", () => {
  it("follows other files after an update", async () => {
    const { folder, watch, poll } = await polling();
    mkdirSync(join(folder, "more"));
    write(folder, { "more/b.yaml": "rules: []\n" });
    expect(await poll()).toBe(0);
    watch.update([join(folder, "bot.config.yaml"), join(folder, "more")]);
    expect(await poll()).toBe(0);
    write(folder, { "more/b.yaml": "rules: [] # x\n", "rules/a.yaml": "rules: [] # x\n" });
    expect(await poll()).toBe(1);
  });

  it("does not lose a save that came while the one before was being loaded", async () => {
    const folder = folderWith(FILES);
    const clock = createVirtualClock();
    const file = join(folder, "bot.config.yaml");
    let loads = 0;
    const watch = watchConfig({
      paths: [file],
      clock,
      pollMs: POLL_MS,
      onChange() {
        loads += 1;
        if (loads === 1) write(folder, { "bot.config.yaml": "version: 1 # second save\n" });
        watch.update([file, join(folder, "rules")]);
      },
    });
    onTestFinished(() => watch.stop());
    await watch.idle();
    write(folder, { "bot.config.yaml": "version: 1 # first save\n" });
    await clock.advance(POLL_MS);
    await watch.idle();
    // Not at once either: whoever saves a hundred times in a second would have the files read all the time.
    expect(loads).toBe(1);
    await clock.advance(500);
    await watch.idle();
    expect(loads).toBe(2);
  });

  it("goes on after a load that failed", async () => {
    const folder = folderWith(FILES);
    const clock = createVirtualClock();
    let loads = 0;
    const watch = watchConfig({
      paths: [join(folder, "bot.config.yaml")],
      clock,
      pollMs: POLL_MS,
      async onChange() {
        loads += 1;
        throw new Error("a load that failed");
      },
    });
    onTestFinished(() => watch.stop());
    await watch.idle();
    for (const text of ["a", "b"]) {
      write(folder, { "bot.config.yaml": text });
      await clock.advance(POLL_MS);
      await watch.idle();
    }
    expect(loads).toBe(2);
  });

  it("says nothing once it is stopped", async () => {
    const { folder, watch, poll } = await polling();
    watch.stop();
    write(folder, { "bot.config.yaml": "version: 1 # x\n" });
    expect(await poll()).toBe(0);
  });

  it("does not mind a link to itself in the place of a file", async () => {
    const { folder, watch, poll } = await polling();
    const file = join(folder, "bot.config.yaml");
    rmSync(file);
    symlinkSync("bot.config.yaml", file);
    expect(() => watch.update([file])).not.toThrow();
    rmSync(file);
    write(folder, { "bot.config.yaml": "version: 1 # a file again\n" });
    expect(await poll()).toBe(1);
  });

  it("does not mind a folder that is not there", async () => {
    const clock = createVirtualClock();
    const folder = folderWith({});
    let changes = 0;
    const paths = [join(folder, "none"), join(folder, "none/a.yaml")];
    const onChange = () => {
      changes += 1;
    };
    const watch = watchConfig({ paths, clock, pollMs: POLL_MS, onChange });
    onTestFinished(() => watch.stop());
    await watch.idle();
    write(folder, { "none/a.yaml": "rules: []\n" });
    await clock.advance(POLL_MS);
    await watch.idle();
    expect(changes).toBe(1);
  });
});

describe("a report of the system, long before a poll", () => {
  /** Resolves at the first call of onChange; the poll is days away. */
  function reported(paths: readonly string[]): { readonly change: Promise<void>; ready(): Promise<void> } {
    const { promise, resolve } = Promise.withResolvers<void>();
    const watch = watchConfig({ paths, clock: systemClock, pollMs: 1_000_000_000, debounceMs: 20, onChange: resolve });
    onTestFinished(() => watch.stop());
    return { change: promise, ready: watch.idle };
  }

  it.each<[string, (folder: string) => void]>([
    ["a plain save", (folder) => write(folder, { "bot.config.yaml": "version: 1 # x\n" })],
    [
      "an editor's save by renaming",
      (folder) => {
        write(folder, { ".bot.config.yaml.tmp": "version: 1 # x\n" });
        renameSync(join(folder, ".bot.config.yaml.tmp"), join(folder, "bot.config.yaml"));
      },
    ],
    [
      "a save by deleting and writing",
      (folder) => {
        rmSync(join(folder, "bot.config.yaml"));
        write(folder, { "bot.config.yaml": "version: 1 # x\n" });
      },
    ],
    [
      "a hundred saves",
      (folder) => {
        for (let save = 0; save < 100; save += 1) write(folder, { "bot.config.yaml": `version: 1 # ${save}\n` });
      },
    ],
    ["a new file in a folder of rules", (folder) => write(folder, { "rules/b.yaml": "rules: []\n" })],
    [
      "a swapped link",
      (folder) => {
        symlinkSync("..2", join(folder, "..new"));
        renameSync(join(folder, "..new"), join(folder, "..data"));
      },
    ],
  ])("of %s leads to a load", async (_what, save) => {
    const folder = folderWith({ ...FILES, "..1/linked.yaml": "rules: []\n", "..2/linked.yaml": "rules: [] # x\n" });
    symlinkSync("..1", join(folder, "..data"));
    symlinkSync("..data/linked.yaml", join(folder, "linked.yaml"));
    const { change, ready } = reported([folder, join(folder, "bot.config.yaml"), join(folder, "rules")]);
    await ready();
    save(folder);
    await change;
  });
});
