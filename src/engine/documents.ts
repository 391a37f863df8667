import type { Json, JsonObject } from "../types/json.ts";
import {
  type Bot,
  type Channel,
  type ChannelAbilities,
  type Chat,
  type Customer,
  type Dialog,
  newChat,
  newDialog,
  type Person,
  type Responsible,
} from "../types/state.ts";
import { flagAt, idAt, listAt, momentAt, numberAt, objectAt, objectsIn, textAt } from "./fields.ts";

/** The API's rows as our documents. Every field is read leniently; what an answer leaves out keeps its known value. */

const takes = (feature: Json | undefined) => feature === "receive" || feature === "both";

const ability = (settings: JsonObject, kind: string, what: string) => takes(objectAt(settings, kind)?.[what]);

function abilitiesFrom(settings: JsonObject): ChannelAbilities {
  const text = objectAt(settings, "text") ?? undefined;
  const policy = objectAt(settings, "sending_policy") ?? undefined;
  const late = textAt(policy, "after_reply_timeout");
  const can = (kind: string) => ability(settings, kind, "creating");
  const suggests = (kind: string) => ability(settings, "suggestions", kind);
  return {
    maxChars: numberAt(text, "max_chars_count") || null,
    canSend: {
      text: can("text"),
      image: can("image"),
      file: can("file"),
      product: can("product"),
      order: can("order"),
    },
    canEdit: ability(settings, "text", "editing"),
    canDelete: ability(settings, "text", "deleting"),
    canQuote: ability(settings, "text", "quoting"),
    noteMaxChars: numberAt(objectAt(settings, "image") ?? undefined, "note_max_chars_count"),
    suggestions: { text: suggests("text"), phone: suggests("phone"), email: suggests("email"), url: suggests("url") },
    outgoing: textAt(policy, "outgoing") !== "restricted",
    afterReplyTimeout: late === "no" || late === "template" ? late : "anything",
  };
}

export function channelFrom(row: JsonObject): Channel | null {
  const id = idAt(row, "id");
  if (id === null) return null;
  return {
    id,
    type: textAt(row, "type") ?? "",
    name: textAt(row, "name"),
    active: flagAt(row, "is_active") ?? true,
    abilities: abilitiesFrom(objectAt(row, "settings") ?? {}),
  };
}

function fullName(row: JsonObject): string {
  const parts = [textAt(row, "first_name"), textAt(row, "last_name")].filter((part) => part !== null);
  return parts.length > 0 ? parts.join(" ") : (textAt(row, "name") ?? textAt(row, "username") ?? "");
}

/** A row of `GET /users`, or a person inside an event (which says less: the rest is kept from `known`). */
export function personFrom(row: JsonObject, known: Person | null): Person | null {
  const id = idAt(row, "id");
  if (id === null) return null;
  return {
    id,
    externalId: textAt(row, "external_id") ?? known?.externalId ?? null,
    name: fullName(row) || (known?.name ?? ""),
    email: known?.email ?? null,
    groups: known?.groups ?? [],
    active: flagAt(row, "is_active") ?? known?.active ?? true,
    online: flagAt(row, "is_online") ?? known?.online ?? false,
    available: flagAt(row, "available") ?? known?.available ?? true,
    technical: flagAt(row, "is_technical_account") ?? known?.technical ?? false,
  };
}

/** E-mail and groups, which only the CRM knows; rows of `GET /users` of the CRM, matched by `mgUserId`, else by CRM id. */
function withCrmUser(person: Person, crmUsers: readonly JsonObject[]): Person {
  const user = crmUsers.find(
    (row) =>
      idAt(row, "mgUserId") === person.id || (person.externalId !== null && String(row.id) === person.externalId),
  );
  if (user === undefined) return person;
  const groups = listAt(user, "groups").flatMap((group) => [textAt(group, "code"), textAt(group, "name")]);
  return { ...person, email: textAt(user, "email"), groups: groups.filter((group) => group !== null) };
}

/** People with what rows of the CRM's users say of them; only those who are changed by it. */
export function changedByCrm(people: readonly Person[], crmUsers: Json): readonly Person[] {
  const users = objectsIn(crmUsers);
  return people
    .map((person) => [person, withCrmUser(person, users)] as const)
    .filter(([before, after]) => before.email !== after.email || before.groups.join("\n") !== after.groups.join("\n"))
    .map(([, after]) => after);
}

/** `crmUsers` null: they could not be read now, so what only they tell stays as it is in `known`. */
export function peopleFrom(rows: Json, crmUsers: Json, known: readonly Person[] = []): readonly Person[] {
  const people = objectsIn(rows)
    .map((row) => personFrom(row, null))
    .filter((person) => person !== null);
  if (crmUsers !== null) return people.map((person) => withCrmUser(person, objectsIn(crmUsers)));
  const before = new Map(known.map((person) => [person.id, person]));
  return people.map((person) => {
    const { email, groups } = before.get(person.id) ?? person;
    return { ...person, email, groups };
  });
}

export function channelsFrom(rows: Json): readonly Channel[] {
  return objectsIn(rows)
    .map(channelFrom)
    .filter((channel) => channel !== null);
}

export function botFrom(row: JsonObject): Bot | null {
  const id = idAt(row, "id");
  return id === null ? null : { id, name: textAt(row, "name") ?? "" };
}

/** Other bots of the account, this one left out. */
export function botsFrom(rows: Json): readonly Bot[] {
  return objectsIn(rows)
    .filter((row) => row.is_self !== true)
    .map(botFrom)
    .filter((bot) => bot !== null);
}

export function customerFrom(row: JsonObject, known: Customer | null): Customer | null {
  const id = idAt(row, "id");
  if (id === null) return null;
  return {
    id,
    firstName: textAt(row, "first_name") ?? known?.firstName ?? null,
    lastName: textAt(row, "last_name") ?? known?.lastName ?? null,
    username: textAt(row, "username") ?? known?.username ?? null,
    phone: textAt(row, "phone") ?? known?.phone ?? null,
    email: textAt(row, "email") ?? known?.email ?? null,
    language: textAt(row, "language") ?? known?.language ?? null,
    variables: known?.variables ?? {},
    ...(known?.setAt === undefined ? {} : { setAt: known.setAt }),
    marks: known?.marks ?? {},
  };
}

/** `channelId` and `customerId` are those of the event, where the chat itself does not say. */
export function chatFrom(row: JsonObject, known: Chat | null): Chat | null {
  const id = idAt(row, "id");
  if (id === null) return null;
  const deadline = "reply_deadline" in row ? momentAt(row, "reply_deadline") : (known?.replyDeadline ?? null);
  return {
    ...(known ?? newChat(id)),
    channelId: idAt(objectAt(row, "channel") ?? undefined, "id") ?? known?.channelId ?? null,
    customerId: idAt(objectAt(row, "customer") ?? undefined, "id") ?? known?.customerId ?? null,
    replyDeadline: deadline,
  };
}

export function responsibleFrom(row: JsonObject | null, assignedAt: number | null): Responsible | null {
  const id = idAt(row ?? undefined, "id");
  const type = textAt(row ?? undefined, "type");
  if (id === null || (type !== "user" && type !== "bot")) return null;
  return { type, id, assignedAt: momentAt(row ?? undefined, "assigned_at") ?? assignedAt ?? 0 };
}

/** Keeps who was responsible before, when that changes. */
export function withResponsible(dialog: Dialog, responsible: Responsible | null): Dialog {
  const same = dialog.responsible?.type === responsible?.type && dialog.responsible?.id === responsible?.id;
  if (same) return dialog;
  return { ...dialog, responsible, previous: dialog.responsible ?? dialog.previous };
}

/** A dialog of any shape: embedded in a chat, in a dialog event, or a row of `GET /dialogs`. */
export function dialogFrom(row: JsonObject, chatId: number, known: Dialog | null): Dialog | null {
  const id = idAt(row, "id");
  if (id === null) return null;
  const base = known ?? newDialog(id, chatId, momentAt(row, "created_at") ?? 0);
  const responsible = responsibleFrom(objectAt(row, "responsible"), momentAt(row, "assigned_at"));
  const tags = Array.isArray(row.tags) ? { tags: tagNames(row) } : {};
  const begin = "begin_message_id" in row ? { beginMessageId: idAt(row, "begin_message_id") ?? ("none" as const) } : {};
  const merged = { ...base, ...tags, ...begin, closedAt: momentAt(row, "closed_at") ?? base.closedAt };
  return "responsible" in row ? withResponsible(merged, responsible) : merged;
}

function tagNames(row: JsonObject): readonly string[] {
  return listAt(row, "tags")
    .map((tag) => textAt(tag, "name"))
    .filter((name) => name !== null);
}

export function dialogsFrom(rows: Json): readonly Dialog[] {
  return objectsIn(rows)
    .map((row) => {
      const chatId = idAt(row, "chat_id");
      return chatId === null ? null : dialogFrom(row, chatId, null);
    })
    .filter((dialog) => dialog !== null);
}
