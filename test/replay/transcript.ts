import type { Change, Sandbox } from "../../src/sandbox/index.ts";
import type { Chat, Customer, Dialog, Variables } from "../../src/types/state.ts";
import type { House } from "./house.ts";

/** All that a conversation has left behind, without the bot's own moments: what must not depend on restarts. */
export interface Transcript {
  /** What was said and done, by chat, in order. */
  readonly said: Readonly<Record<number, readonly string[]>>;
  /** What the bot remembers, by chat. */
  readonly kept: Readonly<Record<number, Kept>>;
}

interface Kept {
  readonly variables: readonly (Variables | null)[];
  readonly marks: readonly string[];
  readonly dialogs: readonly unknown[];
  /** Runs that wait, and for what. */
  readonly waiting: readonly string[];
}

/** Writes down what happens in the sandbox from now on. */
export function listenIn(sandbox: Sandbox): Readonly<Record<number, string[]>> {
  const said: Record<number, string[]> = {};
  sandbox.on((change) => {
    const line = lineOf(change);
    if (line === null) return;
    said[line.chatId] = [...(said[line.chatId] ?? []), line.text];
  });
  return said;
}

function lineOf(change: Change): { readonly chatId: number; readonly text: string } | null {
  if (change.kind === "message" || (change.kind === "message_changed" && change.what !== "status")) {
    const { chatId, from, scope, type, content, note, attachments, quoteId } = change.message;
    if (from === null || type === "system") return null;
    const what = change.kind === "message" ? "" : ` ${change.what}`;
    const buttons = attachments?.suggestions?.map(({ title }) => ` [${title}]`).join("") ?? "";
    const quote = quoteId === null ? "" : ` > ${quoteId}`;
    return { chatId, text: `${from.type}${what}: ${scope} ${type} ${content ?? note ?? ""}${buttons}${quote}` };
  }
  if (change.kind === "assigned")
    return { chatId: change.dialog.chatId, text: `assigned: ${change.dialog.responsible?.id}` };
  if (change.kind === "unassigned" || change.kind === "dialog_opened" || change.kind === "dialog_closed")
    return { chatId: change.dialog.chatId, text: change.kind };
  if (change.kind === "tag_added" || change.kind === "tag_removed")
    return { chatId: change.dialog.chatId, text: `${change.kind}: ${change.tag}` };
  return null;
}

/** What the bot's store holds at the end, beside what was said. */
export async function transcriptOf(house: House, said: Transcript["said"]): Promise<Transcript> {
  const kept: Record<number, Kept> = {};
  for (const chatId of house.sandbox.world.chats.keys()) kept[chatId] = await keptOf(house, chatId);
  return { said, kept };
}

async function keptOf(house: House, chatId: number): Promise<Kept> {
  const { store, connectionId } = house.life();
  const chat = await store.chat(connectionId, chatId);
  const customer = chat?.customerId == null ? null : await store.customer(connectionId, chat.customerId);
  const ids = [...house.sandbox.world.dialogs.values()]
    .filter((dialog) => dialog.chatId === chatId)
    .map(({ id }) => id);
  const dialogs = await Promise.all(ids.map((id) => store.dialog(connectionId, id)));
  const runs = await store.restingRuns(connectionId, chatId);
  return {
    variables: [chat, customer].map((document) => document?.variables ?? null),
    marks: marksOf(chat, customer),
    dialogs: dialogs.map((dialog) => (dialog === null ? null : factsOf(dialog))),
    waiting: runs.map(({ ruleId, position, waitsFor }) => `${ruleId} ${position.join(".")} ${waitsFor?.kind}`),
  };
}

const marksOf = (...documents: readonly (Chat | Customer | null)[]) =>
  documents.flatMap((document) => Object.keys(document?.marks ?? {}));

/** A dialog without the moments at which the bot did something. */
function factsOf(dialog: Dialog) {
  const { tags, team, variables, marks, customerMessages, messages, openedDone, numbered, shownButtons } = dialog;
  const { responsible, previous, closedAt, unansweredSince, silences, timers, assignedByBot, capNoted } = dialog;
  return {
    tags: tags.toSorted(),
    team,
    variables,
    marks: Object.keys(marks),
    messages: [customerMessages, messages],
    openedDone,
    shown: [numbered?.titles ?? null, shownButtons],
    people: [responsible?.id ?? null, previous?.id ?? null],
    isClosed: closedAt !== null,
    isUnanswered: unansweredSince !== null,
    silences: Object.keys(silences),
    timers: Object.keys(timers).toSorted(),
    counts: [assignedByBot, capNoted],
  };
}
