import { readFile } from "node:fs/promises";
import type { BrowserContext, Response } from "playwright-core";
import type { Sandboxes } from "../../../src/sandbox/index.ts";
import { askOnce } from "../../helpers/postgres.ts";
import type { Bot } from "../bot.ts";

/** Remembers all that the program shows to anybody, and looks for secrets in it. */
export interface Witness {
  /** Sees every answer of ours to this browser, from now on. */
  watch(context: BrowserContext): void;
  /** Something the program said in another way. */
  heard(text: string): void;
  /** A value that must be shown nowhere; what the accounts and browsers hold now is known already. */
  hide(secret: string): void;
  /** What was shown with a secret in it, the secret itself left out. */
  leaks(): Promise<readonly string[]>;
}

export interface WitnessOptions {
  readonly bots: readonly Bot[];
  readonly crms: Sandboxes;
  readonly storage: string;
  /** Addresses of ours. */
  readonly ours: readonly string[];
}

export function createWitness({ bots, crms, storage, ours }: WitnessOptions): Witness {
  const said: string[] = [];
  const secrets = new Set<string>();
  const reading: Promise<unknown>[] = [];
  const isOurs = (url: string) => ours.some((one) => url.startsWith(`${one}/`));

  const keep = async (response: Response) => {
    const headers = await response.headersArray();
    const plain = headers.filter(({ name }) => name.toLowerCase() !== "set-cookie");
    for (const { value } of headers.filter((one) => !plain.includes(one))) secrets.add(cookieOf(value));
    const body = await response.text().catch(() => ""); // a redirect has none
    said.push(`${response.url()} ${JSON.stringify(plain)} ${body}`);
  };
  return {
    watch(context) {
      context.on("response", (response) => {
        if (isOurs(response.url())) reading.push(keep(response).catch(() => {}));
      });
    },
    heard: (text) => void said.push(text),
    hide: (secret) => void secrets.add(secret),
    async leaks() {
      await Promise.all(reading);
      const addresses = bots.flatMap((bot) => OPEN.map((path) => `${bot.url()}${path}`));
      said.push(...(await Promise.all(addresses.map(async (url) => await (await fetch(url)).text()))));
      const keys = crms.accounts.flatMap(({ world }) => [...world.keys.keys()]);
      const tokens = crms.accounts.flatMap(({ world }) => [...world.modules.values()].map(({ token }) => token ?? ""));
      const atRest = [...keys, ...tokens, ...secrets].filter((one) => one !== "");
      const phones = crms.accounts.flatMap(({ world }) =>
        [...world.customers.values()].map(({ phone }) => phone ?? ""),
      );
      const shown = [...said, ...bots.flatMap((bot) => [...bot.output().split("\n"), ...bot.errors().split("\n")])];
      return [
        ...holding(shown, [...atRest, ...phones.filter((one) => one !== "")]),
        ...holding([await stored(storage)], atRest).map(() => "the database"),
      ];
    },
  };
}

/** What anybody may ask. */
const OPEN = ["/", "/metrics", "/status", "/readyz", "/healthz", "/simple/config"];

const cookieOf = (header: string) => header.split(";")[0]?.split("=").slice(1).join("=") ?? "";

const holding = (texts: readonly string[], secrets: readonly string[]) =>
  secrets.flatMap((secret) =>
    texts
      .filter((text) => [secret, encodeURIComponent(secret)].some((spelt) => text.includes(spelt)))
      .map((text) => text.replaceAll(secret, "<secret>").slice(0, 600)),
  );

/** Everything in the database, as text. */
async function stored(storage: string): Promise<string> {
  if (!storage.startsWith("postgres")) {
    const files = [storage, `${storage}-wal`].map((file) => readFile(file, "latin1").catch(() => ""));
    return (await Promise.all(files)).join("\n");
  }
  const tables = await askOnce<{ name: string }>(
    storage,
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema()",
  );
  const rows = tables.map(({ name }) => askOnce<{ row: string }>(storage, `SELECT t::text AS row FROM "${name}" t`));
  return (await Promise.all(rows)).flatMap((found) => found.map(({ row }) => row)).join("\n");
}
