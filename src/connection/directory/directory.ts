import { changedByCrm } from "../../engine/documents.ts";
import type { Store } from "../../store/store.ts";
import type { Hours } from "../../types/hours.ts";
import type { Json } from "../../types/json.ts";
import { type Bot, type Dialog, type Directory, type Queued, waitingPlace } from "../../types/state.ts";
import { createGate } from "../lanes/gate.ts";
import { createMutex } from "../lanes/mutex.ts";

/** People, bots, channels, counts of open dialogs and queues, in memory: every decision reads them. */
export interface DirectoryKeeper {
  current(): Directory;
  /** Reads everything anew from the store, while no `change` is under way. */
  load(bot: Bot): Promise<void>;
  /** Stores something and tells of it here (`adopt`, `count`): what `load` reads has both or neither, or it would be counted twice or not at all. */
  change<T>(task: () => Promise<T>): Promise<T>;
  /** The account's own working hours, as the CRM tells them. */
  keepHours(hours: Hours): void;
  /** What rows of the CRM's users say of the people known here, stored and taken over, while no `change` is under way. Rejects with StoreError. */
  learnUsers(crmUsers: Json): Promise<void>;
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
  store: Pick<Store, "directory" | "savePeople">,
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
    learnUsers: (crmUsers) =>
      gate.alone(async () => {
        const people = changedByCrm(directory.people, crmUsers);
        if (people.length === 0) return;
        await store.savePeople(connectionId, people);
        become({ people: merged(directory.people, people) });
      }),
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
