import { channelFrom } from "../../engine/documents.ts";
import { assignedNames } from "../../rulebook/account-names.ts";
import { channelCalled } from "../../sandbox/world/channel-kinds.ts";
import type { Event } from "../../types/event.ts";
import type { Language } from "../../types/issue.ts";
import type { JsonObject } from "../../types/json.ts";
import type { Rulebook } from "../../types/rule.ts";
import { type Channel, type Directory, newChat, newDialog, type Person, type State } from "../../types/state.ts";
import { sayIn } from "./words.ts";

/** The circumstances of a try-out. `channel` is a kind of messenger or a channel's name; `at` is Unix ms. */
export interface Scene {
  readonly at: number;
  readonly channel: string;
  readonly tags: readonly string[];
  readonly rulebook: Rulebook;
  readonly botName: string;
  /** Of the staff: names the people nobody knows the name of. */
  readonly language: Language;
}

const BOT = 1;
const CHANNEL = 1;
const CUSTOMER = 1;
const CHAT = 1;
const DIALOG = 1;
const MANAGER = 1;
const MESSAGE = 1;

/** A chat in which a dialog has just been opened, tagged as told, assigned to nobody. Everyone the files name is online. */
export function trialState(scene: Scene): State {
  return {
    directory: directoryOf(scene),
    chat: { ...newChat(CHAT), channelId: CHANNEL, customerId: CUSTOMER },
    dialog: { ...newDialog(DIALOG, CHAT, scene.at), beginMessageId: MESSAGE, tags: scene.tags },
    customer: {
      id: CUSTOMER,
      firstName: null,
      lastName: null,
      username: null,
      phone: null,
      email: null,
      language: null,
      variables: {},
      marks: {},
    },
    waiting: [],
  };
}

function directoryOf(scene: Scene): Directory {
  const channel = channelOf(scene.channel);
  return {
    bot: { id: BOT, name: scene.botName },
    people: peopleOf(scene),
    otherBots: [],
    channels: [channel],
    openDialogs: {},
    queue: [],
    rotation: {},
    crmHours: null,
  };
}

function channelOf(wanted: string): Channel {
  const { type, settings } = channelCalled(wanted);
  const made = channelFrom({ id: CHANNEL, type, name: wanted, is_active: true, settings: settings as JsonObject });
  if (made === null) throw new TypeError("a channel with an id can always be made");
  return made;
}

/** One manager who types commands, and everyone whom the teams and the rules name. */
function peopleOf({ rulebook, language }: Scene): readonly Person[] {
  const say = sayIn(language);
  const single = rulebook.rules.flatMap((rule) => assignedNames(rule.do)).map(({ name }) => ({ name, group: null }));
  const named = Object.values(rulebook.teams).flatMap(({ people, crmGroup }) => [
    ...people.map((name) => ({ name, group: null })),
    ...(crmGroup === null ? [] : [{ name: say("someoneOf", crmGroup), group: crmGroup }]),
  ]);
  const everyone = [{ name: say("manager"), group: null }, ...named, ...single];
  return everyone.map(({ name, group }, index) => ({
    id: MANAGER + index,
    externalId: null,
    name,
    email: name.includes("@") ? name : null,
    groups: group === null ? [] : [group],
    active: true,
    online: true,
    available: true,
    technical: index === 0,
  }));
}

/** Where and when a message of the try-out is written; what is left out is as for the first one. `at` is Unix ms. */
export interface Writing {
  readonly at: number;
  readonly messageId?: number;
  readonly dialogId?: number;
}

export function customerEvent(writing: Writing, content: string): Event {
  const from = { id: CUSTOMER, type: "customer", name: "" };
  return messageEvent(writing, { type: "text", scope: "public", content, from });
}

export function commandEvent(scene: Scene, content: string): Event {
  const from = { id: MANAGER, type: "user", name: sayIn(scene.language)("manager") };
  return messageEvent(scene, { type: "command", scope: "private", content, from });
}

/** The bot's own message as the gateway tells it back. */
export function ownEvent(writing: Writing, body: JsonObject): Event {
  return messageEvent(writing, { ...body, from: { id: BOT, type: "bot", name: "" } });
}

/** A timer that rings, as the running bot's store makes it an event. */
export function timerEvent(key: string, at: number, dialogId: number | null): Event {
  return { key: `timer:${key}:${at}`, type: "timer", at, chatId: CHAT, data: { timer: key, dialog_id: dialogId } };
}

/** A `message_new` as the socket brings it, as far as rules look at it. */
function messageEvent({ at, messageId: id = MESSAGE, dialogId = DIALOG }: Writing, message: JsonObject): Event {
  const time = new Date(at).toISOString();
  const whole = {
    id,
    chat_id: CHAT,
    time,
    created_at: time,
    status: "received",
    dialog: { id: dialogId },
    ...message,
  };
  return { key: `message_new:${id}`, type: "message_new", at, chatId: CHAT, data: { message: whole } };
}
