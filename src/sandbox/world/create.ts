import { type Behaviour, usualBehaviour } from "../options.ts";
import { splitName } from "./actors.ts";
import { addKey } from "./keys.ts";
import type { Customer, Person } from "./rows.ts";
import type { CustomerSeed, PersonSeed, Seed } from "./seed.ts";
import { furnishShop } from "./shop.ts";
import { nextId, type World } from "./world.ts";

const DAY_MS = 24 * 3_600_000;

/** Zones that the vendor's own modules name (reference, section 2). */
const CLOUD_ZONES: readonly string[] = [
  ...["retailcrm.ru", "retailcrm.pro", "retailcrm.es"],
  ...["simla.com", "ecomlogic.com", "simlachat.com", "simlachat.ru"],
];

function emptyWorld({ seed, behaviour, now }: { seed: Seed; behaviour: Behaviour; now: number }): World {
  return {
    behaviour,
    apiKey: seed.apiKey,
    keys: new Map(),
    timezone: seed.timezone,
    workTimes: seed.workTimes,
    language: seed.language,
    startedAt: now,
    urls: { crm: "", technical: "", gateway: "" },
    account: { chatsEnabled: behaviour.chatsEnabled },
    oldHosts: new Map(),
    offers: new Map(),
    callbacks: { held: null, sent: [] },
    domains: { crm: CLOUD_ZONES, box: [], changedAt: now },
    people: new Map(),
    bots: new Map(),
    modules: new Map(),
    channels: new Map(),
    customers: new Map(),
    chats: new Map(),
    dialogs: new Map(),
    messages: new Map(),
    commands: new Map(),
    files: new Map(),
    members: new Map(),
    notifications: [],
    crmCustomers: new Map(),
    orders: new Map(),
    products: new Map(),
    directories: seed.shop.directories,
    counters: {
      message: 990_000,
      chat: 5300,
      dialog: 7700,
      customer: 8119,
      bot: 6,
      command: 30,
      member: 50,
      channel: 16,
      person: 11,
      crmCustomer: 3309,
      order: 88_010,
      orderLine: 120_330,
      payment: 5510,
      product: 9019,
      offer: 40_270,
    },
    turns: { echo: 0, opened: 0 },
    frames: [],
    changes: [],
  };
}

export function addPerson(world: World, now: number, seed: PersonSeed): Person {
  const { first, last } = splitName(seed.name);
  const id = nextId(world, "person");
  const person: Person = {
    id,
    // Another number on purpose: a client that mixes the two systems' ids is found out at once.
    crmId: id * 2,
    firstName: first,
    lastName: last,
    username: first.toLowerCase(),
    email: seed.email ?? `${first.toLowerCase()}@shop.example`,
    groups: seed.groups ?? [],
    active: seed.active ?? true,
    online: seed.online ?? false,
    available: seed.available ?? true,
    technical: seed.technical ?? false,
    createdAt: now - 60 * DAY_MS,
    updatedAt: null,
  };
  world.people.set(id, person);
  return person;
}

/** Adds a customer to the channel of the seed's type. Throws RangeError when there is no such channel. */
export function addCustomer(world: World, now: number, seed: CustomerSeed): Customer {
  const channel = [...world.channels.values()].find(({ type }) => type === seed.channel);
  if (channel === undefined) throw new RangeError(`no channel of type ${seed.channel}`);
  const { first, last } = splitName(seed.name);
  const id = nextId(world, "customer");
  const customer: Customer = {
    id,
    channelId: channel.id,
    externalId: seed.externalId ?? String(600_000_000 + id),
    firstName: first === "" ? null : first,
    lastName: last === "" ? null : last,
    username: seed.username ?? null,
    phone: seed.phone ?? null,
    email: seed.email ?? null,
    language: seed.language ?? null,
    country: seed.country ?? null,
    blocked: false,
    createdAt: now,
    updatedAt: null,
  };
  world.customers.set(id, customer);
  return customer;
}

function addOtherBot(world: World, now: number, name: string): void {
  const id = nextId(world, "bot");
  world.bots.set(id, {
    id,
    clientId: `other-${id}`,
    name,
    avatarUrl: "",
    active: true,
    roles: [],
    createdAt: now - 30 * DAY_MS,
    updatedAt: null,
    deactivatedAt: null,
  });
}

/** The account as the seed describes it. Pure but for the counters inside. */
export function createWorld({
  seed,
  behaviour,
  now,
}: {
  seed: Seed;
  behaviour?: Partial<Behaviour>;
  now: number;
}): World {
  const world = emptyWorld({ seed, behaviour: { ...usualBehaviour, ...behaviour }, now });
  for (const person of seed.people) addPerson(world, now, person);
  for (const channel of seed.channels) {
    const id = nextId(world, "channel");
    const { type, name, settings } = channel;
    const rest = { active: channel.active ?? true, replyWindowMs: channel.replyWindowMs ?? null };
    world.channels.set(id, { id, type, name, settings, ...rest, createdAt: now - 60 * DAY_MS, updatedAt: null });
  }
  for (const customer of seed.customers) addCustomer(world, now, customer);
  for (const name of seed.otherBots) addOtherBot(world, now, name);
  addKey(world, { key: seed.apiKey, scopes: seed.scopes });
  furnishShop(world, now, seed.shop);
  return world;
}
