import { customerName, personName } from "./actors.ts";
import { addCustomer } from "./create.ts";
import type { Author, Bot, Channel, Chat, Customer, Person } from "./rows.ts";
import { chatOf } from "./speaking.ts";
import { openDialogOf, type World } from "./world.ts";

/** How a person, bot, customer or channel is named: by id, or by name (people also by e-mail, channels by type). */
export type Named = string | number;

function pick<Row>(rows: Iterable<Row>, what: string, wanted: Named, names: (row: Row) => readonly Named[]): Row {
  const asked = typeof wanted === "string" ? wanted.toLowerCase() : wanted;
  const spelt = (name: Named) => (typeof name === "string" ? name.toLowerCase() : name);
  for (const row of rows) if (names(row).some((name) => spelt(name) === asked)) return row;
  throw new RangeError(`no ${what} ${wanted}`);
}

/** Throws RangeError when there is no such person; a first name will do. */
export const findPerson = (world: World, wanted: Named): Person =>
  pick(world.people.values(), "person", wanted, (row) => [row.id, personName(row), row.firstName, row.email]);

export const findBot = (world: World, wanted: Named): Bot =>
  pick(world.bots.values(), "bot", wanted, (row) => [row.id, row.name, row.clientId]);

export const findChannel = (world: World, wanted: Named): Channel =>
  pick(world.channels.values(), "channel", wanted, (row) => [row.id, row.type, row.name]);

const findCustomer = (world: World, wanted: Named): Customer =>
  pick([...world.customers.values()].reverse(), "customer", wanted, (row) => [row.id, customerName(row)]);

export interface CustomerChoice {
  readonly customer?: Named;
  readonly channel?: Named;
}

/** The same person on another channel is another customer of the gateway, as it is for the service. */
function twin(world: World, now: number, { customer, channel }: { customer: Customer; channel: Channel }): Customer {
  const name = customerName(customer);
  const known = [...world.customers.values()].find((row) => row.channelId === channel.id && customerName(row) === name);
  if (known !== undefined) return known;
  const phone = customer.phone === null ? {} : { phone: customer.phone };
  const language = customer.language === null ? {} : { language: customer.language };
  return addCustomer(world, now, { name, channel: channel.type, ...phone, ...language });
}

/** The customer meant: the named one, else the newest who wrote, else the first there is; moved to the channel asked for. */
export function chooseCustomer(world: World, now: number, { customer, channel }: CustomerChoice): Customer {
  const lastChat = latestChat(world);
  const first = world.customers.values().next().value;
  const usual = (lastChat === null ? undefined : world.customers.get(lastChat.customerId)) ?? first;
  const chosen = customer === undefined ? usual : findCustomer(world, customer);
  if (chosen === undefined) throw new RangeError("there is no customer");
  if (channel === undefined) return chosen;
  const wanted = findChannel(world, channel);
  return wanted.id === chosen.channelId ? chosen : twin(world, now, { customer: chosen, channel: wanted });
}

function latestChat(world: World): Chat | null {
  let latest: Chat | null = null;
  for (const chat of world.chats.values()) {
    if (latest === null || (chat.lastMessageId ?? 0) > (latest.lastMessageId ?? 0)) latest = chat;
  }
  return latest;
}

/** The chat meant: the one given, else the one with the newest message, else the first customer's. */
export function chooseChat(world: World, now: number, chatId: number | undefined): Chat {
  const chat =
    chatId === undefined
      ? (latestChat(world) ?? chatOf(world, now, chooseCustomer(world, now, {})))
      : world.chats.get(chatId);
  if (chat === undefined) throw new RangeError(`no chat ${chatId}`);
  return chat;
}

/** The person meant: the named one, else the one in charge of the chat, else the first who is online, else the first. */
export function choosePerson(world: World, wanted: Named | undefined, chatId: number): Person {
  if (wanted !== undefined) return findPerson(world, wanted);
  const charge = openDialogOf(world, chatId)?.responsible;
  const inCharge = charge?.type === "user" ? world.people.get(charge.id) : undefined;
  const active = [...world.people.values()].filter((person) => person.active);
  const chosen = inCharge ?? active.find((person) => person.online) ?? active[0];
  if (chosen === undefined) throw new RangeError("there is no active person");
  return chosen;
}

/** A person, or a bot of that name. */
export function chooseResponsible(world: World, wanted: Named): Author {
  try {
    return { type: "user", id: findPerson(world, wanted).id };
  } catch {
    return { type: "bot", id: findBot(world, wanted).id };
  }
}

/** The open dialog of a chat. Throws RangeError when none is open. */
export function chooseDialog(world: World, chatId: number): number {
  const dialog = openDialogOf(world, chatId);
  if (dialog === null) throw new RangeError(`no open dialog in chat ${chatId}`);
  return dialog.id;
}
