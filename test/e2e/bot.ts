import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../src/sandbox/index.ts";
import { freshDatabase, TAKEOVER_MS } from "../helpers/test-store.ts";

const MAIN = new URL("../../src/main.ts", import.meta.url).pathname;

/** The real program in its own process, with its files in a folder of its own. */
export interface Bot {
  readonly folder: string;
  /** Where it keeps its data, unless its files say otherwise: a path, or the address of a database. */
  readonly storage: string;
  /** Of its process; 0: it could not be started. */
  readonly pid: number;
  /** Its log, line by line, as data; lines that are no JSON are under `text`. */
  readonly logs: readonly Record<string, unknown>[];
  readonly output: () => string;
  readonly errors: () => string;
  /** Writes one of its files, as a person would save it. */
  save(file: string, text: string): Promise<void>;
  /** Resolves with the first log line that is wanted, past or to come. */
  logged(wanted: (line: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>;
  /** Types a line into its terminal. */
  type(line: string): void;
  /** Resolves when its output holds the text. */
  says(text: string): Promise<void>;
  /** Sends a signal that does not end it. */
  signal(signal: NodeJS.Signals): void;
  /** Sends the signal and resolves with the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
  /** Resolves with the exit code once it ends by itself. */
  readonly ended: Promise<number | null>;
  /** Its address, once it is ready. */
  url(): string;
}

export interface BotOptions {
  readonly files: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly folder?: string;
  /** The file that is run; left out: the program itself. */
  readonly main?: string;
  /** Arguments of node, before that file. */
  readonly nodeArgs?: readonly string[];
}

const WAIT_MS = 15_000 + TAKEOVER_MS;

/** Where a test's things are put away when it ends. */
export interface Cleaner {
  onTestFinished(task: () => Promise<void>): void;
}

export async function sandboxFor({ onTestFinished }: Cleaner, options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox(options);
  onTestFinished(() => sandbox.stop());
  return sandbox;
}

/** A bot.config.yaml that is connected to the sandbox, with these rules. */
export function connected(rules: string, head = ""): string {
  const indented = rules.replace(/^(?=.)/gm, "  ");
  return `version: 1\ncrm: {url: "\${CRM_URL}", api_key: "\${CRM_API_KEY}"}\nhttp: {host: 127.0.0.1, port: 0}\nlog: {format: json, level: debug}\n${head}\nrules:\n${indented}`;
}

export function accountOf(sandbox: Sandbox): Record<string, string> {
  return { CRM_URL: sandbox.crmUrl, CRM_API_KEY: sandbox.apiKey };
}

/** The databases of folders, so that a bot started again in one finds its data. */
const databases = new Map<string, Promise<string | null>>();

function databaseOf(folder: string): Promise<string | null> {
  const known = databases.get(folder) ?? freshDatabase();
  databases.set(folder, known);
  return known;
}

/** Starts the program and resolves when it has begun; what it says can then be awaited. */
export async function startBot(cleaner: Cleaner, options: BotOptions): Promise<Bot> {
  const { files, args = [], env = {}, folder, main = MAIN, nodeArgs = [] } = options;
  const home = folder ?? (await mkdtemp(join(tmpdir(), "rulebot-")));
  const save = async (file: string, text: string) => {
    await mkdir(dirname(join(home, file)), { recursive: true });
    await writeFile(join(home, file), text);
  };
  for (const [file, text] of Object.entries(files)) await save(file, text);
  const database = await databaseOf(home);
  const line = [...nodeArgs, main, "start", "--config", join(home, "bot.config.yaml"), ...args];
  const child = spawn(process.execPath, line, {
    env: {
      PATH: process.env.PATH ?? "",
      HOME: home,
      ...(database === null ? {} : { DATABASE_URL: database }),
      ...env,
    },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const bot = watch(child, { folder: home, storage: database ?? join(home, "data", "rulebot.db"), save });
  cleaner.onTestFinished(async () => {
    await bot.stop("SIGKILL");
    if (folder === undefined) await rm(home, { recursive: true, force: true });
  });
  return bot;
}

function watch(child: ChildProcess, own: Pick<Bot, "folder" | "storage" | "save">): Bot {
  let output = "";
  let errors = "";
  const logs: Record<string, unknown>[] = [];
  const watchers = new Set<() => void>();
  const changed = () => {
    for (const look of [...watchers]) look();
  };
  child.stderr?.on("data", (chunk) => {
    errors += chunk;
    changed();
  });
  if (child.stdout !== null) {
    createInterface({ input: child.stdout }).on("line", (line) => {
      output += `${line}\n`;
      logs.push(asData(line));
      changed();
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const until = <Found>(what: string, look: () => Found | undefined) =>
    new Promise<Found>((resolve, reject) => {
      const settle = () => {
        const found = look();
        if (found === undefined) return;
        clearTimeout(timer);
        watchers.delete(settle);
        resolve(found);
      };
      const timer = setTimeout(() => {
        watchers.delete(settle);
        reject(
          new Error(
            `not within ${WAIT_MS} ms: ${what}\n--- output\n${output.slice(-3000)}\n--- errors\n${errors.slice(-3000)}`,
          ),
        );
      }, WAIT_MS);
      watchers.add(settle);
      settle();
    });
  return {
    ...own,
    pid: child.pid ?? 0,
    logs,
    output: () => output,
    errors: () => errors,
    logged: (wanted) => until(`log line ${wanted}`, () => logs.find(wanted)),
    type: (line) => child.stdin?.write(`${line}\n`),
    says: async (text) => {
      await until(`"${text}"`, () => (output.includes(text) || errors.includes(text) ? true : undefined));
    },
    signal: (signal) => void child.kill(signal),
    async stop(signal = "SIGTERM") {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      return ended;
    },
    ended,
    url: () => /http:\/\/[^\s"]+/.exec(output.slice(output.indexOf("Rulebot is ready")))?.[0] ?? "",
  };
}

function asData(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : { text: line };
  } catch {
    return { text: line };
  }
}

/** Starts a bot and waits until it listens to the sandbox. */
export async function listeningBot(cleaner: Cleaner, sandbox: Sandbox, options: BotOptions): Promise<Bot> {
  const open = sandbox.waitFor(({ kind }) => kind === "socket_opened", WAIT_MS);
  const bot = await startBot(cleaner, { ...options, env: { ...accountOf(sandbox), ...options.env } });
  await Promise.race([
    open,
    bot.ended.then((code) => {
      throw new Error(`the bot ended with ${code}: ${bot.output()}${bot.errors()}`);
    }),
  ]);
  return bot;
}

/** What the bot has said in the sandbox, in order: `public: text`, or `private: text`. */
export function spoken(sandbox: Sandbox): readonly string[] {
  const messages = [...sandbox.world.messages.values()].toSorted((a, b) => a.id - b.id);
  return messages
    .filter((message) => message.from?.type === "bot" && isOurs(sandbox, message.from.id))
    .map((message) => `${message.scope}: ${message.content ?? message.type}`);
}

function isOurs(sandbox: Sandbox, id: number): boolean {
  const module = [...sandbox.world.modules.values()].find(({ botId }) => botId === id);
  return module !== undefined;
}

/** Resolves when the bot has said exactly as many messages, and gives them. */
export async function heard(sandbox: Sandbox, count: number, withinMs = WAIT_MS): Promise<readonly string[]> {
  await sandbox.until(() => spoken(sandbox).length >= count, withinMs);
  return spoken(sandbox);
}
