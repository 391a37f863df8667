import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { type Sandbox, type SandboxesOptions, startSandboxes } from "../../../src/sandbox/index.ts";
import { openStore } from "../../../src/store/open.ts";
import type { ConnectionRecord } from "../../../src/store/store.ts";
import { openBrowser } from "../../helpers/browser.ts";
import { freshDatabase } from "../../helpers/test-store.ts";
import { type Bot, startBot } from "../bot.ts";
import { openFront } from "./front.ts";
import { createWitness, type Witness } from "./witness.ts";

/** The real program (or several), CRM accounts around it, and people with browsers. Everything of one file shares it: each test takes
 *  accounts that no other one touches. */
export interface Town {
  /** Where people and the CRM reach the program: `module.public_url`. */
  readonly url: string;
  readonly bots: readonly Bot[];
  /** Where they keep their data: a path, or the address of a database. */
  readonly storage: string;
  /** An account that nobody has taken yet, with the module on its marketplace. */
  shop(): Sandbox;
  /** A window of a browser of its own, that comes from an address of its own. English unless `locale` says otherwise. */
  person(options?: BrowserContextOptions): Promise<Page>;
  /** Which of the programs answers from now on. */
  reach(bot: Bot | undefined): void;
  /** The stored connection of an account, its secrets as they lie in the database. */
  row(shop: Sandbox): Promise<ConnectionRecord | undefined>;
  rowAt(crmUrl: string): Promise<ConnectionRecord | undefined>;
  rows(): Promise<readonly ConnectionRecord[]>;
  readonly witness: Witness;
  close(): Promise<void>;
}

export const SECRETS = {
  ADMIN_PASSWORD: "canary-password-of-the-operator",
  ENCRYPTION_KEY: "c0ffee".repeat(10).padEnd(64, "7"),
  MARKETPLACE_SECRET: "canary-secret-of-the-marketplace",
};

const RULES = `
- rule: Answer
  when: {message: any}
  do:
    - reply: Shared.
`;

export interface TownOptions {
  readonly shops: number;
  /** What the accounts have otherwise. */
  readonly crms?: Pick<SandboxesOptions, "seed" | "behaviour">;
  /** Left out: one program with a database of its own. */
  readonly programs?: { readonly count: number; readonly storage: string };
  /** Further files of the program, and what else is in its root file (a function of the accounts). */
  readonly files?: Readonly<Record<string, string>>;
  readonly head?: (shops: readonly Sandbox[]) => string;
  /** Further variables of its environment. */
  readonly env?: (shops: readonly Sandbox[]) => Readonly<Record<string, string>>;
  /** The shared rules; left out: "Shared." to everything. */
  readonly rules?: string;
}

/** The root file. Accounts that are renamed move from 127.1.0.x to 127.2.0.x. */
export function rootFile(
  url: string,
  shops: readonly Sandbox[],
  { head, rules = RULES }: Pick<TownOptions, "head" | "rules">,
) {
  const crms = shops.map(({ crmUrl }) => new URL(crmUrl).host);
  const hosts = [...crms, ...crms.map((host) => host.replace("127.1.", "127.2.")), ...gatewaysOf(shops)];
  return `version: 1
service:
  admin_password: "\${ADMIN_PASSWORD}"
  encryption_key: "\${ENCRYPTION_KEY}"
  secret: "\${MARKETPLACE_SECRET}"
  allowed_crm_hosts: [${hosts.map((host) => `"${host}"`).join(", ")}]
module: {code: rulebot, public_url: "${url}"}
http: {host: 127.0.0.1, port: 0, trusted_proxies: [127.0.0.1]}
log: {format: json, level: trace}
${head?.(shops) ?? ""}
rules:
${rules.replace(/^(?=.)/gm, "  ")}`;
}

const gatewaysOf = (shops: readonly Sandbox[]) => new Set(shops.map(({ gatewayUrl }) => new URL(gatewayUrl).host));

export async function openTown(options: TownOptions): Promise<Town> {
  const undo: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const task of undo.splice(0).reverse()) await task();
  };
  try {
    const front = await openFront();
    const folder = await mkdtemp(join(tmpdir(), "rulebot-town-"));
    undo.push(front.close, () => rm(folder, { recursive: true, force: true }));
    const crms = await startSandboxes(options.shops, options.crms);
    undo.push(crms.stop);
    crms.offerModule({ code: "rulebot", name: "Rulebot", formUrl: `${front.url}/` });
    const storage = options.programs?.storage ?? (await freshDatabase()) ?? join(folder, "data", "rulebot.db");
    await knowDomains(storage);
    const starting = startBots(
      { ...options, folder, storage, cleaner: { onTestFinished: (task) => void undo.push(task) } },
      {
        url: front.url,
        shops: crms.accounts,
      },
    );
    const [bots, browser] = await Promise.all([starting, openBrowser()]);
    undo.push(() => browser.close());
    front.to(bots[0]?.url() ?? "");
    const witness = createWitness({ bots, crms, storage, ours: [front.url, ...bots.map((bot) => bot.url())] });
    for (const secret of Object.values(SECRETS)) witness.hide(secret);
    const rowAt = async (crmUrl: string) => (await rowsOf(storage)).find((row) => row.crmUrl === crmUrl);
    const free = [...crms.accounts];
    return {
      url: front.url,
      bots,
      storage,
      witness,
      close,
      shop() {
        const shop = free.shift();
        if (shop === undefined) throw new Error("no account is left: raise `shops`");
        return shop;
      },
      person: createPeople(browser, witness),
      reach: (bot) => front.to(bot?.url() ?? ""),
      rows: () => rowsOf(storage),
      rowAt,
      row: ({ crmUrl }) => rowAt(crmUrl),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Puts the module on the account's marketplace for a connection in one step. */
export const offerInOneStep = (shop: Sandbox, url: string): void =>
  shop.offerModule({
    code: "rulebot",
    name: "Rulebot",
    formUrl: `${url}/`,
    oneStep: { configUrl: `${url}/simple/config`, secret: SECRETS.MARKETPLACE_SECRET },
  });

/** As if the program had asked the vendor for its lists a moment ago: a test leaves this machine alone. */
async function knowDomains(storage: string): Promise<void> {
  const store = await openStore(storage);
  await store.saveFact("", "crm_domains", { at: Date.now(), cloud: ["simla.com"], own: [] });
  await store.close();
}

async function rowsOf(storage: string): Promise<readonly ConnectionRecord[]> {
  const store = await openStore(storage, { readOnly: true });
  try {
    return await store.connections();
  } finally {
    await store.close();
  }
}

interface Starting extends TownOptions {
  readonly folder: string;
  readonly storage: string;
  readonly cleaner: Parameters<typeof startBot>[0];
}

async function startBots(
  { programs, storage, folder, cleaner, files = {}, ...options }: Starting,
  { url, shops }: { readonly url: string; readonly shops: readonly Sandbox[] },
): Promise<readonly Bot[]> {
  const root = rootFile(url, shops, options);
  return await Promise.all(
    Array.from({ length: programs?.count ?? 1 }, async (_none, index) => {
      const bot = await startBot(cleaner, {
        folder: join(folder, String(index)),
        files: { ...files, "bot.config.yaml": root },
        env: { ...SECRETS, DATABASE_URL: storage, ...options.env?.(shops) },
      });
      // Beside browsers and other programs a start can take twice as long as usual.
      const ready = () => bot.says("Rulebot is ready");
      await Promise.race([ready().catch(ready), bot.ended]);
      if (bot.url() === "") throw new Error(`the program did not start: ${bot.output()}${bot.errors()}`);
      return bot;
    }),
  );
}

function createPeople(browser: Browser, witness: Witness) {
  let people = 0;
  return async (options: BrowserContextOptions = {}): Promise<Page> => {
    people += 1;
    const context = await browser.newContext({
      locale: "en-GB",
      javaScriptEnabled: false,
      extraHTTPHeaders: { "x-forwarded-for": `203.0.113.${people}` },
      ...options,
    });
    witness.watch(context);
    return await context.newPage();
  };
}
