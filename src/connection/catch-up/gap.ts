import { idAt, momentAt } from "../../engine/fields.ts";
import type { JsonObject } from "../../types/json.ts";
import type { Call } from "../../types/plan.ts";
import { readCall } from "../directory/pages.ts";
import type { Seen } from "./seen.ts";

/** Messages may be stored by the gateway in another order than that of their ids: so much before the gap is looked at again. */
const OVERLAP_IDS = 200;
const OVERLAP_MS = 120_000;
/** What is older is not made up for any more: it is only counted. */
export const OLDEST_MS = 24 * 3_600_000;

/** What may have been missed. `cursor`: highest id that was surely received (0: none). `from`: changes before this moment were
 *  surely received (Unix ms). `oldest`: what was written before is too old (Unix ms). */
export interface Gap {
  readonly cursor: number;
  readonly from: number;
  readonly oldest: number;
}

export function gapAfter(seen: Seen, now: number): Gap {
  const from = Math.max(seen.since, seen.at - OVERLAP_MS);
  return { cursor: seen.messageId ?? 0, from, oldest: now - OLDEST_MS };
}

const isoOf = (at: number) => new Date(at).toISOString();

/** The messages of the gap: by id, since ids know no clock; by time while no message is known. */
export function messagesCall({ cursor, from }: Gap): Call {
  if (cursor === 0) return readCall("listMessages", { since: isoOf(from) });
  return readCall("listMessages", { since_id: Math.max(1, cursor - OVERLAP_IDS) });
}

/** Messages from before the gap that have changed in it; null: none is known, so none can have. */
export function updatesCall({ cursor, from }: Gap): Call | null {
  return cursor === 0 ? null : readCall("listMessages", { since: isoOf(from), until_id: cursor });
}

export const dialogsCall = ({ from }: Gap): Call => readCall("listDialogs", { since: isoOf(from) });

export const chatsCall = ({ from }: Gap): Call => readCall("listChats", { since: isoOf(from) });

/** What a row of `GET /messages` is to the gap. `known`: it came before, whether we have it or not. */
export function placeOf(row: JsonObject, { cursor, from, oldest }: Gap): "missed" | "known" | "too_old" {
  const id = idAt(row, "id");
  if (id === null || idAt(row, "chat_id") === null) return "known";
  const written = writtenAt(row);
  const isOld = written !== null && written < oldest;
  if (cursor > 0 && id > cursor) return isOld ? "too_old" : "missed";
  // Around the cut ids and moments cross: what did come is recognised by its key.
  if (written === null || written < from) return "known";
  if (isOld) return cursor === 0 ? "too_old" : "known";
  return "missed";
}

/** When a listed message was written (Unix ms); null: it does not say. */
export const writtenAt = (row: JsonObject): number | null => momentAt(row, "created_at") ?? momentAt(row, "time");
