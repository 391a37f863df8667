#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import type { ExitCode } from "./cli/world.ts";

const ENDING = ["SIGTERM", "SIGINT"] as const;

/** Asked to stop while the program is still being read, which takes seconds on a busy machine: nothing has begun, so nothing has
 *  to be put away. Process 1 of a container does not even hear a signal that nobody listens to. */
const leaveEarly = () => process.exit(0);
if (process.argv[2] === "start") for (const signal of ENDING) process.on(signal, leaveEarly);

// V8 would let rubbish grow to some times of what is in use, as large as the machine allows: with a thousand connections that is
// 600 MB for 120. It has to be said before there is any.
setFlagsFromString("--heap-growing-percent=20");

// Compiled code is kept beside the packages, which belong to whoever installed the program, so that it starts in half the time. Where
// nothing can be written there, nothing is kept. It has to be done before the imports: what is imported before is not kept.
enableCompileCache(fileURLToPath(new URL("../node_modules/.cache/rulebot", import.meta.url)));
const [{ run }, { systemClock }] = await Promise.all([import("./cli/program.ts"), import("./clock.ts")]);

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
      // In this order: without any listener a signal that is on its way would be lost.
      for (const signal of ENDING) process.on(signal, listener).off(signal, leaveEarly);
    },
    onHangup: (listener) => void process.on("SIGHUP", listener),
    onCrash: (listener) => void crashListeners.push(listener),
    exit: (code) => process.exit(code),
  },
  process.argv.slice(2),
);
leave(code);
