import { join } from "node:path";
import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { createReloading, createToldReload } from "../../src/app/reload.ts";
import { loadConfig } from "../../src/config/load.ts";
import { folderWith, ruleWith, write } from "../config/folder.ts";
import { createTestLog } from "../helpers/test-log.ts";
import { createVirtualClock } from "../helpers/virtual-clock.ts";

const ROOT = `version: 1
rules:
${ruleWith("tag: shared")}rule_sets:
  madrid: {include: sets/*.yaml}
`;

async function reloading() {
  const folder = folderWith({ "bot.config.yaml": ROOT, "sets/a.yaml": `rules:\n${ruleWith("tag: a")}` });
  const loaded = await loadConfig({ file: join(folder, "bot.config.yaml"), env: {} });
  const { settings, rulebook } = loaded;
  if (settings === null || rulebook === null) throw new Error("a fault in the test's own files");
  const taken: string[] = [];
  const { log, lines } = createTestLog();
  const state = { draining: false, faults: [] as readonly string[] };
  const files = createReloading({
    loaded: { ...loaded, settings, rulebook },
    env: {},
    watch: false,
    clock: createVirtualClock(),
    log,
    secrets: { add() {} },
    state,
    async useBooks({ rulebook: shared, ruleSets }) {
      const own = Object.entries(ruleSets).map(([name, set]) => `${name}: ${set.rulebook.rules.length}`);
      taken.push(`${shared.rules.length}; ${own.join(", ")}`);
    },
    told: createToldReload(new PassThrough().resume()),
  });
  return { folder, files, taken, lines, state };
}

it("takes over a change in the file of a rule set", async () => {
  const { folder, files, taken, lines } = await reloading();
  await files.reload();
  write(folder, { "sets/b.yaml": `rules:\n${ruleWith("tag: b", "Other")}` });
  await files.reload();
  expect(taken).toEqual(["1; madrid: 1", "1; madrid: 2"]);
  expect(lines().map(({ unchanged }) => unchanged)).toEqual([true, false]);
});

it("goes on with all rules as before when one set has a fault", async () => {
  const { folder, files, taken, state } = await reloading();
  write(folder, { "bot.config.yaml": ROOT.replace("tag: shared", "tag: changed") });
  write(folder, { "sets/b.yaml": `rules:\n${ruleWith("tagg: b", "Other")}` });
  await files.reload();
  expect(taken).toEqual([]);
  expect(state.faults).toEqual(['sets/b.yaml:5:9  I do not know "tagg".']);
});

it("warns of a change that only a restart takes over, also of the language of pages and alarms", async () => {
  const { folder, files, lines } = await reloading();
  const warnings = () => lines().filter(({ level }) => level === 40);
  write(folder, { "bot.config.yaml": ROOT.replace("tag: shared", "tag: changed") });
  await files.reload();
  expect(warnings()).toEqual([]);
  write(folder, { "bot.config.yaml": `${ROOT}language: es\n` });
  await files.reload();
  expect(warnings().map(({ msg }) => msg)).toEqual([expect.stringContaining("language: (of pages and alarms)")]);
});
