import { JsonFault, readJson } from "../api/http/read-json.ts";
import { objectOf } from "../api/shape.ts";
import type { Event } from "../types/event.ts";
import { isObject, type Json, type JsonObject } from "../types/json.ts";
import { eventKey } from "./keys.ts";
import { timestampMs } from "./timestamp.ts";

/** One frame that is no event. It harms only itself: the caller counts it, logs `code` and goes on. `message` never quotes
 *  the frame, which may hold a customer's words. */
export class FrameError extends Error {
  override readonly name = "FrameError";
  readonly code: "binary" | "not_an_object" | "no_type" | "no_data" | JsonFault["code"];

  constructor(code: FrameError["code"], message: string) {
    super(`Bad frame: ${message}`);
    this.code = code;
  }
}

const LAST_MOMENT_MS = 8_640_000_000_000_000;

/** Decodes one frame: JSON `{ type, meta: { timestamp: Unix seconds or ms }, data }`. Types nobody knows are events like any
 *  other: the gateway adds them without notice. `receivedAt` (Unix ms) stands in for a missing or senseless timestamp.
 *  Throws FrameError when the frame is not such an object. Source: Bot API, websocket events. */
export function decodeFrame(frame: string | Uint8Array, receivedAt: number): Event {
  if (typeof frame !== "string") throw new FrameError("binary", "it is binary");
  const envelope = readEnvelope(frame);
  const { type, meta } = envelope;
  if (typeof type !== "string" || type === "") throw new FrameError("no_type", "it has no type");
  const data = envelope.data;
  if (!isObject(data)) throw new FrameError("no_data", "it has no data");
  const { timestamp } = objectOf(meta);
  const key = eventKey({ type, data, timestamp: typeof timestamp === "number" ? timestamp : 0 });
  return { key, type, at: momentMs(timestamp) ?? receivedAt, chatId: chatIdOf(type, data), data };
}

function readEnvelope(text: string): JsonObject {
  let value: Json;
  try {
    value = readJson(text);
  } catch (error) {
    if (error instanceof JsonFault) throw new FrameError(error.code, error.message);
    throw error;
  }
  if (!isObject(value)) throw new FrameError("not_an_object", "it is not an object");
  return value;
}

function momentMs(timestamp: Json | undefined): number | null {
  if (typeof timestamp !== "number" || !(timestamp > 0) || timestamp > LAST_MOMENT_MS) return null;
  return Math.floor(timestampMs(timestamp));
}

/** The chat an event belongs to, wherever its type keeps it; null for people, channels, bots and for `chats_deleted`, which
 *  is about several. */
function chatIdOf(type: string, data: JsonObject): number | null {
  if (type === "chats_deleted") return null;
  const message = objectOf(data.message);
  const dialog = objectOf(data.dialog);
  const places = [
    message.chat_id,
    objectOf(message.chat).id,
    objectOf(data.chat).id,
    data.chat_id,
    objectOf(dialog.chat).id,
    dialog.chat_id,
  ];
  return places.find(isChatId) ?? null;
}

const isChatId = (id: Json | undefined): id is number => typeof id === "number" && Number.isSafeInteger(id) && id > 0;
