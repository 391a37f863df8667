import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { makeFolder, runProcess } from "./program.ts";

it("loads of the commands only their words, so that each starts without the parts of the others", async () => {
  const text = await readFile("src/cli/commands.ts", "utf8");
  const still = [...text.matchAll(/^import (type )?.*? from "([^"]+)"/gm)].filter(([, type]) => type === undefined);
  expect(still.map(([, , from]) => from)).toEqual(["commander"]);
});

it.each([
  { file: "src/app/ground.ts", unless: "there is no CRM", lazy: "../sandbox/" },
  { file: "src/app/app.ts", unless: "there is no CRM", lazy: "../sandbox/" },
  { file: "src/store/open.ts", unless: "the store is there", lazy: "./postgres.ts" },
  { file: "src/cli/start.ts", unless: "the files are being read", lazy: "../app/app.ts" },
])("$file does not load $lazy unless $unless", async ({ file, lazy }) => {
  const text = await readFile(file, "utf8");
  const from = [...text.matchAll(/^import (?!type ).*? from "([^"]+)"/gm)].map(([, path]) => path ?? "");
  expect(from.filter((path) => path.startsWith(lazy))).toEqual([]);
  expect(text).toContain(`import("${lazy}`);
});

it("keeps compiled code, also that of the thread that reads the files", async ({ onTestFinished }) => {
  const cache = await mkdtemp(join(tmpdir(), "rulebot-cache-"));
  const folder = await makeFolder({ "bot.config.yaml": "version: 1\n" });
  onTestFinished(async () => {
    await folder.remove();
    await rm(cache, { recursive: true });
  });
  const kept = async () => (await readdir(cache, { recursive: true })).length;
  const env = { NODE_COMPILE_CACHE: cache };
  await runProcess(["--version"], { folder, env });
  const words = await kept();
  expect(words).toBeGreaterThan(5);
  expect((await runProcess(["check"], { folder, env })).stdout).toBe("No faults. Rules: 0; warnings: 0.\n");
  // The thread alone loads the language, the actions, the schemas.
  expect(await kept()).toBeGreaterThan(words + 100);
});

it("says nothing of compiled code that cannot be kept", async ({ onTestFinished }) => {
  const folder = await makeFolder({ "bot.config.yaml": "version: 1\n" });
  onTestFinished(() => folder.remove());
  const env = { NODE_COMPILE_CACHE: join(folder.path, "bot.config.yaml") };
  expect(await runProcess(["check"], { folder, env })).toEqual({
    code: 0,
    stdout: "No faults. Rules: 0; warnings: 0.\n",
    stderr: "",
  });
});
