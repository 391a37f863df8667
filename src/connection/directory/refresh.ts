import { setImmediate as nextTurn } from "node:timers/promises";
import { botsFrom, channelsFrom, dialogsFrom, peopleFrom } from "../../engine/documents.ts";
import type { Log } from "../../log.ts";
import type { Store } from "../../store/store.ts";
import type { Json } from "../../types/json.ts";
import type { PlannedCall } from "../../types/plan.ts";
import type { Dialog } from "../../types/state.ts";
import { type Ask, listAll } from "./pages.ts";
import { unfinishedCalls, withPlanned } from "./planned.ts";

export interface RefreshOptions {
  readonly ask: Ask;
  /** Rows of the CRM's users; they alone know e-mails and groups. Null: not known now, so what was known of these stays. */
  readonly crmUsers: () => Promise<Json>;
  readonly store: Store;
  readonly connectionId: string;
  readonly log: Log;
  /** Dialogs that were closed since then (Unix ms) are looked up as well; null: the open ones only. */
  readonly since: number | null;
  /** Guards the documents of one chat against the deciding of its lane. */
  readonly exclusive: <T>(chatId: number, task: () => Promise<T>) => Promise<T>;
}

/** Fills what events do not tell: people, channels, other bots and dialogs, from the list calls. Each list stands alone: one that
 *  fails is logged, and what was known of it stays. */
export async function refreshDirectory(options: RefreshOptions): Promise<void> {
  const { ask, store, connectionId, log } = options;
  const fill = async (what: string, task: () => Promise<void>) => {
    await task().catch((error) => log.warn({ err: error }, `the list of ${what} is not fresh`));
  };
  await fill("people", async () => {
    const rows = await listAll(ask, "listUsers", {});
    const crmUsers = await options.crmUsers();
    const known = crmUsers === null ? (await store.directory(connectionId)).people : [];
    await store.savePeople(connectionId, peopleFrom(rows, crmUsers, known));
  });
  await fill("channels", async () => {
    await store.saveChannels(connectionId, channelsFrom(await listAll(ask, "listChannels", {})));
  });
  await fill("bots", async () => {
    await store.saveBots(connectionId, botsFrom(await listAll(ask, "listBots", {})));
  });
  await fill("dialogs", () => refreshDialogs(options));
}

/** Dialogs that are looked at together: what others ask of the store, and other accounts' work, goes on in between. */
const SLICE = 500;

async function refreshDialogs(options: RefreshOptions): Promise<void> {
  const { ask, store, connectionId, since } = options;
  // What has ended by the time the lists are used may still be missing in them.
  const before = await unfinishedCalls(store, connectionId);
  const open = await listAll(ask, "listDialogs", { active: true });
  const closed =
    since === null ? [] : await listAll(ask, "listDialogs", { active: false, since: new Date(since).toISOString() });
  // One that was closed between the two readings stands in both lists: the later one is right.
  const listed = [...new Map(dialogsFrom([...open, ...closed]).map((dialog) => [dialog.id, dialog])).values()];
  for (let first = 0; first < listed.length; first += SLICE) {
    if (first > 0) await nextTurn();
    await refreshSlice(options, { listed: listed.slice(first, first + SLICE), before });
  }
}

async function refreshSlice(
  { store, connectionId, exclusive }: RefreshOptions,
  { listed, before }: { readonly listed: readonly Dialog[]; readonly before: readonly PlannedCall[] },
): Promise<void> {
  const stored = await store.dialogs(
    connectionId,
    listed.map(({ id }) => id),
  );
  const known = new Map(stored.map((dialog) => [dialog.id, dialog]));
  // A closed dialog that we never knew is of no use; an open one counts among its holder's.
  const unknown = listed.filter(({ id, closedAt }) => !known.has(id) && closedAt === null);
  // One that an event has told of meanwhile is known after all.
  const added = new Set(await store.addDialogs(connectionId, unknown));
  const differing = listed.filter((fresh) => {
    const present = known.get(fresh.id) ?? null;
    const isNew = present === null && (fresh.closedAt !== null || added.has(fresh.id));
    return !isNew && differs(present, fresh);
  });
  for (const fresh of differing) {
    await nextTurn();
    await exclusive(fresh.chatId, async () => {
      const present = await store.dialog(connectionId, fresh.id);
      if (present === null) return;
      const calls = [...before, ...(await unfinishedCalls(store, connectionId))];
      await store.saveDialogs(connectionId, [withFacts(present, withPlanned(fresh, present, calls))]);
    });
  }
}

/** The gateway's facts about a dialog, put on what we remember of it (variables, marks, what was said). A person who has taken
 *  it while nobody listened has taken it out of the queue. */
export function withFacts(known: Dialog, fresh: Dialog): Dialog {
  const { tags, beginMessageId } = fresh;
  // No dialog is ever opened again: a list that says so was read before the close.
  const closedAt = fresh.closedAt ?? known.closedAt;
  const facts = { ...known, closedAt, tags, beginMessageId: beginMessageId ?? known.beginMessageId };
  if (sameHolder(known, fresh)) return facts;
  const queued = fresh.responsible?.type === "user" ? null : known.queued;
  return { ...facts, queued, responsible: fresh.responsible, previous: known.responsible ?? known.previous };
}

const sameHolder = (left: Dialog, right: Dialog) =>
  left.responsible?.type === right.responsible?.type && left.responsible?.id === right.responsible?.id;

function differs(known: Dialog | null, fresh: Dialog): boolean {
  if (known === null) return true;
  return (
    known.closedAt !== fresh.closedAt || !sameHolder(known, fresh) || known.tags.join("\n") !== fresh.tags.join("\n")
  );
}
