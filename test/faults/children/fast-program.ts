import { setFlagsFromString } from "node:v8";

/** The real program, whole, on a clock that runs faster than the real one or is wrong (`FAULTS_CLOCK`). */
// As src/main.ts has it, and before anything is read.
setFlagsFromString("--heap-growing-percent=20");
const { run } = await import("../../../src/cli/program.ts");
const { createFastClock, readSpeed } = await import("../lab/fast-clock.ts");

const { FAULTS_CLOCK = '{"originMs":0,"times":1}', ...env } = process.env;
const crash = (error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
};
process.on("uncaughtException", crash);
process.on("unhandledRejection", crash);
process.exit(
  await run(
    {
      version: "0.0.0",
      env,
      folder: process.cwd(),
      input: process.stdin,
      output: process.stdout,
      errors: process.stderr,
      clock: createFastClock(readSpeed(FAULTS_CLOCK)),
      random: Math.random,
      fetch,
      onStop(listener) {
        process.on("SIGTERM", listener);
        process.on("SIGINT", listener);
      },
      onHangup: (listener) => void process.on("SIGHUP", listener),
      onCrash: () => {},
      exit: (code) => process.exit(code),
    },
    process.argv.slice(2),
  ),
);
