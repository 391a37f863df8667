import type { Event } from "../types/event.ts";
import type { Json, JsonObject } from "../types/json.ts";
import type { Call } from "../types/plan.ts";
import { newChat, type State } from "../types/state.ts";
import { channelFrom, chatFrom, customerFrom, dialogFrom, personFrom } from "./documents.ts";
import { idAt, objectAt, objectsIn, textAt } from "./fields.ts";
import { chatOf, messageOf, subjects } from "./subjects.ts";

function list(operation: string, id: number): Call {
  return { operation, path: {}, query: { id }, body: null };
}

const TAG_NEWS: readonly (string | null)[] = ["dialog_tag_added", "dialog_tag_removed"];

/** The events whose rules may read the dialog and the customer. */
function isAboutChat(event: Event): boolean {
  return event.type.startsWith("message_") || event.type.startsWith("dialog_") || event.type.startsWith("user_joined");
}

function missingPerson(event: Event, state: State): readonly Call[] {
  const from = objectAt(messageOf(event) ?? undefined, "from");
  const responsible = objectAt(objectAt(event.data, "dialog") ?? undefined, "responsible");
  const ids = [from, responsible]
    .filter((actor) => actor?.type === "user")
    .map((actor) => idAt(actor ?? undefined, "id"));
  const unknown = ids.filter((id) => id !== null && !state.directory.people.some((person) => person.id === id));
  return [...new Set(unknown)].filter((id) => id !== null).map((id) => list("listUsers", id));
}

/** The list calls whose rows this event does not carry but its rules may read (spec 4.1 "State, not snapshots"): a dialog's
 *  tags and first message, a customer's language, the chat of a message found by catch-up, an unknown colleague. */
export function missingFacts(event: Event, state: State): readonly Call[] {
  if (!isAboutChat(event) || event.chatId === null) return [];
  const { dialogId, customerId } = subjects(event);
  const action = textAt(messageOf(event) ?? undefined, "action");
  const calls: Call[] = [...missingPerson(event, state)];
  const knowsDialog = state.dialog !== null && (dialogId === null || state.dialog.id === dialogId);
  const bornNow = event.type === "dialog_opened";
  if (dialogId !== null && !bornNow && (!knowsDialog || TAG_NEWS.includes(action)))
    calls.push(list("listDialogs", dialogId));
  if (state.chat === null && chatOf(event) === null) calls.push(list("listChats", event.chatId));
  if (customerId !== null && state.customer === null) calls.push(list("listCustomers", customerId));
  return calls;
}

/** Folds the rows of one list call into the state. Rows of things that the event is not about change nothing. */
export function learn(state: State, call: Call, rows: Json): State {
  const row = objectsIn(rows).find((candidate) => idAt(candidate, "id") === call.query.id);
  if (row === undefined) return state;
  if (call.operation === "listDialogs") return learnDialog(state, row);
  if (call.operation === "listChats") return learnChat(state, row);
  if (call.operation === "listCustomers") return { ...state, customer: customerFrom(row, state.customer) };
  if (call.operation === "listUsers") return learnPerson(state, row);
  return state;
}

function learnDialog(state: State, row: JsonObject): State {
  const chatId = idAt(row, "chat_id");
  if (chatId === null) return state;
  const known = state.dialog?.id === idAt(row, "id") ? state.dialog : null;
  return { ...state, dialog: dialogFrom(row, chatId, known) ?? state.dialog, chat: state.chat ?? newChat(chatId) };
}

/** A chat's row brings its channel, its customer and its last dialog with it. */
export function learnChat(state: State, row: JsonObject): State {
  const chat = chatFrom(row, state.chat);
  const customer = objectAt(row, "customer");
  const channel = objectAt(row, "channel");
  const withChannel = channel === null ? state : learnChannel(state, channel);
  return {
    ...withChannel,
    chat: chat ?? state.chat,
    customer: customer === null ? state.customer : customerFrom(customer, state.customer),
  };
}

/** Channels come with every message; the list is only replaced when one has really changed. */
export function learnChannel(state: State, row: JsonObject): State {
  const fresh = channelFrom(row);
  if (fresh === null) return state;
  const { channels } = state.directory;
  const known = channels.find((channel) => channel.id === fresh.id);
  if (known !== undefined && JSON.stringify(known) === JSON.stringify(fresh)) return state;
  const others = channels.filter((channel) => channel.id !== fresh.id);
  return { ...state, directory: { ...state.directory, channels: [...others, fresh] } };
}

export function learnPerson(state: State, row: JsonObject, change: { readonly online?: boolean } = {}): State {
  const { people } = state.directory;
  const known = people.find((person) => person.id === idAt(row, "id")) ?? null;
  const told = personFrom(row, known);
  if (told === null) return state;
  const fresh = { ...told, ...change };
  if (known !== null && JSON.stringify(known) === JSON.stringify(fresh)) return state;
  const rest = people.filter((person) => person.id !== fresh.id);
  return { ...state, directory: { ...state.directory, people: [...rest, fresh] } };
}
