import { decide } from "../../src/engine/decide.ts";
import type { Event } from "../../src/types/event.ts";
import type { JsonObject } from "../../src/types/json.ts";
import type { Plan, PlannedCall } from "../../src/types/plan.ts";
import type { Rulebook } from "../../src/types/rule.ts";
import { type Channel, type Dialog, newChat, newDialog, type Person, type State } from "../../src/types/state.ts";
import { compile } from "../rulebook/source.ts";

/** A fixed moment: a Friday noon. */
export const NOON = Date.parse("2026-11-20T12:00:00Z");
export const BOT = { id: 9, name: "Helper" };
export const CHAT = 5301;
export const DIALOG = 7740;
export const CUSTOMER = 8120;

/** The rules of a YAML text (what stands under `rules:`), with `head` for the rest of the file. Throws with all faults. */
export function rulebook(rules: string, head = ""): Rulebook {
  const indented = rules.replace(/^/gm, "  ");
  const { rulebook: made, said } = compile(`version: 1\n${head}\nrules:\n${indented}`);
  if (made === null) throw new Error(said.join("\n"));
  return made;
}

export function person(over: Partial<Person> & { readonly id: number; readonly name: string }): Person {
  return {
    externalId: null,
    email: null,
    groups: [],
    active: true,
    online: true,
    available: true,
    technical: false,
    ...over,
  };
}

export const ANNA = person({ id: 12, name: "Anna Petrova" });
export const IVAN = person({ id: 13, name: "Ivan Sidorov", email: "ivan@shop.example", online: false });
export const OLGA = person({ id: 14, name: "Olga Ruiz", groups: ["team-leads"] });

export function telegram(over: Partial<Channel["abilities"]> = {}): Channel {
  return {
    id: 17,
    type: "telegram",
    name: "@tea_house_bot",
    active: true,
    abilities: {
      maxChars: 4096,
      canSend: { text: true, image: true, file: true, product: true, order: true },
      canEdit: true,
      canDelete: true,
      canQuote: true,
      noteMaxChars: 1024,
      suggestions: { text: true, phone: true, email: false, url: true },
      outgoing: true,
      afterReplyTimeout: "anything",
      ...over,
    },
  };
}

/** A channel that takes text only, and little of it. */
export const whatsapp = telegram({
  maxChars: 100,
  canSend: { text: true, image: false, file: false, product: false, order: false },
  canEdit: false,
  canDelete: false,
  canQuote: false,
  suggestions: { text: false, phone: false, email: false, url: false },
  afterReplyTimeout: "template",
});

/** An open dialog in which the customer has written before, long ago. */
export function dialog(over: Partial<Dialog> = {}): Dialog {
  return { ...newDialog(DIALOG, CHAT, NOON - 3_600_000), openedDone: true, customerMessages: 1, messages: 1, ...over };
}

export interface Over {
  readonly dialog?: Partial<Dialog> | null;
  readonly chat?: Partial<State["chat"] & object>;
  readonly customer?: Partial<State["customer"] & object>;
  readonly people?: readonly Person[];
  readonly channel?: Channel;
  readonly openDialogs?: Readonly<Record<number, number>>;
  readonly queue?: State["directory"]["queue"];
  readonly rotation?: State["directory"]["rotation"];
}

export function world(over: Over = {}): State {
  return {
    directory: {
      bot: BOT,
      people: over.people ?? [ANNA, IVAN, OLGA],
      otherBots: [{ id: 77, name: "Parrot" }],
      channels: [over.channel ?? telegram()],
      openDialogs: over.openDialogs ?? {},
      queue: over.queue ?? [],
      rotation: over.rotation ?? {},
      crmHours: null,
    },
    chat: { ...newChat(CHAT), channelId: 17, customerId: CUSTOMER, ...over.chat },
    dialog: over.dialog === null ? null : dialog(over.dialog),
    customer: {
      id: CUSTOMER,
      firstName: "Marta",
      lastName: "Lind",
      username: null,
      phone: "+4915112345678",
      email: null,
      language: null,
      variables: {},
      marks: {},
      ...over.customer,
    },
    waiting: [],
  };
}

const AUTHORS: Readonly<Record<string, JsonObject>> = {
  customer: { id: CUSTOMER, type: "customer", name: "Marta Lind" },
  manager: { id: ANNA.id, type: "user", name: ANNA.name },
  self: { id: BOT.id, type: "bot", name: BOT.name },
  bot: { id: 77, type: "bot", name: "Parrot" },
};

let nextId = 990_200;

export interface Said {
  readonly from?: "customer" | "manager" | "self" | "bot";
  readonly at?: number;
  readonly id?: number;
  readonly type?: string;
  readonly scope?: "public" | "private";
  readonly event?: string;
  readonly more?: JsonObject;
}

/** One message event; from the customer, public, now, unless said otherwise. */
export function said(content: string | null, over: Said = {}): Event {
  const id = over.id ?? nextId++;
  const at = over.at ?? NOON;
  const type = over.event ?? "message_new";
  const message = {
    id,
    chat_id: CHAT,
    type: over.type ?? "text",
    scope: over.scope ?? "public",
    status: "received",
    time: new Date(at).toISOString(),
    is_edit: false,
    is_read: false,
    from: AUTHORS[over.from ?? "customer"] ?? null,
    dialog: { id: DIALOG },
    content,
    ...over.more,
  };
  return { key: `${type}:${id}`, type, at, chatId: CHAT, data: { message } };
}

export function command(line: string, over: Said = {}): Event {
  return said(line, { from: "manager", type: "command", scope: "private", ...over });
}

export function happened(
  type: string,
  data: JsonObject,
  over: { readonly chatId?: number | null; readonly at?: number } = {},
): Event {
  const at = over.at ?? NOON;
  return { key: `${type}:${nextId++}`, type, at, chatId: over.chatId === undefined ? CHAT : over.chatId, data };
}

/** Decides one event in a fresh world. */
export function decideOn(rules: Rulebook, event: Event, state: State = world(), now = event.at): Plan {
  return decide({ rulebook: rules, state, event, now });
}

/** Names of the rules that fired, in order. */
export function firedIn(plan: Plan): readonly string[] {
  return plan.verdicts.filter((verdict) => verdict.outcome === "fired").map((verdict) => verdict.rule);
}

/** What is planned, in short: `public: text`, `private: text`, or the operation. */
export function inShort({ call }: PlannedCall): string {
  return call.operation === "sendMessage"
    ? `${call.body?.scope}: ${call.body?.content ?? call.body?.type}`
    : call.operation;
}

export function shortly(plan: Plan): readonly string[] {
  return plan.calls.map(inShort);
}

/** Decides events one after another, each in the state the one before left. */
export function conversation(rules: Rulebook, events: readonly Event[], start: State = world()): readonly Plan[] {
  let state = start;
  return events.map((event) => {
    const plan = decideOn(rules, event, state);
    state = plan.state;
    return plan;
  });
}

/** The event of a timer that rings. */
export function tick(key: string, at: number): Event {
  return { key: `timer:${key}:${at}`, type: "timer", at, chatId: CHAT, data: { timer: key, dialog_id: DIALOG } };
}

/** The one timer that a plan sets, ringing at its time. */
export function ringing(plan: Plan): Event {
  const [timer, ...others] = plan.timers.filter(({ at }) => at !== null);
  if (timer === undefined || timer.at === null || others.length > 0) throw new Error("not one timer was set");
  return tick(timer.key, timer.at);
}

/** Why the steps of the last verdict did nothing, in order; null where they did something. */
export function reasonsIn(plan: Plan): readonly (string | null)[] {
  return plan.verdicts.at(-1)?.steps.map(({ reason }) => reason) ?? [];
}

/** What each event of a conversation made the bot do, in short. */
export function saidBack(
  rules: Rulebook,
  events: readonly Event[],
  start: State = world(),
): readonly (readonly string[])[] {
  return conversation(rules, events, start).map(shortly);
}
