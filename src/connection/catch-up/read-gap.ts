import { ApiError } from "../../api/errors.ts";
import { idAt } from "../../engine/fields.ts";
import type { Log } from "../../log.ts";
import type { JsonObject } from "../../types/json.ts";
import type { Call } from "../../types/plan.ts";
import { type Ask, type Listed, type ListLimits, readList } from "../directory/pages.ts";
import { highest } from "../directory/range.ts";
import { chatsCall, dialogsCall, type Gap, messagesCall, placeOf, updatesCall } from "./gap.ts";

/** What the lists tell of a gap. Messages are by id, lowest first. */
export interface Found {
  readonly messages: readonly JsonObject[];
  /** Messages from before the gap that have changed in it. */
  readonly updated: readonly JsonObject[];
  readonly dialogs: ReadonlyMap<number, JsonObject>;
  readonly chats: ReadonlyMap<number, JsonObject>;
  /** The highest id that the list of messages showed; 0: it was empty. */
  readonly highest: number;
  readonly lost: Lost;
}

/** What can't be made up for: messages that are too old or too many, whether there may be more, and lists that could not be
 *  read at all (`dialogs`, `chats`, `updates`). */
export interface Lost {
  readonly tooOld: number;
  readonly tooMany: number;
  readonly more: boolean;
  readonly lists: readonly string[];
}

/** At most so many messages of one gap are made up for, the newest ones (docs/decisions/010-catch-up.md). */
const MOST_MESSAGES = 10_000;
/** 100,000 rows are looked through for them. */
const MOST_PAGES = 100;

/** How the lists are read. */
export interface Way extends Pick<ListLimits, "pageRows"> {
  readonly ask: Ask;
}

/** Reads everything about a gap. Rejects with ApiError when the messages can't be read: nothing is known then. Each other list
 *  stands alone. */
export async function readGap({ ask, pageRows }: Way, gap: Gap, log: Log): Promise<Found> {
  const messages = await readMessages({ ask, pageRows }, gap);
  const failed: string[] = [];
  const rows = async (name: string, call: Call | null): Promise<readonly JsonObject[]> => {
    try {
      return call === null ? [] : (await readList(ask, call, { mostRows: MOST_MESSAGES, pageRows })).rows;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      log.warn({ err: error }, `the list of ${name} can't be read; what it tells of the gap is lost`);
      failed.push(name);
      return [];
    }
  };
  const updated = await rows("updates", updatesCall(gap));
  const dialogs = byId(await rows("dialogs", dialogsCall(gap)));
  const isQuiet = messages.found.length + updated.length + dialogs.size === 0;
  const chats = byId(isQuiet ? [] : await rows("chats", chatsCall(gap)));
  const { found, highest: last, lost } = messages;
  return { messages: found, updated, dialogs, chats, highest: last, lost: { ...lost, lists: failed } };
}

export interface FoundMessages {
  readonly found: readonly JsonObject[];
  readonly highest: number;
  readonly lost: Omit<Lost, "lists">;
}

/** The messages of the gap alone. */
export async function readMessages({ ask, pageRows }: Way, gap: Gap): Promise<FoundMessages> {
  const limits = { mostRows: MOST_MESSAGES, mostPages: MOST_PAGES, pageRows };
  const listed = await readList(ask, messagesCall(gap), limits);
  const inPlace = (place: "missed" | "too_old") => listed.rows.filter((row) => placeOf(row, gap) === place);
  const ids = listed.rows.map((row) => idAt(row, "id") ?? 0);
  const lost = lostOf(listed, inPlace("too_old").length);
  return { found: sorted(inPlace("missed")), highest: highest(ids), lost };
}

const lostOf = ({ cut, whole }: Listed, tooOld: number) => ({ tooOld, tooMany: cut, more: !whole });

const sorted = (rows: readonly JsonObject[]) => rows.toSorted((left, right) => Number(left.id) - Number(right.id));

function byId(rows: readonly JsonObject[]): ReadonlyMap<number, JsonObject> {
  return new Map(
    rows.flatMap((row): [number, JsonObject][] => {
      const id = idAt(row, "id");
      return id === null ? [] : [[id, row]];
    }),
  );
}

export const isLossless = ({ tooOld, tooMany, more, lists }: Lost): boolean =>
  tooOld + tooMany + lists.length === 0 && !more;
