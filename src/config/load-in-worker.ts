import { getCompileCacheDir } from "node:module";
import { basename, dirname, resolve } from "node:path";
import { Worker } from "node:worker_threads";
import type { Fault } from "../language/fault.ts";
import { readerFailed, tooMuchMemory, tooSlow } from "./faults/file-faults.ts";
import { toIssue } from "./faults/issue.ts";
import type { Loaded, LoadOptions } from "./load.ts";

/** Limits of one load. The time counts from when the thread is ready: starting it may take long on a slow machine. */
export interface LoaderOptions {
  readonly timeLimitMs?: number;
  readonly memoryMb?: number;
}

/** Reads the configuration in a thread of its own, one load after the other; unchanged files are not parsed again. */
export interface Loader {
  load(options: Pick<LoadOptions, "file" | "env">): Promise<Loaded>;
  /** Ends the thread; a later load starts a new one. */
  close(): Promise<void>;
}

/** Hostile shapes are refused by limits of their own, in milliseconds; this is the last resort. Ten thousand honest rules
 *  take some seconds on a small machine and must not be mistaken for an attack. */
const DEFAULT_TIME_LIMIT_MS = 10_000;
const DEFAULT_MEMORY_MB = 128;

/** A loader without a thread yet: the first load starts it. */
export function createLoader({
  timeLimitMs = DEFAULT_TIME_LIMIT_MS,
  memoryMb = DEFAULT_MEMORY_MB,
}: LoaderOptions = {}): Loader {
  let thread: Promise<Worker> | null = null;
  let previous: Promise<unknown> = Promise.resolve();
  const drop = async () => {
    const ended = thread;
    thread = null;
    await ended?.then((worker) => worker.terminate()).catch(() => undefined);
  };
  async function loadNow(options: Pick<LoadOptions, "file" | "env">): Promise<Loaded> {
    try {
      thread ??= startThread(memoryMb);
      return await ask(await thread, options, timeLimitMs);
    } catch (error) {
      await drop();
      return refused(options.file, faultFor(error));
    }
  }
  return {
    load(options) {
      const loaded = previous.then(() => loadNow(options));
      previous = loaded;
      return loaded;
    },
    close: () => previous.then(drop),
  };
}

const shared = createLoader();

/** One load in the thread that all callers of this process share. It does not keep the process alive. */
export function loadInWorker(options: Pick<LoadOptions, "file" | "env">): Promise<Loaded> {
  return shared.load(options);
}

class SlowError extends Error {
  override readonly name = "SlowError";
  readonly limitMs: number;
  constructor(limitMs: number) {
    super(`no answer within ${limitMs} ms`);
    this.limitMs = limitMs;
  }
}

function faultFor(error: unknown): Fault {
  if (error instanceof SlowError) return tooSlow(error.limitMs);
  const { code, message } =
    error instanceof Error ? { code: "", ...error, message: error.message } : { code: "", message: String(error) };
  return code === "ERR_WORKER_OUT_OF_MEMORY" ? tooMuchMemory() : readerFailed(message);
}

function startThread(memoryMb: number): Promise<Worker> {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    execArgv: [],
    env: compileCache(),
  });
  return nextAnswer(worker, "ready").then(() => {
    worker.unref();
    return worker;
  });
}

/** The environment of the thread: where this process keeps compiled code, if it does. Of the variables themselves, it is
 *  sent those that the files may name. */
function compileCache(): Readonly<Record<string, string>> {
  // The folder of this version of Node, inside the one that was asked for.
  const folder = getCompileCacheDir();
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: dirname(folder) };
}

async function ask(worker: Worker, { file, env }: Pick<LoadOptions, "file" | "env">, limitMs: number): Promise<Loaded> {
  worker.ref();
  let timer: NodeJS.Timeout | undefined;
  const slow = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new SlowError(limitMs)), limitMs);
  });
  try {
    const answer = nextAnswer(worker, "loaded");
    worker.postMessage({ file: resolve(file), env: { ...env } });
    return (await Promise.race([answer, slow])) as Loaded;
  } finally {
    clearTimeout(timer);
    worker.unref();
  }
}

/** The next thing the thread says; rejects when it breaks down first. */
function nextAnswer(worker: Worker, what: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const done = () => {
      worker.off("message", onMessage);
      worker.off("error", onError);
      worker.off("exit", onExit);
    };
    const onMessage = (message: unknown) => {
      done();
      resolve(message);
    };
    const onError = (error: unknown) => {
      done();
      reject(error);
    };
    const onExit = (code: number) => onError(new Error(`the reading thread ended (${code}) before it was ${what}`));
    worker.on("message", onMessage);
    worker.on("error", onError);
    worker.on("exit", onExit);
  });
}

/** What a load comes to when the thread did not answer. */
function refused(file: string, fault: Fault): Loaded {
  const place = { file: basename(file), line: 1, column: 1 };
  return {
    settings: null,
    rulebook: null,
    ruleSets: {},
    issues: [toIssue("fault", { place, length: 1 }, fault)],
    language: "en",
    watched: [resolve(file)],
    sources: {},
    secrets: [],
    hash: "",
  };
}
