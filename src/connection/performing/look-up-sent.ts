import type { OutboxRow } from "../../store/store.ts";
import type { Json, JsonObject } from "../../types/json.ts";
import { type Ask, readCall, rowsOf } from "../directory/pages.ts";
import { isSameMessage } from "./same-message.ts";

/** Largest page of messages. A chat in which the bot wrote more than this since one send has other troubles. */
const PAGE = 1_000;

/** Looks for the effect of a call whose answer was lost: what its answer would have said (`{message_id}` or `{id}`), or null
 *  when there is nothing to be found. Rejects with ApiError when the list can't be read: then nothing is known. */
export function findSent(ask: Ask, row: OutboxRow, botId: number): Promise<JsonObject | null> {
  return row.call.operation === "createDialog" ? findDialog(ask, row) : findMessage(ask, row, botId);
}

/** The bot's oldest matching message above the id that was known before sending. Messages confirmed earlier lie below. */
async function findMessage(ask: Ask, row: OutboxRow, botId: number): Promise<JsonObject | null> {
  const chatId = row.call.body?.chat_id;
  if (row.call.body === null || typeof chatId !== "number") return null;
  const since = row.sinceMessageId === null ? {} : { since_id: row.sinceMessageId };
  const answer = await ask(readCall("listMessages", { chat_id: chatId, bot_id: botId, ...since, limit: PAGE }));
  const found = rowsOf(answer)
    .filter((message) => isOwn(message, botId) && numberOf(message.id) > (row.sinceMessageId ?? 0))
    .sort((left, right) => numberOf(left.id) - numberOf(right.id))
    .find((message) => isSameMessage(row.call.body ?? {}, message));
  return found === undefined ? null : { message_id: numberOf(found.id) };
}

/** An open dialog of the chat that began since the call was planned; whoever opened it, ours is not needed any more. */
async function findDialog(ask: Ask, row: OutboxRow): Promise<JsonObject | null> {
  const chatId = row.call.path.chat_id;
  if (typeof chatId !== "number") return null;
  const answer = await ask(readCall("listDialogs", { chat_id: chatId, active: true, limit: PAGE }));
  const found = rowsOf(answer).find(({ created_at }) => momentOf(created_at) >= row.createdAt - CLOCKS_MS);
  return found === undefined ? null : { id: numberOf(found.id) };
}

/** How far the gateway's clock may differ from ours, in ms. */
const CLOCKS_MS = 30_000;

function isOwn({ from }: JsonObject, botId: number): boolean {
  // The list was asked for this bot's messages; a row that says otherwise is not trusted.
  if (typeof from !== "object" || from === null || Array.isArray(from) || !("id" in from)) return true;
  return from.id === botId;
}

const numberOf = (value: Json | undefined) => (typeof value === "number" ? value : 0);

const momentOf = (value: Json | undefined) => (typeof value === "string" ? Date.parse(value) : Number.NaN);
