import { once as onceSeen } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { systemClock } from "../../../src/clock.ts";
import { newRecord } from "../../../src/connection/registering/record.ts";
import { type Sandboxes, type SandboxesOptions, startSandboxes } from "../../../src/sandbox/index.ts";
import { openStore } from "../../../src/store/open.ts";
import { sealedStore } from "../../../src/store/sealed.ts";
import type { Store } from "../../../src/store/store.ts";
import { createVault } from "../../../src/vault.ts";
import { type Bot, startBot } from "../../e2e/bot.ts";
import { ECHO } from "./config.ts";
import { type Dial, dialHook } from "./dials.ts";
import { createFastClock, type Speed, writeSpeed } from "./fast-clock.ts";
import type { Lab } from "./scenario.ts";

export const ADMIN_PASSWORD = "the operator's long password";
export const ONE_STEP_SECRET = "shared with the marketplace";
const ENCRYPTION_KEY = "5e".repeat(32);
const FAST_PROGRAM = fileURLToPath(new URL("../children/fast-program.ts", import.meta.url));

export interface CrowdOptions extends Pick<SandboxesOptions, "behaviour" | "gateways" | "seedOf"> {
  readonly accounts: number;
  /** Rules as YAML, not indented. Left out: each message is answered with `re` and its own text. */
  readonly rules?: string;
  /** More lines of the root. */
  readonly head?: string;
  /** More of `http:`, such as `, trusted_proxies: [127.0.0.1]`. */
  readonly http?: string;
  readonly level?: string;
  /** Address of a database; left out: a file in the program's folder. */
  readonly database?: string;
  /** Other files of the configuration, by name. */
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Given: the program writes down what it dials (`dials()`), and these host names lead there. */
  readonly names?: Readonly<Record<string, string>>;
  /** Program and accounts live on this clock; left out: on the real one. */
  readonly speed?: Speed;
  /** Hosts that may be called beside those of the accounts. */
  readonly alsoAllowed?: readonly string[];
}

/** Many accounts in the sandbox, and the real program to which they connect by themselves (`service:`). */
export interface Crowd {
  readonly sandboxes: Sandboxes;
  /** Where the program keeps its data: a path, or the address of a database. */
  readonly storage: string;
  readonly folder: string;
  /** `http://127.0.0.1:port` of the program's pages. */
  readonly url: string;
  /** What `bot.config.yaml` would be with these rules, as YAML, not indented. */
  configWith(rules: string): string;
  /** Everything that the program has dialled; only with `names`. */
  dials(): readonly Dial[];
  /** The process of now (or the last one). Throws before the first start. */
  bot(): Bot;
  /** Starts the program. */
  launch(): Promise<Bot>;
  /** Starts one more program on the same storage; its pages have another port. */
  replica(): Promise<{ readonly bot: Bot; readonly url: string }>;
  /** Writes accounts into the store as if each had been connected, and gives the ids. While no program has the file open. */
  keep(accounts: Sandboxes["accounts"]): Promise<readonly string[]>;
  /** Reads or changes what is stored; a file that a program has open is only read. */
  withStore<T>(task: (store: Store) => Promise<T>, how?: { readonly readOnly: boolean }): Promise<T>;
}

/** Sets everything up; nothing is started yet. */
export async function openCrowd(lab: Lab, options: CrowdOptions): Promise<Crowd> {
  const clock = options.speed === undefined ? systemClock : createFastClock(options.speed);
  const { behaviour, gateways = "one", seedOf = () => ({}) } = options;
  const sandboxes = await startSandboxes(options.accounts, { clock, behaviour: behaviour ?? {}, gateways, seedOf });
  lab.onTestFinished(() => sandboxes.stop());
  const folder = await freshFolder(lab);
  const port = await freePort();
  const storage = options.database ?? join(folder, "data/rulebot.db");
  const files = (rules = options.rules ?? ECHO, at = port) => configOf({ ...options, rules }, sandboxes, at);
  const hook = options.names === undefined ? null : dialHook(await freshFolder(lab), options.names);
  const start = (home: string, at: number) =>
    startBot(lab, {
      folder: home,
      files: { "bot.config.yaml": files(undefined, at), ...options.files },
      nodeArgs: hook?.nodeArgs ?? [],
      ...(options.speed === undefined ? {} : { main: FAST_PROGRAM }),
      env: {
        ADMIN_PASSWORD,
        ENCRYPTION_KEY,
        ONE_STEP_SECRET,
        ...(options.database === undefined ? {} : { DATABASE_URL: options.database }),
        ...(options.speed === undefined ? {} : { FAULTS_CLOCK: writeSpeed(options.speed) }),
        ...hook?.env,
        ...options.env,
      },
    });
  const withStore: Crowd["withStore"] = async (task, how = { readOnly: true }) => {
    const store = sealedStore(await openStore(storage, how), createVault([ENCRYPTION_KEY]));
    try {
      return await task(store);
    } finally {
      await store.close();
    }
  };
  let present: Bot | null = null;
  return {
    sandboxes,
    storage,
    folder,
    url: urlOf(port),
    configWith: (rules) => files(rules),
    dials: () => hook?.read() ?? [],
    bot() {
      if (present === null) throw new Error("no bot has been started yet");
      return present;
    },
    async launch() {
      present = await start(folder, port);
      return present;
    },
    async replica() {
      const at = await freePort();
      return { bot: await start(await freshFolder(lab), at), url: urlOf(at) };
    },
    withStore,
    keep: (accounts) => withStore((store) => keepAll(store, accounts), { readOnly: false }),
  };
}

async function keepAll(store: Store, accounts: Sandboxes["accounts"]): Promise<readonly string[]> {
  const kept: string[] = [];
  for (const { crmUrl, apiKey } of accounts) {
    const record = { ...newRecord({ crmUrl, moduleCode: "rulebot" }), apiKey };
    kept.push((await store.addConnection(record)).id);
  }
  return kept;
}

const urlOf = (port: number) => `http://127.0.0.1:${port}`;

function configOf(options: CrowdOptions & { readonly rules: string }, { accounts }: Sandboxes, port: number): string {
  const { rules, head = "", http = "", level = "info", alsoAllowed = [] } = options;
  const hosts = new Set(accounts.flatMap(({ crmUrl, gatewayUrl }) => [crmUrl, gatewayUrl]).map(hostOf));
  return [
    "version: 1",
    "service:",
    `  admin_password: "\${ADMIN_PASSWORD}"`,
    `  encryption_key: "\${ENCRYPTION_KEY}"`,
    `  secret: "\${ONE_STEP_SECRET}"`,
    `  allowed_crm_hosts: ${JSON.stringify([...hosts, ...alsoAllowed])}`,
    `module: {public_url: "${urlOf(port)}"}`,
    `http: {host: 127.0.0.1, port: ${port}${http}}`,
    `log: {format: json, level: ${level}}`,
    "bot: {answers_per_minute: 100, requests_per_second: 50}",
    head,
    "rules:",
    rules.replace(/^(?=.)/gm, "  "),
  ].join("\n");
}

const hostOf = (url: string) => new URL(url).host;

async function freshFolder(lab: Lab): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "rulebot-faults-"));
  lab.onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await onceSeen(server, "listening");
  const address = server.address();
  server.close();
  await onceSeen(server, "close");
  if (address === null || typeof address === "string") throw new Error("a server has a port");
  return address.port;
}

/** Until so many sockets are open in all, in ms; null: not within that time. */
export async function untilOpen(sandboxes: Sandboxes, count: number, withinMs: number): Promise<number | null> {
  const beganAt = Date.now();
  while (sandboxes.socketCount() < count) {
    if (Date.now() - beganAt > withinMs) return null;
    await sleep(50);
  }
  return Date.now() - beganAt;
}
