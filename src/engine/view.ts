import type { Json, JsonObject } from "../types/json.ts";
import type { Channel, Customer, Dialog, Directory, Responsible, State, Variables } from "../types/state.ts";

/** Everything rules can see (spec section 4, "What rules can see"), as plain own properties; an absent value is null.
 *  `scope` holds what only this run sees and stands before the rest. `now` is Unix ms. */
export function buildView(state: State, scope: Variables, now: number): JsonObject {
  const { directory, chat, dialog } = state;
  return {
    message: null,
    command: null,
    match: {},
    customer: customerView(state.customer),
    dialog: dialogView(dialog, directory),
    chat: { ...chat?.variables, id: chat?.id ?? null },
    channel: channelView(channelOf(state)),
    manager: managerView(dialog?.responsible ?? null, directory),
    previous: { manager: managerView(dialog?.previous ?? null, directory) },
    bot: { id: directory.bot.id, name: directory.bot.name },
    now: new Date(now).toISOString(),
    ...scope,
  };
}

export function channelOf(state: State): Channel | null {
  return state.directory.channels.find((channel) => channel.id === state.chat?.channelId) ?? null;
}

function customerView(customer: Customer | null): JsonObject {
  return {
    ...customer?.variables,
    id: customer?.id ?? null,
    first_name: customer?.firstName ?? null,
    last_name: customer?.lastName ?? null,
    username: customer?.username ?? null,
    phone: customer?.phone ?? null,
    email: customer?.email ?? null,
    language: customer?.language ?? null,
  };
}

function dialogView(dialog: Dialog | null, directory: Directory): JsonObject {
  return {
    ...dialog?.variables,
    id: dialog?.id ?? null,
    tags: dialog?.tags ?? [],
    opened_at: dialog === null ? null : new Date(dialog.openedAt).toISOString(),
    team: dialog?.team ?? null,
    assigned: isAssigned(dialog?.responsible ?? null, directory),
    first: dialog?.customerMessages === 1,
  };
}

/** This bot as responsible counts as nobody (spec 4.1 "People"). */
function isAssigned(responsible: Responsible | null, directory: Directory): boolean {
  return responsible !== null && !(responsible.type === "bot" && responsible.id === directory.bot.id);
}

function channelView(channel: Channel | null): JsonObject {
  return { id: channel?.id ?? null, name: channel?.name ?? null, type: channel?.type ?? null };
}

function managerView(responsible: Responsible | null, directory: Directory): Json {
  if (responsible?.type !== "user") return null;
  const person = directory.people.find((candidate) => candidate.id === responsible.id);
  return { id: responsible.id, name: person?.name ?? null, online: person?.online ?? false };
}
