import { botsFrom, channelsFrom, dialogsFrom, peopleFrom } from "../../engine/documents.ts";
import type { Log } from "../../log.ts";
import type { Store } from "../../store/store.ts";
import type { Hours } from "../../types/hours.ts";
import type { Json } from "../../types/json.ts";
import type { Bot, Dialog, Directory } from "../../types/state.ts";
import { type Ask, listAll } from "./pages.ts";

/** People, bots, channels and counts of open dialogs, in memory: every decision reads them. */
export interface DirectoryKeeper {
  current(): Directory;
  /** Reads everything anew from the store. */
  load(bot: Bot): Promise<void>;
  /** The account's own working hours, as the CRM tells them. */
  keepHours(hours: Hours): void;
  /** What a decision has changed in them, once it is stored: only these, since others may have changed meanwhile. */
  adopt(changed: Partial<Pick<Directory, "people" | "channels"> & { readonly bots: readonly Bot[] }>): void;
  /** A dialog has changed in the store: its place in the counts of open dialogs. */
  count(before: Dialog | null, after: Dialog): void;
}

const NOBODY: Directory = {
  bot: { id: 0, name: "" },
  people: [],
  otherBots: [],
  channels: [],
  openDialogs: {},
  crmHours: null,
};

export function createDirectory(store: Pick<Store, "directory">, connectionId: string): DirectoryKeeper {
  let directory = NOBODY;
  return {
    current: () => directory,
    async load(bot) {
      directory = { ...(await store.directory(connectionId)), bot, crmHours: directory.crmHours };
    },
    keepHours(hours) {
      directory = { ...directory, crmHours: hours };
    },
    adopt({ people = [], channels = [], bots = [] }) {
      if (people.length + channels.length + bots.length === 0) return;
      directory = {
        ...directory,
        people: merged(directory.people, people),
        channels: merged(directory.channels, channels),
        otherBots: merged(directory.otherBots, bots),
      };
    },
    count(before, after) {
      const [left, taken] = [holderOf(before), holderOf(after)];
      if (left === taken) return;
      const counts = { ...directory.openDialogs };
      if (left !== null) counts[left] = Math.max(0, (counts[left] ?? 0) - 1);
      if (taken !== null) counts[taken] = (counts[taken] ?? 0) + 1;
      directory = { ...directory, openDialogs: counts };
    },
  };
}

function merged<Item extends { readonly id: number }>(known: readonly Item[], fresh: readonly Item[]): readonly Item[] {
  if (fresh.length === 0) return known;
  const replaced = new Set(fresh.map(({ id }) => id));
  return [...known.filter(({ id }) => !replaced.has(id)), ...fresh];
}

/** The person in whose count of open dialogs this one is. */
function holderOf(dialog: Dialog | null): number | null {
  if (dialog === null || dialog.closedAt !== null || dialog.responsible?.type !== "user") return null;
  return dialog.responsible.id;
}

export interface RefreshOptions {
  readonly ask: Ask;
  /** Rows of the CRM's users; they alone know e-mails and groups. */
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
    await store.savePeople(connectionId, peopleFrom(rows, await options.crmUsers()));
  });
  await fill("channels", async () => {
    await store.saveChannels(connectionId, channelsFrom(await listAll(ask, "listChannels", {})));
  });
  await fill("bots", async () => {
    await store.saveBots(connectionId, botsFrom(await listAll(ask, "listBots", {})));
  });
  await fill("dialogs", () => refreshDialogs(options));
}

async function refreshDialogs({ ask, store, connectionId, since, exclusive }: RefreshOptions): Promise<void> {
  const open = await listAll(ask, "listDialogs", { active: true });
  const closed =
    since === null ? [] : await listAll(ask, "listDialogs", { active: false, since: new Date(since).toISOString() });
  const listed = dialogsFrom([...open, ...closed]);
  const known = await Promise.all(listed.map(({ id }) => store.dialog(connectionId, id)));
  // A closed dialog that we never knew is of no use; an open one counts among its holder's.
  const unknown = listed.filter((dialog, index) => known[index] === null && dialog.closedAt === null);
  await store.saveDialogs(connectionId, unknown);
  for (const [index, fresh] of listed.entries()) {
    if (known[index] === null || !differs(known[index] ?? null, fresh)) continue;
    await exclusive(fresh.chatId, async () => {
      const present = await store.dialog(connectionId, fresh.id);
      if (present !== null) await store.saveDialogs(connectionId, [withFacts(present, fresh)]);
    });
  }
}

/** The gateway's facts about a dialog, put on what we remember of it (variables, marks, what was said). */
export function withFacts(known: Dialog, fresh: Dialog): Dialog {
  const { closedAt, tags, beginMessageId } = fresh;
  const facts = { ...known, closedAt, tags, beginMessageId: beginMessageId ?? known.beginMessageId };
  if (sameHolder(known, fresh)) return facts;
  return { ...facts, responsible: fresh.responsible, previous: known.responsible ?? known.previous };
}

const sameHolder = (left: Dialog, right: Dialog) =>
  left.responsible?.type === right.responsible?.type && left.responsible?.id === right.responsible?.id;

function differs(known: Dialog | null, fresh: Dialog): boolean {
  if (known === null) return true;
  return (
    known.closedAt !== fresh.closedAt || !sameHolder(known, fresh) || known.tags.join("\n") !== fresh.tags.join("\n")
  );
}
