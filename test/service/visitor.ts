import type { FastifyInstance, LightMyRequestResponse } from "fastify";
import { createServer, type ManyAccounts, type Readiness, type ServiceOptions } from "../../src/service/server.ts";
import { createVault } from "../../src/vault.ts";
import { createTestLog, type TestLog } from "../helpers/test-log.ts";
import { createVirtualClock, type VirtualClock } from "../helpers/virtual-clock.ts";
import { createFakeAccounts, type FakeAccounts } from "./fake-accounts.ts";

export const READY: Readiness = { ready: true, draining: false, configLastReloadSuccess: 1, configErrors: [] };
export const VAULT_KEY = "7".repeat(64);
export const PASSWORD = "the operator's password";
export const HTTPS = "https://bot.example";

export interface House {
  readonly server: FastifyInstance;
  readonly accounts: FakeAccounts;
  readonly clock: VirtualClock;
  readonly log: TestLog;
  /** A browser without cookies. */
  visitor(): Visitor;
}

export interface HouseOptions extends Partial<Omit<ServiceOptions, "many">> {
  readonly accounts?: FakeAccounts;
  readonly many?: Partial<ManyAccounts> | null;
}

/** All options of a service with nothing behind it. */
export function serviceOptions({ accounts = createFakeAccounts(), many = {}, ...over }: HouseOptions = {}) {
  const log = createTestLog();
  const clock = createVirtualClock();
  const options: ServiceOptions = {
    host: "127.0.0.1",
    port: 0,
    log: log.log,
    clock,
    publicUrl: HTTPS,
    name: "Helper",
    language: "en",
    trustedProxies: [],
    readiness: () => READY,
    status: async () => ({ connections: [] }),
    statusToken: "a-token-of-the-test",
    metrics: null,
    onHint: (clientId, about, systemUrl) => accounts.hint(clientId, about, systemUrl),
    many:
      many === null
        ? null
        : {
            accounts,
            vault: createVault([VAULT_KEY]),
            adminPassword: PASSWORD,
            isOneStep: true,
            scopes: { needed: ["integration_read", "integration_write"], useful: ["order_read"] },
            frameSites: async () => ["https://*.simla.com"],
            ...many,
          },
    ...over,
  };
  return { options, log, clock, accounts };
}

/** A service to which requests are handed without a network. */
export async function openHouse(given: HouseOptions = {}): Promise<House> {
  const { options, log, clock, accounts } = serviceOptions(given);
  const server = await createServer(options);
  return { server, accounts, clock, log, visitor: () => createVisitor(server) };
}

type Headers = Readonly<Record<string, string>>;

/** One browser: keeps cookies, and the form token of the page it last saw. */
export interface Visitor {
  get(path: string, headers?: Headers): Promise<LightMyRequestResponse>;
  /** Sends a form as a browser on our page would; `_csrf` from the last page unless given. */
  post(path: string, fields?: Headers, headers?: Headers): Promise<LightMyRequestResponse>;
  readonly cookies: Map<string, string>;
}

function createVisitor(server: FastifyInstance): Visitor {
  const cookies = new Map<string, string>();
  let token = "";
  const taken = (answer: LightMyRequestResponse) => {
    for (const { name, value } of answer.cookies) cookies.set(name, value);
    token = /name="_csrf" value="([^"]+)"/u.exec(answer.body)?.[1] ?? token;
    return answer;
  };
  const usual = () => ({
    accept: "text/html,*/*",
    cookie: [...cookies].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("; "),
  });
  return {
    cookies,
    async get(path, headers = {}) {
      return taken(await server.inject({ method: "GET", url: path, headers: { ...usual(), ...headers } }));
    },
    async post(path, fields = {}, headers = {}) {
      return taken(
        await server.inject({
          method: "POST",
          url: path,
          headers: {
            ...usual(),
            "content-type": "application/x-www-form-urlencoded",
            "sec-fetch-site": "same-origin",
            origin: HTTPS,
            ...headers,
          },
          payload: new URLSearchParams({ _csrf: token, ...fields }).toString(),
        }),
      );
    },
  };
}

/** The words of a page without its markup. */
export const textOf = (html: string): string =>
  html
    .replace(/<(style|datalist)[\s\S]*?<\/\1>/gu, " ")
    .replace(/<[^>]+>/gu, " ")
    .replace(/\s+/gu, " ")
    .trim();
