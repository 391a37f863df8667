#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { run } from "./cli/program.ts";
import type { ExitCode } from "./cli/world.ts";
import { systemClock } from "./clock.ts";

/** Ends once what was written has left: a pipe takes it later than we write it. */
function leave(code: ExitCode): void {
  process.exitCode = code;
  process.stdout.write("", () => process.stderr.write("", () => process.exit(code)));
}

const crashListeners: ((error: unknown) => void)[] = [];
function crash(error: unknown): void {
  for (const listener of crashListeners) listener(error);
  if (crashListeners.length === 0) {
    const words = error instanceof Error ? error.message : String(error);
    process.stderr.write(`Rulebot has met a fault of its own and ends: ${words}\n`);
  }
  process.exit(1);
}
process.on("uncaughtException", crash);
process.on("unhandledRejection", crash);
// A reader that went away (`rulebot check | head`) is no crash.
process.stdout.on("error", () => process.exit(1));

const about = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string };

const code = await run(
  {
    version: about.version,
    env: process.env,
    folder: process.cwd(),
    input: process.stdin,
    output: process.stdout,
    errors: process.stderr,
    clock: systemClock,
    random: Math.random,
    fetch,
    onStop(listener) {
      process.on("SIGTERM", listener);
      process.on("SIGINT", listener);
    },
    onHangup: (listener) => void process.on("SIGHUP", listener),
    onCrash: (listener) => void crashListeners.push(listener),
    exit: (code) => process.exit(code),
  },
  process.argv.slice(2),
);
leave(code);
