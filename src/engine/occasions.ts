import { chosenTitle } from "../language/text/buttons.ts";
import { tokenize } from "../language/text/words.ts";
import type { Event, Occasion } from "../types/event.ts";
import type { JsonObject } from "../types/json.ts";
import type { Rulebook } from "../types/rule.ts";
import type { Dialog, State } from "../types/state.ts";
import { flagAt, idAt, objectAt, textAt } from "./fields.ts";
import { type Author, authorOf, isCommand, isOwn, writtenAt } from "./observe.ts";
import { messageOf } from "./subjects.ts";

/** Something that rules may answer once: one event holds at most two (a dialog's opening, then its first message).
 *  `words` are the index keys of the text; `scope` what only rules for this moment see; `at` is the input's moment (Unix ms). */
export interface Moment {
  readonly on: readonly Occasion[];
  readonly words: readonly string[];
  readonly scope: JsonObject;
  readonly replyScope: "public" | "private";
  readonly at: number;
  /** Only the rule of this id is meant (a silence that is due); left out: every rule. */
  readonly only?: string;
  /** Ids of the messages that are one turn, oldest first; left out: it is of the event alone. */
  readonly turn?: readonly number[];
}

/** A number typed for a button counts for a day. */
const NUMBERED_FOR_MS = 24 * 60 * 60 * 1000;
/** Without the gateway's word on what began a dialog, a customer's message this close to its opening did. */
const OPENING_WINDOW_MS = 5000;

/** What this event gives rules to answer; `before` is the state before it, `after` with it observed. */
export function momentsOf(input: { event: Event; before: State; after: State; rulebook: Rulebook }): readonly Moment[] {
  const { event, before, after, rulebook } = input;
  const message = messageOf(event);
  if (message !== null) return messageMoments(event, message, before, after, rulebook);
  const on = occasionsOf(event, before);
  if (on.length === 0) return [];
  return [
    { on, words: [], scope: { event: event.data, ...managerOf(event, after) }, replyScope: "public", at: event.at },
  ];
}

function occasionsOf(event: Event, before: State): readonly Occasion[] {
  const raw: Occasion = `event:${event.type}`;
  if (event.type === "dialog_assign") return ["dialog:assigned", raw];
  if (event.type === "dialog_closed") return ["dialog:closed", raw];
  if (event.type === "user_joined_chat") return ["manager:joined", raw];
  if (event.type === "user_left_chat") return ["manager:left", raw];
  if (event.type === "user_online_updated") return [...presence(event, before), raw];
  return [raw];
}

/** Presence is news only when it changes: every open tab of a colleague reports it. */
function presence(event: Event, before: State): readonly Occasion[] {
  const id = idAt(objectAt(event.data, "user") ?? undefined, "id");
  const online = flagAt(event.data, "online") ?? false;
  const known = before.directory.people.find((person) => person.id === id);
  if (known !== undefined && known.online === online) return [];
  return [online ? "manager:online" : "manager:offline"];
}

/** In rules about a colleague, `manager` is that colleague. */
function managerOf(event: Event, after: State): JsonObject {
  if (!event.type.startsWith("user_") || event.type === "user_updated") return {};
  const id = idAt(objectAt(event.data, "user") ?? undefined, "id");
  const person = after.directory.people.find((candidate) => candidate.id === id);
  return person === undefined ? {} : { manager: { id: person.id, name: person.name, online: person.online } };
}

function messageMoments(
  event: Event,
  message: JsonObject,
  before: State,
  after: State,
  rulebook: Rulebook,
): readonly Moment[] {
  const at = writtenAt(message, event);
  const scope = { event: event.data, message: messageView(message, after.dialog, at) };
  if (isOwn(message, after)) return failedReply(event, message, scope, at);
  if (event.type !== "message_new") return [rawMoment(event, message, scope, at)];
  if (isCommand(message)) return commandMoments(event, message, scope, at, rulebook);
  const author = authorOf(message);
  if (author === "system") return [rawMoment(event, message, scope, at)];
  const moment: Moment = {
    on: ["message", `event:${event.type}`],
    words: tokenize(String(scope.message.text ?? "")),
    scope,
    replyScope: author === "manager" ? "private" : "public",
    at,
  };
  const opened: Moment = { on: ["dialog:opened"], words: [], scope, replyScope: "public", at };
  return opensDialog(message, author, before, after, at) ? [opened, moment] : [moment];
}

function rawMoment(event: Event, message: JsonObject, scope: JsonObject, at: number): Moment {
  const replyScope = authorOf(message) === "manager" ? "private" : "public";
  return { on: [`event:${event.type}`], words: [], scope, replyScope, at };
}

/** Own words start nothing, but their failure may. */
function failedReply(event: Event, message: JsonObject, scope: JsonObject, at: number): readonly Moment[] {
  const failed = event.type === "message_updated" && message.status === "failed" && message.scope === "public";
  return failed ? [{ on: ["reply_failed"], words: [], scope, replyScope: "private", at: Math.max(at, event.at) }] : [];
}

function commandMoments(
  event: Event,
  message: JsonObject,
  scope: JsonObject,
  at: number,
  rulebook: Rulebook,
): readonly Moment[] {
  const command = parseCommand(textAt(message, "content") ?? "");
  if (authorOf(message) !== "manager" || command === null || !Object.hasOwn(rulebook.commands, command.name)) return [];
  return [
    {
      on: ["command", `event:${event.type}`],
      words: [command.name],
      scope: { ...scope, command: { name: command.name, args: command.args } },
      replyScope: "private",
      at,
    },
  ];
}

/** `/delivery express` -> name and the rest of the line; null: no command line. */
function parseCommand(line: string): { readonly name: string; readonly args: string } | null {
  const match = /^\/([^\s/]+)\s*([\s\S]*)$/.exec(line.trim());
  const name = match?.[1];
  return name === undefined ? null : { name: name.toLowerCase(), args: (match?.[2] ?? "").trim() };
}

/** Did this message begin its dialog? The gateway's word decides; without it, being the first thing said at its opening. */
function opensDialog(message: JsonObject, author: Author, before: State, after: State, at: number): boolean {
  const { dialog } = after;
  if (author !== "customer" || dialog === null || dialog.openedDone) return false;
  if (dialog.beginMessageId !== null) return dialog.beginMessageId === idAt(message, "id");
  const earlier = before.dialog?.id === dialog.id ? before.dialog.messages : 0;
  return earlier === 0 && Math.abs(at - dialog.openedAt) <= OPENING_WINDOW_MS;
}

/** `message` as rules see it. A bare number stands for the button that the bot's last message listed under it. */
function messageView(message: JsonObject, dialog: Dialog | null, at: number): JsonObject {
  const content = textAt(message, "content") ?? textAt(message, "note");
  const listed = dialog?.numbered ?? null;
  const fresh = listed !== null && at - listed.at <= NUMBERED_FOR_MS;
  const chosen =
    content !== null && fresh && authorOf(message) === "customer" ? chosenTitle(content, listed.titles) : null;
  return {
    id: idAt(message, "id"),
    text: chosen ?? content ?? "",
    type: textAt(message, "type"),
    scope: textAt(message, "scope"),
    items: Array.isArray(message.items) ? message.items : [],
    time: new Date(at).toISOString(),
    from: authorOf(message),
  };
}
