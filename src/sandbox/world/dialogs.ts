import { emitAssigned, emitDialog, emitJoined, emitLeft } from "./frames.ts";
import { systemMessage } from "./messages.ts";
import { badRequest, notFound } from "./refusal.ts";
import type { Author, Charge, Dialog, Member, Schemas } from "./rows.ts";
import { latestDialog, nextId, openDialogOf, type World } from "./world.ts";

function keep(world: World, now: number, dialog: Dialog): Dialog {
  const kept = { ...dialog, updatedAt: now };
  world.dialogs.set(kept.id, kept);
  return kept;
}

/** A new dialog's row. Nobody hears of it before `announceOpened`: its first message may be told first. */
export function addDialog(
  world: World,
  now: number,
  start: Pick<Dialog, "chatId" | "beginMessageId" | "botId">,
): Dialog {
  const dialog: Dialog = {
    ...start,
    id: nextId(world, "dialog"),
    endingMessageId: null,
    responsible: null,
    tags: [],
    createdAt: now,
    updatedAt: null,
    closedAt: null,
  };
  world.dialogs.set(dialog.id, dialog);
  world.changes.push({ kind: "dialog_opened", dialog });
  return dialog;
}

export function announceOpened(world: World, now: number, dialog: Dialog): void {
  emitDialog(world, now, "dialog_opened", dialog);
}

/** Opens a dialog without a message. Refuses when one is open already. */
export function openDialog(world: World, now: number, start: { chatId: number; botId: number | null }): Dialog {
  if (openDialogOf(world, start.chatId) !== null) throw badRequest("chat already has an open dialog");
  const dialog = addDialog(world, now, { ...start, beginMessageId: null });
  announceOpened(world, now, dialog);
  systemMessage(world, now, { chatId: start.chatId, action: "dialog_opened", dialogId: dialog.id });
  return dialog;
}

/** The dialog, if it is there. */
export function findDialog(world: World, id: number): Dialog {
  const dialog = world.dialogs.get(id);
  if (dialog === undefined) throw notFound("dialog", id);
  return dialog;
}

/** Only the latest, open dialog of a chat changes hands. */
function assignable(world: World, id: number): Dialog {
  const dialog = findDialog(world, id);
  if (latestDialog(world, dialog.chatId)?.id !== id) throw badRequest("dialog is not the latest in the chat");
  if (dialog.closedAt !== null) throw badRequest("dialog is closed");
  return dialog;
}

function checkWho(world: World, who: Author): void {
  if (who.type === "user") {
    const person = world.people.get(who.id);
    if (person === undefined) throw notFound("user", who.id);
    if (!person.active) throw badRequest("user is not active");
    return;
  }
  const bot = world.bots.get(who.id);
  if (bot === undefined) throw notFound("bot", who.id);
  if (!bot.active) throw badRequest("bot is not active");
  if (world.behaviour.assignNeedsRole && !bot.roles.includes("responsible")) {
    throw badRequest("bot does not have the role responsible");
  }
}

const memberOf = (world: World, chatId: number, userId: number): Member | undefined =>
  [...world.members.values()].find((member) => member.chatId === chatId && member.userId === userId);

/** Makes a person a member of the chat; nothing happens when they are one. */
export function joinChat(world: World, now: number, { chatId, userId }: { chatId: number; userId: number }): void {
  const chat = world.chats.get(chatId);
  const person = world.people.get(userId);
  if (chat === undefined) throw notFound("chat", chatId);
  if (person === undefined) throw notFound("user", userId);
  const known = memberOf(world, chatId, userId);
  if (known?.state === "active") return;
  const id = known?.id ?? nextId(world, "member");
  const createdAt = known?.createdAt ?? now;
  world.members.set(id, { id, chatId, userId, author: false, state: "active", createdAt, updatedAt: now });
  world.changes.push({ kind: "joined", chatId, userId });
  systemMessage(world, now, { chatId, action: "user_joined", user: { type: "user", id: userId } });
  emitJoined(world, now, chat, person);
}

/** Takes a person out of the chat; nothing happens when they are not in it. */
export function leaveChat(world: World, now: number, { chatId, userId }: { chatId: number; userId: number }): boolean {
  const chat = world.chats.get(chatId);
  const person = world.people.get(userId);
  const known = memberOf(world, chatId, userId);
  if (chat === undefined || person === undefined || known?.state !== "active") return false;
  world.members.set(known.id, { ...known, state: "leaved", updatedAt: now });
  world.changes.push({ kind: "left", chatId, userId });
  systemMessage(world, now, { chatId, action: "user_left", user: { type: "user", id: userId } });
  emitLeft(world, now, chat, person);
  return true;
}

export interface Assigned {
  readonly dialog: Dialog;
  readonly previous: Charge | null;
  readonly leftUserId: number | null;
}

function replaced(
  world: World,
  now: number,
  { dialog, previous }: { dialog: Dialog; previous: Charge | null },
): number | null {
  const next = dialog.responsible;
  if (previous?.type !== "user" || (next?.type === "user" && next.id === previous.id)) return null;
  return leaveChat(world, now, { chatId: dialog.chatId, userId: previous.id }) ? previous.id : null;
}

/** Puts a person or a bot in charge. The one before, if a person, leaves the chat; a new person joins it. */
export function assign(world: World, now: number, { dialogId, who }: { dialogId: number; who: Author }): Assigned {
  const before = assignable(world, dialogId);
  checkWho(world, who);
  const type = who.type === "bot" ? "bot" : "user";
  const dialog = keep(world, now, { ...before, responsible: { type, id: who.id, assignedAt: now } });
  world.changes.push({ kind: "assigned", dialog });
  systemMessage(world, now, { chatId: dialog.chatId, action: "dialog_assign", dialogId, responsible: who });
  emitAssigned(world, now, dialog);
  const leftUserId = replaced(world, now, { dialog, previous: before.responsible });
  if (type === "user") joinChat(world, now, { chatId: dialog.chatId, userId: who.id });
  return { dialog, previous: before.responsible, leftUserId };
}

/** Takes the responsible off. There is no event for it: a system message is all that is told. */
export function unassign(world: World, now: number, dialogId: number): Charge {
  const before = assignable(world, dialogId);
  if (before.responsible === null) throw badRequest("dialog has no responsible");
  const dialog = keep(world, now, { ...before, responsible: null });
  world.changes.push({ kind: "unassigned", dialog });
  systemMessage(world, now, { chatId: dialog.chatId, action: "dialog_unassign", dialogId });
  return before.responsible;
}

/** Closes a dialog; its last message is the system message that says so. Refuses a closed one. */
export function closeDialog(world: World, now: number, dialogId: number): Dialog {
  const before = findDialog(world, dialogId);
  if (before.closedAt !== null) throw badRequest("dialog is already closed");
  const closed = keep(world, now, { ...before, closedAt: now });
  const last = systemMessage(world, now, { chatId: before.chatId, action: "dialog_closed", dialogId });
  const dialog = keep(world, now, { ...closed, endingMessageId: last.id });
  world.changes.push({ kind: "dialog_closed", dialog });
  emitDialog(world, now, "dialog_closed", dialog);
  return dialog;
}

export interface TagInput {
  readonly name: string;
  readonly color_code?: Schemas["ColorCode"] | null;
}

/** Adds the tags that the dialog does not have yet. */
export function addTags(
  world: World,
  now: number,
  { dialogId, tags }: { dialogId: number; tags: readonly TagInput[] },
): void {
  for (const { name, color_code } of tags) {
    const before = findDialog(world, dialogId);
    if (before.tags.some((tag) => tag.name === name)) continue;
    const dialog = keep(world, now, { ...before, tags: [...before.tags, { name, color_code: color_code ?? "gray" }] });
    world.changes.push({ kind: "tag_added", dialog, tag: name });
    systemMessage(world, now, { chatId: dialog.chatId, action: "dialog_tag_added", dialogId });
  }
}

/** Takes away the tags that the dialog has. */
export function removeTags(
  world: World,
  now: number,
  { dialogId, tags }: { dialogId: number; tags: readonly TagInput[] },
): void {
  for (const { name } of tags) {
    const before = findDialog(world, dialogId);
    if (!before.tags.some((tag) => tag.name === name)) continue;
    const dialog = keep(world, now, { ...before, tags: before.tags.filter((tag) => tag.name !== name) });
    world.changes.push({ kind: "tag_removed", dialog, tag: name });
    systemMessage(world, now, { chatId: dialog.chatId, action: "dialog_tag_removed", dialogId });
  }
}
