import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type Sandbox, startSandboxes } from "../../../src/sandbox/index.ts";
import { openStore } from "../../../src/store/open.ts";
import { type Bot, type Cleaner, startBot } from "../../e2e/bot.ts";

/** What `deploy/` describes, on this machine: CRM accounts, and replicas of the real program with the configuration of
 *  `deploy/config`, each at a port of its own. What stands in front of them is the trial's affair. */
export interface Fleet {
  readonly accounts: readonly Sandbox[];
  /** Where each replica answers, whether it runs or not. */
  readonly ports: readonly number[];
  /** Starts a replica and resolves when `/readyz` says yes. `env` is more of its environment. */
  start(index: number, env?: Env): Promise<Bot>;
  /** Its environment, unless it is started with more. */
  env(index: number): Env;
  /** The replica of that port as it was started last. */
  replica(index: number): Bot;
  /** As a rollout does: each replica is stopped and started before the next one is. Gives the exit codes. */
  rollOut(env?: Env): Promise<readonly (number | null)[]>;
}

export type Env = Readonly<Record<string, string>>;

export interface FleetOptions {
  readonly accounts: number;
  readonly replicas: number;
  /** Address of a database, or the path of a file. */
  readonly storage: string;
  /** Where visitors reach the service. */
  readonly publicUrl: string;
}

export const SECRETS = {
  ADMIN_PASSWORD: "correct-horse-battery",
  ENCRYPTION_KEY: "1".repeat(64),
  METRICS_TOKEN: "a-token-for-the-metrics",
  TRUSTED_PROXY: "127.0.0.1",
};

const DEPLOY = new URL("../../../deploy/", import.meta.url);
const READY_WITHIN_MS = 60_000;

/** A file of `deploy/`. */
export const deployed = (path: string): Promise<string> => readFile(new URL(path, DEPLOY), "utf8");

export async function openFleet(cleaner: Cleaner, options: FleetOptions): Promise<Fleet> {
  const crms = await startSandboxes(options.accounts, { behaviour: { crmPerSecond: 50 } });
  cleaner.onTestFinished(() => crms.stop());
  await knowDomains(options.storage);
  const ports = await Promise.all(Array.from({ length: options.replicas }, freePort));
  const files = { "bot.config.yaml": await configOf(crms.accounts), "echo.rules.yaml": ECHO };
  const bots = new Map<number, Bot>();
  const replica = (index: number) => {
    const bot = bots.get(index);
    if (bot === undefined) throw new Error(`replica ${index} has not been started`);
    return bot;
  };
  const envOf = (index: number) => ({
    ...SECRETS,
    PORT: String(ports[index]),
    PUBLIC_URL: options.publicUrl,
    DATABASE_URL: options.storage,
  });
  const start = async (index: number, env: Env = {}) => {
    const port = ports[index] ?? 0;
    const bot = await startBot(cleaner, { files, env: { ...envOf(index), ...env } });
    bots.set(index, bot);
    await Promise.race([isReady(port), endedEarly(bot)]);
    return bot;
  };
  return {
    accounts: crms.accounts,
    ports,
    start,
    env: envOf,
    replica,
    async rollOut(env) {
      const codes: (number | null)[] = [];
      for (const index of ports.keys()) {
        codes.push(await replica(index).stop("SIGTERM"));
        await start(index, env);
      }
      return codes;
    },
  };
}

const ECHO = `rules:\n  - rule: Echo\n    when: {message: any}\n    do:\n      - reply: "re {{ message.text }}"\n`;

/** The file as it is deployed, but for the accounts, which are on this machine. */
async function configOf(accounts: readonly Sandbox[]): Promise<string> {
  const text = await deployed("config/bot.config.yaml");
  const hosts = new Set(accounts.flatMap(({ crmUrl, gatewayUrl }) => [new URL(crmUrl).host, new URL(gatewayUrl).host]));
  const allowed = `  allowed_crm_hosts: [${[...hosts].map((host) => `"${host}"`).join(", ")}]\n`;
  return `${text.replace(/^service:\n/mu, (line) => `${line}${allowed}`)}\nbot: {answers_per_minute: 100}\n`;
}

/** As if the program had asked the vendor for its lists a moment ago: a trial leaves this machine alone. */
async function knowDomains(storage: string): Promise<void> {
  const store = await openStore(storage);
  await store.saveFact("", "crm_domains", { at: Date.now(), cloud: ["simla.com"], own: [] });
  await store.close();
}

async function isReady(port: number): Promise<void> {
  const until = Date.now() + READY_WITHIN_MS;
  while (Date.now() < until) {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
    if (answer?.ok === true) return;
    await sleep(200);
  }
  throw new Error(`the replica at port ${port} was not ready within ${READY_WITHIN_MS} ms`);
}

async function endedEarly(bot: Bot): Promise<never> {
  const code = await bot.ended;
  throw new Error(`the replica ended with ${code}: ${bot.output().slice(-2000)}${bot.errors().slice(-2000)}`);
}

/** A port that nobody uses just now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("a server has a port");
  return address.port;
}
