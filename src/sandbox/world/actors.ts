import type { Author, Bot, Channel, Customer, Person, Schemas } from "./rows.ts";
import type { World } from "./world.ts";

/** People, bots and channels as chats and messages show them. */
export type Actor = Schemas["Actor"];

export const personName = (person: Person): string => `${person.firstName} ${person.lastName}`.trim();

export const customerName = (customer: Customer): string =>
  [customer.firstName, customer.lastName].filter((part) => part !== null).join(" ") || (customer.username ?? "");

/** First word, the rest: "Anna de la Cruz" is Anna + "de la Cruz". */
export function splitName(name: string): { first: string; last: string } {
  const [first = "", ...rest] = name.trim().split(/\s+/);
  return { first, last: rest.join(" ") };
}

export const personActor = (person: Person): Actor => ({
  id: person.id,
  external_id: String(person.crmId),
  type: "user",
  name: personName(person),
  first_name: person.firstName,
  last_name: person.lastName,
  avatar: "",
  available: person.available,
  is_technical_account: person.technical,
});

export const botActor = (bot: Bot): Actor => ({
  id: bot.id,
  external_id: bot.clientId,
  type: "bot",
  name: bot.name,
  avatar: bot.avatarUrl,
  is_system: false,
});

/** What is not known of a customer is left out, as the service does. */
export const customerActor = (customer: Customer): Actor => ({
  id: customer.id,
  external_id: customer.externalId,
  type: "customer",
  name: customerName(customer),
  avatar: null,
  is_blocked: customer.blocked,
  ...(customer.firstName === null ? {} : { first_name: customer.firstName }),
  ...(customer.lastName === null ? {} : { last_name: customer.lastName }),
  ...(customer.username === null ? {} : { username: customer.username }),
  ...(customer.phone === null ? {} : { phone: customer.phone }),
  ...(customer.email === null ? {} : { email: customer.email }),
});

const channelActor = (channel: Channel): Actor => ({
  id: channel.id,
  external_id: "",
  type: "channel",
  name: channel.name,
  avatar: null,
});

/** Throws RangeError for an author the account does not have: a fault of the stand-in, never of its caller. */
export function actorOf(world: World, author: Author): Actor {
  const { type, id } = author;
  const person = type === "user" ? world.people.get(id) : undefined;
  if (person !== undefined) return personActor(person);
  const bot = type === "bot" ? world.bots.get(id) : undefined;
  if (bot !== undefined) return botActor(bot);
  const customer = type === "customer" ? world.customers.get(id) : undefined;
  if (customer !== undefined) return customerActor(customer);
  const channel = type === "channel" ? world.channels.get(id) : undefined;
  if (channel !== undefined) return channelActor(channel);
  throw new RangeError(`no ${type} #${id}`);
}
