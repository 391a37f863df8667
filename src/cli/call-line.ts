import type { Json, JsonObject } from "../types/json.ts";
import type { Call } from "../types/plan.ts";
import type { Directory } from "../types/state.ts";

/** One call in plain words: what the customer or the staff would see. */
export function callLine(call: Call, directory: Directory): string {
  return call.operation === "sendMessage"
    ? messageLine(call.body ?? {})
    : (OTHERS[call.operation]?.(call, directory) ?? rawLine(call));
}

function messageLine(body: JsonObject): string {
  const to = body.scope === "private" ? "note to the staff" : "to the customer";
  const type = body.type ?? "text";
  const content = type === "text" ? String(body.content ?? "") : `[${type}] ${String(body.note ?? "")}`.trim();
  const buttons = titlesOf(body.transport_attachments).map((title) => ` [${title}]`);
  return `${to}: ${indented(content)}${buttons.join("")}`;
}

const indented = (text: string) => text.replaceAll("\n", "\n      ");

function titlesOf(attachments: Json | undefined): readonly string[] {
  const { suggestions } = (isObject(attachments) ? attachments : {}) as { suggestions?: Json };
  return Array.isArray(suggestions) ? suggestions.filter(isObject).map(({ title }) => String(title ?? "")) : [];
}

const OTHERS: Readonly<Record<string, (call: Call, directory: Directory) => string>> = {
  assignDialogResponsible: ({ body }, { people, otherBots, bot }) => {
    const { user_id: userId, bot_id: botId } = (body ?? {}) as { user_id?: Json; bot_id?: Json };
    const found =
      userId === undefined
        ? [bot, ...otherBots].find(({ id }) => id === botId)
        : people.find(({ id }) => id === userId);
    return `assign the dialog to ${found?.name ?? String(userId ?? botId)}`;
  },
  unassignDialogResponsible: () => "take the dialog away from who is responsible",
  closeDialog: () => "close the dialog",
  createDialog: () => "open a dialog",
  dialogAddTags: ({ body }) => `tag the dialog: ${tagsOf(body)}`,
  dialogDeleteTags: ({ body }) => `take tags off the dialog: ${tagsOf(body)}`,
  editMessage: ({ body }) => `rewrite the bot's last message: ${String(body?.content ?? "")}`,
  deleteMessage: () => "delete the bot's last message",
  uploadFileByUrl: ({ body }) => `upload ${String(body?.url ?? "a file")}, then send it`,
};

function tagsOf(body: JsonObject | null): string {
  const tags = Array.isArray(body?.tags) ? body.tags : [];
  return tags.map((tag: Json) => (isObject(tag) ? String(tag.name ?? "") : String(tag))).join(", ");
}

const rawLine = ({ operation, path, query, body }: Call) =>
  `${operation} ${JSON.stringify({ ...path, ...query, ...body })}`;

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
