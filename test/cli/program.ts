import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const MAIN = join(import.meta.dirname, "../../src/main.ts");

/** A folder with files, for one test. */
export interface Folder {
  readonly path: string;
  write(name: string, text: string): Promise<void>;
  remove(): Promise<void>;
}

export async function makeFolder(files: Readonly<Record<string, string>> = {}): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), "rulebot-"));
  const folder: Folder = {
    path,
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
    env: { PATH: process.env.PATH ?? "", PORT: "0", ...env },
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

/** Runs it to its end. */
export function run(args: readonly string[], options: Spawn): Promise<Ended> {
  const program = start(args, options);
  program.child.stdin?.end();
  return program.ended;
}
