import { botsFrom, channelsFrom, dialogsFrom, peopleFrom } from "../../engine/documents.ts";
import type { Log } from "../../log.ts";
import type { Store } from "../../store/store.ts";
import type { Hours } from "../../types/hours.ts";
import type { Json } from "../../types/json.ts";
import { type Bot, type Dialog, type Directory, type Queued, waitingPlace } from "../../types/state.ts";
import { createGate } from "../lanes/gate.ts";
import { createMutex } from "../lanes/mutex.ts";
import { type Ask, listAll } from "./pages.ts";
import { unfinishedCalls, withPlanned } from "./planned.ts";

/** People, bots, channels, counts of open dialogs and queues, in memory: every decision reads them. */
export interface DirectoryKeeper {
  current(): Directory;
  /** Reads everything anew from the store, while no `change` is under way. */
  load(bot: Bot): Promise<void>;
  /** Stores something and tells of it here (`adopt`, `count`): what `load` reads has both or neither, or it would be counted twice or not at all. */
  change<T>(task: () => Promise<T>): Promise<T>;
  /** The account's own working hours, as the CRM tells them. */
  keepHours(hours: Hours): void;
  /** What a decision has changed in them, once it is stored: only these, since others may have changed meanwhile. */
  adopt(
    changed: Partial<Pick<Directory, "people" | "channels" | "rotation"> & { readonly bots: readonly Bot[] }>,
  ): void;
  /** A dialog has changed in the store: its place in the counts of open dialogs and in the queues. */
  count(before: Dialog | null, after: Dialog): void;
  /** Decides who of the staff gets a dialog while nobody else does: two chats at once must not pick the same person. */
  exclusive<T>(task: () => Promise<T>): Promise<T>;
}

const NOBODY: Directory = {
  bot: { id: 0, name: "" },
  people: [],
  otherBots: [],
  channels: [],
  openDialogs: {},
  queue: [],
  rotation: {},
  crmHours: null,
};

/** `onChanged` is told of each change: somebody may be free now. */
export function createDirectory(
  store: Pick<Store, "directory">,
  connectionId: string,
  onChanged: () => void = () => {},
): DirectoryKeeper {
  let directory = NOBODY;
  const desk = createMutex();
  const gate = createGate();
  const become = (changed: Partial<Directory>) => {
    directory = { ...directory, ...changed };
    onChanged();
  };
  return {
    current: () => directory,
    exclusive: desk.run,
    change: gate.together,
    load: (bot) => gate.alone(async () => become({ ...(await store.directory(connectionId)), bot })),
    keepHours(hours) {
      become({ crmHours: hours });
    },
    adopt({ people = [], channels = [], bots = [], rotation = directory.rotation }) {
      if (people.length + channels.length + bots.length === 0 && rotation === directory.rotation) return;
      become({
        people: merged(directory.people, people),
        channels: merged(directory.channels, channels),
        otherBots: merged(directory.otherBots, bots),
        rotation,
      });
    },
    count(before, after) {
      const openDialogs = recounted(directory.openDialogs, holderOf(before), holderOf(after));
      const queue = requeued(directory.queue, after);
      if (openDialogs !== directory.openDialogs || queue !== directory.queue) become({ openDialogs, queue });
    },
  };
}

function recounted(
  known: Directory["openDialogs"],
  left: number | null,
  taken: number | null,
): Directory["openDialogs"] {
  if (left === taken) return known;
  const counts = { ...known };
  if (left !== null) counts[left] = Math.max(0, (counts[left] ?? 0) - 1);
  if (taken !== null) counts[taken] = (counts[taken] ?? 0) + 1;
  return counts;
}

/** The queue with the dialog in its place, or without it. */
function requeued(queue: readonly Queued[], dialog: Dialog): readonly Queued[] {
  const place = waitingPlace(dialog);
  const known = queue.find(({ dialogId }) => dialogId === dialog.id);
  if (known?.team === place?.team && known?.since === place?.since) return queue;
  const others = queue.filter((queued) => queued !== known);
  if (place === null) return others;
  const { team, since } = place;
  const waits = { dialogId: dialog.id, chatId: dialog.chatId, team, since };
  return [...others, waits].toSorted((left, right) => left.since - right.since || left.dialogId - right.dialogId);
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
  // What has ended by the time the lists are used may still be missing in them.
  const before = await unfinishedCalls(store, connectionId);
  const open = await listAll(ask, "listDialogs", { active: true });
  const closed =
    since === null ? [] : await listAll(ask, "listDialogs", { active: false, since: new Date(since).toISOString() });
  const listed = dialogsFrom([...open, ...closed]);
  const known = await Promise.all(listed.map(({ id }) => store.dialog(connectionId, id)));
  // A closed dialog that we never knew is of no use; an open one counts among its holder's.
  const unknown = listed.filter((dialog, index) => known[index] === null && dialog.closedAt === null);
  // One that an event has told of meanwhile is known after all.
  const added = new Set(await store.addDialogs(connectionId, unknown));
  for (const [index, fresh] of listed.entries()) {
    const isNew = known[index] === null && (fresh.closedAt !== null || added.has(fresh.id));
    if (isNew || !differs(known[index] ?? null, fresh)) continue;
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
