import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Clock, systemClock } from "../../../src/clock.ts";
import { type Change, type Sandbox, type SandboxOptions, startSandbox } from "../../../src/sandbox/index.ts";
import { accountOf, type Bot, type BotOptions, startBot } from "../../e2e/bot.ts";
import type { Said } from "./audit.ts";
import { type ConfigOptions, configOf } from "./config.ts";
import { createFastClock, type Speed, writeSpeed } from "./fast-clock.ts";
import { startProxy, type TcpProxy } from "./proxy.ts";
import type { Lab } from "./scenario.ts";

export interface StandOptions extends ConfigOptions {
  /** How many customers there are, each with a chat of its own once it writes. Default 1. */
  readonly customers?: number;
  readonly behaviour?: SandboxOptions["behaviour"];
  /** Bot and sandbox live on this clock; left out: on the real one. */
  readonly speed?: Speed;
  /** By how much the bot's clock alone is wrong, in ms. */
  readonly wrongByMs?: number;
  /** By how much the account's clock alone is off at the moment, in ms; left out: not at all. */
  readonly shift?: () => number;
  /** Address of a database; left out: a file in the bot's folder. */
  readonly database?: string;
  readonly nodeArgs?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** One account in the sandbox and the real program connected to it, its gateway behind the proxy. */
export interface Stand {
  readonly sandbox: Sandbox;
  /** Between the bot and the gateway. */
  readonly proxy: TcpProxy;
  /** Between the bot and the CRM. */
  readonly crmProxy: TcpProxy;
  readonly folder: string;
  /** Where the bot keeps its data: a path, or the address of a database. */
  readonly storage: string;
  /** Ids. */
  readonly customers: readonly number[];
  /** The process of now (or the last one). Throws before the first start. */
  bot(): Bot;
  /** Starts the program; it may not be connected yet. */
  launch(): Promise<Bot>;
  /** Starts the program and resolves when its socket is open. */
  start(): Promise<Bot>;
  /** Starts one more program for the same account, in a folder of its own. */
  replica(): Promise<Bot>;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
  /** The bot is listening: now, or when its next socket opens. */
  listening(withinMs?: number): Promise<void>;
  /** Everything public that customers and the bot have said, oldest first. */
  said(): readonly Said[];
}

const FAST_PROGRAM = fileURLToPath(new URL("../children/fast-program.ts", import.meta.url));
/** Inside a bot's folder. */
export const STORAGE = "data/rulebot.db";
/** Twenty programs that start at once on a small machine take their time. */
const OPEN_WITHIN_MS = 120_000;

/** Sets up an account with customers, two proxies and a folder; nothing is started yet. */
export async function openStand(lab: Lab, options: StandOptions = {}): Promise<Stand> {
  const { behaviour, customers = 1 } = options;
  const sandbox = await startSandbox({ clock: clockOf(options), behaviour: { crmPerSecond: 100, ...behaviour } });
  lab.onTestFinished(() => sandbox.stop());
  const proxy = await proxyBefore(lab, sandbox.gatewayUrl);
  const crmProxy = await proxyBefore(lab, sandbox.crmUrl);
  sandbox.moveGateway(proxy.url);
  const folder = await freshFolder(lab);
  const names = Array.from({ length: customers }, (_, at) => `Customer ${at + 1}`);
  const ids = names.map((name) => sandbox.newCustomer({ name, channel: "telegram" }).id);

  let present: Bot | null = null;
  const launch = async () => {
    present = await startBot(lab, programOf(options, { sandbox, folder, crmUrl: crmProxy.url }));
    return present;
  };
  const bot = () => {
    if (present === null) throw new Error("no bot has been started yet");
    return present;
  };
  return {
    sandbox,
    proxy,
    crmProxy,
    folder,
    storage: options.database ?? join(folder, STORAGE),
    customers: ids,
    bot,
    launch,
    async start() {
      const open = opened(sandbox, OPEN_WITHIN_MS);
      open.catch(() => {});
      const started = await launch();
      await Promise.race([open, endedEarly(started)]);
      return started;
    },
    replica: async () =>
      startBot(lab, programOf(options, { sandbox, folder: await freshFolder(lab), crmUrl: crmProxy.url })),
    async kill() {
      await bot().stop("SIGKILL");
    },
    async listening(withinMs = OPEN_WITHIN_MS) {
      if (sandbox.socketCount() > 0) return;
      await Promise.race([opened(sandbox, withinMs), endedEarly(bot())]).catch((error) => {
        throw new Error(`the bot did not listen: ${lastWords(bot())}`, { cause: error });
      });
    },
    said: () => saidIn(sandbox),
  };
}

async function freshFolder(lab: Lab): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "rulebot-faults-"));
  lab.onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function clockOf({ speed, shift }: StandOptions): Clock {
  const clock = speed === undefined ? systemClock : createFastClock(speed);
  return shift === undefined ? clock : { ...clock, now: () => clock.now() + Math.round(shift()) };
}

async function proxyBefore(lab: Lab, url: string): Promise<TcpProxy> {
  const proxy = await startProxy(Number(new URL(url).port));
  lab.onTestFinished(() => proxy.stop());
  return proxy;
}

interface Place {
  readonly sandbox: Sandbox;
  readonly folder: string;
  readonly crmUrl: string;
}

/** The clock of the bot, where it is not the real one. */
function speedOf({ speed, wrongByMs }: StandOptions): Speed | undefined {
  if (wrongByMs === undefined) return speed;
  return { originMs: 0, times: 1, ...speed, offMs: wrongByMs };
}

function programOf(options: StandOptions, { sandbox, folder, crmUrl }: Place): BotOptions {
  const { database, nodeArgs = [], env = {} } = options;
  const speed = speedOf(options);
  const storage = database === undefined ? {} : { DATABASE_URL: database };
  const fast = speed === undefined ? {} : { main: FAST_PROGRAM };
  const clock = speed === undefined ? {} : { FAULTS_CLOCK: writeSpeed(speed) };
  return {
    files: { "bot.config.yaml": configOf(options) },
    folder,
    nodeArgs,
    ...fast,
    env: { ...accountOf(sandbox), CRM_URL: crmUrl, ...clock, ...storage, ...env },
  };
}

const opened = (sandbox: Sandbox, withinMs: number): Promise<Change> =>
  sandbox.waitFor(({ kind }) => kind === "socket_opened", withinMs);

async function endedEarly(bot: Bot): Promise<never> {
  const code = await bot.ended;
  throw new Error(`the bot ended with ${code}: ${lastWords(bot)}`);
}

const lastWords = (bot: Bot) => `${bot.output().slice(-2000)}${bot.errors().slice(-2000)}`;

/** The sandbox's record as the audit reads it. */
export function saidIn({ world }: Sandbox): readonly Said[] {
  return [...world.messages.values()].flatMap(({ id, chatId, from, scope, content, createdAt }): Said[] => {
    const by = from?.type;
    if ((by !== "customer" && by !== "bot") || scope !== "public" || content === null) return [];
    return [{ id, chatId, by, content, at: createdAt }];
  });
}
