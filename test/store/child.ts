import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A child process that runs one file of `children/`. */
export interface Child {
  readonly lines: AsyncIterator<string>;
  /** SIGKILL; resolves when the process is gone. Then the remaining lines can be read to their end. */
  kill(): Promise<void>;
}

export function startChild(name: string, ...args: readonly string[]): Child {
  const file = fileURLToPath(new URL(`children/${name}.ts`, import.meta.url));
  const child: ChildProcess = spawn(process.execPath, [file, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  if (child.stdout === null) throw new Error("a child has stdout");
  return {
    lines: createInterface({ input: child.stdout })[Symbol.asyncIterator](),
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
  };
}
