import { setTimeout as sleep } from "node:timers/promises";
import { openStore } from "../../../src/store/open.ts";
import { type QueueCounts, StoreError } from "../../../src/store/store.ts";
import { type Audit, audit, BY_TEXT, type Pairing } from "./audit.ts";
import type { Stand } from "./stand.ts";

export interface SettleOptions {
  readonly pairing?: Pairing;
  /** With empty queues and nothing said for so long, nothing more is expected. */
  readonly quietMs?: number;
  /** It ends then in any case. */
  readonly limitMs?: number;
}

const LOOK_EVERY_MS = 200;
const QUIET_MS = 10_000;
const LIMIT_MS = 600_000;

/** Waits until every message is answered, or until the bot has nothing left to do, and says how it stands. A little time after the
 *  last answer belongs to it: a doubled answer would come then. */
export async function settled(stand: Stand, options: SettleOptions = {}): Promise<Audit> {
  const { pairing = BY_TEXT, quietMs = QUIET_MS, limitMs = LIMIT_MS } = options;
  const endsAt = Date.now() + limitMs;
  let said = stand.said().length;
  let saidAt = Date.now();
  for (;;) {
    const now = Date.now();
    const seen = stand.said();
    if (seen.length !== said) saidAt = now;
    said = seen.length;
    const found = audit(seen, pairing);
    const pauseMs = found.lost.length === 0 ? Math.min(quietMs, 1_000) : quietMs;
    if (now > endsAt) return found;
    if (now - saidAt >= pauseMs && (await isIdle(stand))) return found;
    await sleep(LOOK_EVERY_MS);
  }
}

/** Lets one customer write and be answered. Only then does the bot surely know, over a crash too, that it has been connected; what customers wrote
 *  before its first connection is not its affair. */
export async function greeted(stand: Stand): Promise<void> {
  stand.sandbox.customerSays("before", { customer: stand.customers[0] ?? 0 });
  await settled(stand);
}

async function isIdle(stand: Stand): Promise<boolean> {
  return left(await queues(stand)) === 0;
}

/** Events and calls that have no final state yet; null: not known. */
export const left = (counts: QueueCounts | null): number | null =>
  counts === null ? null : counts.inbox + counts.outbox + counts.unknown;

/** What the bot still has to do, read beside it; null: its data can't be read just now. */
export async function queues({ storage }: Stand): Promise<QueueCounts | null> {
  try {
    const store = await openStore(storage, { readOnly: true });
    try {
      const sum: QueueCounts = { inbox: 0, outbox: 0, unknown: 0, waitingRuns: 0 };
      const each = await Promise.all((await store.connections()).map(({ id }) => store.counts(id)));
      return each.reduce(added, sum);
    } finally {
      await store.close();
    }
  } catch (error) {
    if (error instanceof StoreError) return null;
    throw error;
  }
}

const added = (left: QueueCounts, right: QueueCounts): QueueCounts => ({
  inbox: left.inbox + right.inbox,
  outbox: left.outbox + right.outbox,
  unknown: left.unknown + right.unknown,
  waitingRuns: left.waitingRuns + right.waitingRuns,
});
