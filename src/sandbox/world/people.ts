import { emitBot, emitChannel, emitChatsDeleted, emitCustomer, emitOnline, emitPerson } from "./frames.ts";
import { notFound } from "./refusal.ts";
import type { Bot, Channel, Customer, Person } from "./rows.ts";
import type { World } from "./world.ts";

/** Someone comes or goes. Nothing happens when nothing changes. */
export function setOnline(world: World, now: number, { userId, online }: { userId: number; online: boolean }): void {
  const before = world.people.get(userId);
  if (before === undefined) throw notFound("user", userId);
  if (before.online === online) return;
  const person = { ...before, online, updatedAt: now };
  world.people.set(userId, person);
  world.changes.push({ kind: "person", person });
  emitOnline(world, now, person);
}

export type PersonChange = Partial<Pick<Person, "firstName" | "lastName" | "active" | "available" | "groups">>;

export function changePerson(world: World, now: number, { userId, to }: { userId: number; to: PersonChange }): void {
  const before = world.people.get(userId);
  if (before === undefined) throw notFound("user", userId);
  const person = { ...before, ...to, updatedAt: now };
  world.people.set(userId, person);
  world.changes.push({ kind: "person", person });
  emitPerson(world, now, person);
}

export type CustomerChange = Partial<Omit<Customer, "id" | "channelId" | "createdAt" | "updatedAt">>;

export function changeCustomer(
  world: World,
  now: number,
  { customerId, to }: { customerId: number; to: CustomerChange },
): void {
  const before = world.customers.get(customerId);
  if (before === undefined) throw notFound("customer", customerId);
  const customer = { ...before, ...to, updatedAt: now };
  world.customers.set(customerId, customer);
  world.changes.push({ kind: "customer", customerId });
  emitCustomer(world, now, customer);
}

export type ChannelChange = Partial<Pick<Channel, "name" | "active" | "settings" | "replyWindowMs">>;

export function changeChannel(
  world: World,
  now: number,
  { channelId, to }: { channelId: number; to: ChannelChange },
): void {
  const before = world.channels.get(channelId);
  if (before === undefined) throw notFound("channel", channelId);
  const channel = { ...before, ...to, updatedAt: now };
  world.channels.set(channelId, channel);
  world.changes.push({ kind: "channel", channelId });
  emitChannel(world, now, channel);
}

export type BotChange = Partial<Pick<Bot, "name" | "avatarUrl" | "roles" | "active" | "deactivatedAt">>;

export function changeBot(world: World, now: number, { botId, to }: { botId: number; to: BotChange }): void {
  const before = world.bots.get(botId);
  if (before === undefined) throw notFound("bot", botId);
  const bot = { ...before, ...to, updatedAt: now };
  world.bots.set(botId, bot);
  world.changes.push({ kind: "bot", botId });
  emitBot(world, now, bot);
}

/** A chat goes with everything in it. */
export function deleteChat(world: World, now: number, chatId: number): void {
  if (!world.chats.delete(chatId)) throw notFound("chat", chatId);
  for (const part of [world.dialogs, world.messages, world.members]) {
    for (const [id, row] of part) if (row.chatId === chatId) part.delete(id);
  }
  world.changes.push({ kind: "chat_deleted", chatId });
  emitChatsDeleted(world, now, [chatId]);
}
