import type { IncomingMessage } from "node:http";
import type { Change, RequestRecord } from "./changes.ts";
import { type Core, createCore } from "./core.ts";
import { FILES } from "./gateway/routes.ts";
import { type Door, openDoor } from "./http/doors.ts";
import type { SandboxOptions } from "./options.ts";
import { type Sandbox, sandboxOf } from "./sandbox.ts";
import { createServers, type Servers } from "./servers.ts";
import type { ModuleOffer } from "./world/market-rows.ts";
import { moduleOfToken } from "./world/modules.ts";
import type { Seed } from "./world/seed.ts";

/** Many accounts in one process. Each has an address of its own, `http://127.1.x.y:port`, a key and a world; one pair of servers
 *  works for all. Linux lets every address of 127/8 be listened at; elsewhere they must be added to the loopback first. */
export interface Sandboxes {
  readonly accounts: readonly Sandbox[];
  /** Requests at the shared gateway whose token is no account's, oldest first. */
  readonly strangers: readonly RequestRecord[];
  /** Puts a module on the marketplace of every account. */
  offerModule(offer: ModuleOffer): void;
  /** Tells of everything that happens in any account; the returned function ends that. */
  on(listener: (change: Change, account: Sandbox) => void): () => void;
  /** How many event sockets are open in all. */
  socketCount(): number;
  /** Cuts everything. */
  stop(): Promise<void>;
}

export interface SandboxesOptions extends Pick<SandboxOptions, "clock" | "behaviour" | "log" | "seed"> {
  /** Of all accounts; default 0, a free one. */
  readonly port?: number;
  readonly gatewayPort?: number;
  /** "one": a single gateway address serves all, and the token tells the account; going `down`, it goes down for all.
   *  "each": an address for each account, the same as its CRM's but for the port. Default "one", as the real service. */
  readonly gateways?: "one" | "each";
  /** What one account has otherwise; `index` from 0. Its key, unless given here, is `sandbox-key-<index>-not-a-secret`. */
  readonly seedOf?: (index: number) => Partial<Seed>;
}

const PER_NET = 250;
const MOST = 250 * PER_NET;

/** 127.1.0.1, 127.1.0.2, ... */
const hostOf = (index: number): string => `127.1.${Math.floor(index / PER_NET)}.${(index % PER_NET) + 1}`;

/** Finds accounts by what a request brings. */
interface Register {
  byAddress(request: IncomingMessage): Core;
  byToken(request: IncomingMessage): Core;
}

const fileId = ({ url = "" }: IncomingMessage): string | null =>
  url.startsWith(FILES) ? (url.slice(FILES.length).split("?")[0] ?? "") : null;

/** Remembers which account a token led to. Whatever belongs to no account is the `stranger`'s. */
function createRegister(cores: readonly Core[], byHost: ReadonlyMap<string, Core>, stranger: Core): Register {
  const seen = new Map<string, Core>();
  const holder = (token: string): Core | undefined => {
    const before = seen.get(token);
    if (before !== undefined && moduleOfToken(before.world, token) !== undefined) return before;
    const found = cores.find(({ world }) => moduleOfToken(world, token) !== undefined) ?? before;
    if (found !== undefined) seen.set(token, found);
    return found;
  };
  return {
    byAddress: ({ socket }) => byHost.get(String(socket.localAddress)) ?? stranger,
    byToken(request) {
      const token = request.headers["x-bot-token"];
      const file = fileId(request);
      const found = file === null ? undefined : cores.find(({ world }) => world.files.has(file));
      return found ?? (typeof token === "string" ? holder(token) : undefined) ?? stranger;
    },
  };
}

/** Everything that is open, to be closed together. */
interface Opened {
  readonly servers: Servers;
  readonly doors: Door[];
}

async function open({ servers, doors }: Opened, server: "crm" | "gateway", address: { host: string; port: number }) {
  const door = await openDoor(servers[server], address);
  doors.push(door);
  return door;
}

async function closeAll({ servers, doors }: Opened): Promise<void> {
  await Promise.all(doors.map((door) => door.close()));
  await servers.close();
}

/** Opens an address for each host at one and the same port: that which the first is given. */
async function openRow(
  opened: Opened,
  server: "crm" | "gateway",
  { hosts, port }: { hosts: readonly string[]; port: number },
): Promise<readonly Door[]> {
  const [first, ...rest] = hosts;
  if (first === undefined) return [];
  const door = await open(opened, server, { host: first, port });
  const others = await Promise.all(rest.map((host) => open(opened, server, { host, port: door.port })));
  return [door, ...others];
}

async function openDoors(opened: Opened, hosts: readonly string[], options: SandboxesOptions) {
  const { port = 0, gatewayPort = 0, gateways = "one" } = options;
  const crm = await openRow(opened, "crm", { hosts, port });
  const at = gateways === "one" ? ["127.0.0.1"] : hosts;
  const gateway = await openRow(opened, "gateway", { hosts: at, port: gatewayPort });
  return hosts.map((_host, index) => {
    const doors = { crm: crm[index], gateway: gateway[index] ?? gateway[0] };
    if (doors.crm === undefined || doors.gateway === undefined) throw new TypeError("every host has a door");
    return { crm: doors.crm, gateway: doors.gateway };
  });
}

const seedFor = ({ seed, seedOf }: SandboxesOptions, index: number): Partial<Seed> => ({
  ...seed,
  apiKey: `sandbox-key-${index}-not-a-secret`,
  ...seedOf?.(index),
});

/** Starts `count` accounts and resolves when all listen. Throws RangeError for more than 62,500; rejects when a port is taken. */
export async function startSandboxes(count: number, options: SandboxesOptions = {}): Promise<Sandboxes> {
  if (!Number.isInteger(count) || count < 1 || count > MOST) throw new RangeError(`from 1 to ${MOST} accounts`);
  const hosts = Array.from({ length: count }, (_none, index) => hostOf(index));
  const byHost = new Map<string, Core>();
  const doors: Door[] = [];
  let port = 0;
  const cores = hosts.map((host, index) => {
    const core: Core = createCore({ ...options, seed: seedFor(options, index) }, async (name) => {
      byHost.set(name, core);
      return (await open(opened, "crm", { host: name, port })).url;
    });
    byHost.set(host, core);
    return core;
  });
  const stranger = createCore(options, () => Promise.reject(new RangeError("nobody lives here")));
  const register = createRegister(cores, byHost, stranger);
  const gateway = options.gateways === "each" ? register.byAddress : register.byToken;
  const servers = await createServers({ crm: register.byAddress, gateway }, options.log ?? null);
  const opened: Opened = { servers, doors };
  const pairs = await openDoors(opened, hosts, options).catch(async (error: unknown) => {
    await closeAll(opened);
    throw error;
  });
  port = pairs[0]?.crm.port ?? 0;
  return gather(cores, { pairs, opened, stranger });
}

function gather(
  cores: readonly Core[],
  { pairs, opened, stranger }: { pairs: readonly { crm: Door; gateway: Door }[]; opened: Opened; stranger: Core },
): Sandboxes {
  const isShared = pairs.length > 1 && pairs[0]?.gateway === pairs[1]?.gateway;
  const accounts = cores.flatMap((core, index) => {
    const pair = pairs[index];
    if (pair === undefined) return [];
    const own = isShared ? [pair.crm] : [pair.crm, pair.gateway];
    return [sandboxOf(core, pair, async () => void (await Promise.all(own.map((door) => door.close()))))];
  });
  return {
    accounts,
    strangers: stranger.stage.requests,
    offerModule: (offer) => accounts.forEach((account) => void account.offerModule(offer)),
    on(listener) {
      const offs = accounts.map((account) => account.on((change) => listener(change, account)));
      return () => offs.forEach((off) => void off());
    },
    socketCount: () => accounts.reduce((sum, account) => sum + account.socketCount(), 0),
    async stop() {
      await Promise.all(accounts.map((account) => account.stop()));
      stranger.stage.stop();
      stranger.hub.stop();
      await closeAll(opened);
    },
  };
}
