import { micros, orNull, wholeSeconds } from "./moments.ts";
import type { Bot, Channel, Command, Customer, Member, Person, Schemas, StoredFile } from "./rows.ts";

/** Rows as the REST lists show them. Fields, nulls and the precision of moments follow the reference's samples. */

export const botRow = (bot: Bot, selfId: number): Schemas["Bot"] => ({
  id: bot.id,
  client_id: bot.clientId,
  name: bot.name,
  avatar_url: bot.avatarUrl,
  is_active: bot.active,
  is_self: bot.id === selfId,
  is_system: false,
  // Recorded data had null for a bot without roles.
  roles: bot.roles.length === 0 ? null : [...bot.roles],
  created_at: micros(bot.createdAt),
  updated_at: orNull(micros, bot.updatedAt),
  deactivated_at: orNull(micros, bot.deactivatedAt),
});

export const commandRow = (command: Command): Schemas["Command"] => ({
  id: command.id,
  name: command.name,
  description: command.description,
  created_at: micros(command.createdAt),
  updated_at: orNull(micros, command.updatedAt),
});

export const savedCommand = (command: Command): Schemas["CommandCreate"] => ({
  id: command.id,
  name: command.name,
  description: command.description,
  created_at: wholeSeconds(command.createdAt),
  updated_at: orNull(wholeSeconds, command.updatedAt),
});

export const channelRow = (channel: Channel): Schemas["ChannelListResponseItem"] => ({
  id: channel.id,
  type: channel.type,
  name: channel.name,
  is_active: channel.active,
  settings: channel.settings,
  created_at: micros(channel.createdAt),
  updated_at: orNull(micros, channel.updatedAt),
  activated_at: micros(channel.createdAt),
  deactivated_at: channel.active ? null : orNull(micros, channel.updatedAt),
});

export const channelInChat = (channel: Channel): Schemas["Channel"] => ({
  id: channel.id,
  type: channel.type,
  name: channel.name,
  avatar: "",
  is_active: channel.active,
  transport_id: 3,
  settings: channel.settings,
});

export const customerRow = (customer: Customer): Schemas["Customer"] => ({
  id: customer.id,
  external_id: customer.externalId,
  channel_id: customer.channelId,
  username: customer.username,
  first_name: customer.firstName,
  last_name: customer.lastName,
  phone: customer.phone,
  email: customer.email,
  avatar_url: null,
  profile_url: "",
  country: customer.country,
  language: customer.language,
  is_blocked: customer.blocked,
  utm: null,
  created_at: micros(customer.createdAt),
  updated_at: orNull(micros, customer.updatedAt),
  revoked_at: null,
});

export const userRow = (person: Person): Schemas["UserListResponseItem"] => ({
  id: person.id,
  external_id: String(person.crmId),
  username: person.username,
  first_name: person.firstName,
  last_name: person.lastName,
  avatar_url: "",
  available: person.available,
  connected: true,
  is_active: person.active,
  is_online: person.online,
  is_technical_account: person.technical,
  created_at: micros(person.createdAt),
  updated_at: orNull(micros, person.updatedAt),
  revoked_at: null,
});

export const memberRow = (member: Member): Schemas["ChatMemberListResponseItem"] => ({
  id: member.id,
  chat_id: member.chatId,
  user_id: member.userId,
  is_author: member.author,
  state: member.state,
  created_at: micros(member.createdAt),
  updated_at: micros(member.updatedAt),
});

export const fileRow = (file: StoredFile): Schemas["File"] => ({
  id: file.id,
  type: file.kind,
  size: file.size,
  transcription: file.transcription,
  ...(file.transcriptionStatus === null ? {} : { transcription_status: file.transcriptionStatus }),
});
