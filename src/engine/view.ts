import { isObject, type Json, type JsonObject } from "../types/json.ts";
import type { Rulebook } from "../types/rule.ts";
import type { Channel, Customer, Dialog, Directory, Responsible, State, Variables } from "../types/state.ts";
import { hoursView } from "./hours-view.ts";
import { keptVariables } from "./kept.ts";

export interface ViewInput {
  readonly state: State;
  readonly scope: Variables;
  readonly rulebook: Pick<Rulebook, "hours" | "timezone" | "variables">;
  /** Unix ms. */
  readonly now: number;
}

/** Everything rules can see (docs/rules.md), as plain own properties; an absent value is null.
 *  `scope` holds what only this run sees and stands before the rest. `now` is Unix ms. */
export function buildView({
  state,
  scope: { customer: lookedUp = null, dialog: told = null, ...scope },
  rulebook,
  now,
}: ViewInput): JsonObject {
  const { directory, chat, dialog, customer } = state;
  const at = { declared: rulebook, now };
  return {
    message: null,
    command: null,
    match: {},
    customer: {
      ...keptVariables("customer", customer, at),
      ...customerView(customer),
      ...known(lookedUp),
    },
    dialog: { ...keptVariables("dialog", dialog, at), ...dialogView(dialog, directory), ...known(told) },
    chat: { ...keptVariables("chat", chat, at), id: chat?.id ?? null },
    channel: channelView(channelOf(state)),
    manager: managerView(dialog?.responsible ?? null, directory),
    previous: { manager: managerView(dialog?.previous ?? null, directory) },
    bot: { id: directory.bot.id, name: directory.bot.name },
    now: new Date(now).toISOString(),
    hours: hoursView(rulebook, directory, now),
    ...scope,
  };
}

export function channelOf(state: State): Channel | null {
  return state.directory.channels.find((channel) => channel.id === state.chat?.channelId) ?? null;
}

function customerView(customer: Customer | null): JsonObject {
  return {
    id: customer?.id ?? null,
    first_name: customer?.firstName ?? null,
    last_name: customer?.lastName ?? null,
    username: customer?.username ?? null,
    phone: customer?.phone ?? null,
    email: customer?.email ?? null,
    language: customer?.language ?? null,
  };
}

/** What only this run knows: of the customer what the CRM does after `look_up: customer`, of the dialog what its turn was. Where
 *  that is nothing, the usual word stays. */
function known(lookedUp: Json): JsonObject {
  const entries = isObject(lookedUp) ? Object.entries(lookedUp) : [];
  return Object.fromEntries(entries.filter(([, value]) => value !== null));
}

function dialogView(dialog: Dialog | null, directory: Directory): JsonObject {
  return {
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
