import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { PassThrough, Writable } from "node:stream";
import { run as runCommand } from "../../src/cli/program.ts";
import { systemClock } from "../../src/clock.ts";
import { freshDatabase } from "../helpers/test-store.ts";

const MAIN = join(import.meta.dirname, "../../src/main.ts");

/** A folder with files, for one test. */
export interface Folder {
  readonly path: string;
  /** The address of its database; null: its data are in a file of the folder. */
  readonly database: string | null;
  write(name: string, text: string): Promise<void>;
  remove(): Promise<void>;
}

export async function makeFolder(files: Readonly<Record<string, string>> = {}): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), "rulebot-"));
  const folder: Folder = {
    path,
    database: await freshDatabase(),
    async write(name, text) {
      const file = join(path, name);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    },
    remove: () => rm(path, { recursive: true, force: true }),
  };
  for (const [name, text] of Object.entries(files)) await folder.write(name, text);
  return folder;
}

const environment = ({ database }: Folder) => ({ PORT: "0", ...(database === null ? {} : { DATABASE_URL: database }) });

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The real program at work. */
export interface Program {
  readonly child: ChildProcess;
  stdout(): string;
  stderr(): string;
  type(line: string): void;
  /** Resolves with everything printed once that holds the text, on either stream. Rejects when the program ends without it. */
  printed(text: string | RegExp): Promise<string>;
  ended: Promise<Ended>;
}

export interface Spawn {
  readonly folder: Folder;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts `node src/main.ts` in the folder. Nothing of the tests' own environment reaches it but the path. */
export function start(args: readonly string[], { folder, env = {} }: Spawn): Program {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: folder.path,
    env: { PATH: process.env.PATH ?? "", ...environment(folder), ...env },
  });
  let stdout = "";
  let stderr = "";
  const listeners = new Set<() => void>();
  const heard = (add: (text: string) => void) => (chunk: Buffer) => {
    add(chunk.toString("utf8"));
    for (const listener of [...listeners]) listener();
  };
  child.stdout.on(
    "data",
    heard((text) => (stdout += text)),
  );
  child.stderr.on(
    "data",
    heard((text) => (stderr += text)),
  );
  const ended = new Promise<Ended>((resolve) => child.on("close", (code) => resolve({ code, stdout, stderr })));
  return {
    child,
    ended,
    stdout: () => stdout,
    stderr: () => stderr,
    type: (line) => void child.stdin.write(`${line}\n`),
    printed(text) {
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      const look = () => {
        const all = stdout + stderr;
        if (typeof text === "string" ? all.includes(text) : text.test(all)) resolve(all);
      };
      listeners.add(look);
      look();
      ended.then(() => reject(new Error(`it ended without printing ${text}:\n${stdout}${stderr}`)));
      return promise;
    },
  };
}

/** Runs it to its end, in a process of its own. */
export function runProcess(args: readonly string[], options: Spawn): Promise<Ended> {
  const program = start(args, options);
  program.child.stdin?.end();
  return program.ended;
}

/** Runs a command to its end, all of it but the process: ten times as quick. For commands that end by themselves. */
export async function run(args: readonly string[], { folder, env = {} }: Spawn): Promise<Ended> {
  const [output, errors] = [createSink(), createSink()];
  const code = await runCommand(
    {
      version: VERSION,
      env: { ...environment(folder), ...env },
      folder: folder.path,
      input: new PassThrough().end(),
      output: output.stream,
      errors: errors.stream,
      clock: systemClock,
      random: Math.random,
      fetch,
      onStop() {},
      onHangup() {},
      onCrash() {},
      exit: (code) => errors.stream.write(`ended at once with ${code}`),
    },
    args,
  );
  return { code, stdout: output.text(), stderr: errors.text() };
}

/** What a command is told as its version when it runs without its process. */
export const VERSION = "1.2.3-test";

function createSink(): { readonly stream: Writable; text(): string } {
  let written = "";
  const stream = new Writable({
    write(chunk, _encoding, done) {
      written += String(chunk);
      done();
    },
  });
  return { stream, text: () => written };
}
