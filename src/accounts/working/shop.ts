import { atMost, type Clock } from "../../clock.ts";
import { type Connection, type ConnectionOptions, startConnection } from "../../connection/connection.ts";
import type { Log, SecretKeeper } from "../../log.ts";
import type { Assigned, Work } from "../../replica/hands.ts";
import { type ConnectionRecord, StoreError } from "../../store/store.ts";
import type { JsonObject } from "../../types/json.ts";
import type { Rulebook } from "../../types/rule.ts";
import { SETTINGS_HINT } from "../facts.ts";

/** What every connection of the program is started with. */
export type SharedOptions = Pick<
  ConnectionOptions,
  "module" | "allowedHosts" | "gate" | "starting" | "turns" | "onDecision" | "onRequest" | "onListening"
> & {
  readonly clock: Clock;
  readonly log: Log;
  /** In [0, 1). */
  readonly random: () => number;
  readonly secrets: SecretKeeper;
};

export interface ShopOptions {
  readonly assigned: Assigned;
  /** As stored when the work begins. */
  readonly record: ConnectionRecord;
  /** What differs between the file's own account and those that connect by themselves. */
  readonly startOf: (present: () => ConnectionRecord) => Partial<ConnectionOptions> & Pick<ConnectionOptions, "crm">;
  readonly rulebookOf: (record: ConnectionRecord) => Rulebook;
  /** It goes on with other rules. */
  readonly onRules?: (present: () => ConnectionRecord) => void;
  readonly shared: SharedOptions;
}

/** One account at work here, together with what its owner and the operator want of it. */
export interface Shop extends Work {
  readonly id: string;
  /** The rules may have changed. */
  useRules(): Promise<void>;
  status(): Promise<JsonObject>;
  readonly connection: () => Connection;
}

const AGAIN_MS = 2_000;
/** A change under way ends with the connection, unless the store hangs. */
const TURN_MS = 500;
/** Hints come unsigned: the account's lists are read again because of them at most this often. */
const REREAD_MS = 60_000;

/** Rejects with StoreError. */
export async function openShop(options: ShopOptions): Promise<Shop> {
  const { assigned, shared } = options;
  const { store, connectionId: id } = assigned;
  const { clock } = shared;
  const log = shared.log.child({ connection: id });
  const stopping = new AbortController();
  let record = options.record;
  // Before anything begins: what fails from here on leaves nothing running.
  let hintedAt = await store.fact(id, SETTINGS_HINT);
  let connection = await begin(options, () => record);
  let begunWith = record;
  let turn = Promise.resolve();
  const reread = atMostEvery(REREAD_MS, clock, () =>
    connection
      .rereadAccount()
      .catch((error) => log.warn({ err: error }, "the account's lists could not be read again")),
  );

  const useRules = async () => {
    await connection.useRulebook(options.rulebookOf(record));
    options.onRules?.(() => record);
  };
  const apply = async () => {
    const next = await store.connection(id);
    // Removed: whoever shares the work out lets go of it.
    if (next === null || stopping.signal.aborted) return;
    const before = record;
    // A key that can't be read here, since another replica has sealed it with one that we do not know: what works goes on.
    record = next.apiKey === null ? { ...next, apiKey: before.apiKey } : next;
    // Compared with what it was begun with: when the store fails in between, it has ended, and only a new one works.
    if (record.apiKey !== begunWith.apiKey || record.crmUrl !== begunWith.crmUrl) {
      await connection.drain();
      if (stopping.signal.aborted) return;
      const wanted = record;
      connection = await begin(options, () => record);
      begunWith = wanted;
      // It was stopped while this one began.
      if (stopping.signal.aborted) await connection.drain();
      return;
    }
    if (choiceOf(next) !== choiceOf(before)) await useRules();
    const hint = await store.fact(id, SETTINGS_HINT);
    if (hint !== hintedAt) reread.ask();
    hintedAt = hint;
    connection.look();
  };
  const inTurn = (task: () => Promise<void>) => {
    turn = turn.then(() => untilDone(task, { clock, log, signal: stopping.signal }));
    return turn;
  };
  return {
    id,
    connection: () => connection,
    changed: () => void inTurn(apply),
    useRules: () => inTurn(useRules),
    status: () => connection.status(),
    async drain() {
      stopping.abort(new Error("the program ends"));
      reread.stop();
      // First: it also cuts short what a change of the account waits for.
      await connection.drain();
      await atMost(TURN_MS, turn, clock);
    },
  };
}

const choiceOf = ({ language, timezone, ruleSet }: ConnectionRecord) => JSON.stringify([language, timezone, ruleSet]);

function begin(
  { assigned, startOf, rulebookOf, shared }: ShopOptions,
  present: () => ConnectionRecord,
): Promise<Connection> {
  return startConnection({
    ...shared,
    ...startOf(present),
    store: assigned.store,
    mayAct: assigned.mayAct,
    rulebook: rulebookOf(present()),
    withheld() {
      const { enabled, paused } = present();
      if (paused) return "paused";
      return enabled ? null : "by_owner";
    },
  });
}

interface Until {
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Does it again while the store can't be used. Never rejects. */
async function untilDone(task: () => Promise<void>, { clock, log, signal }: Until): Promise<void> {
  while (!signal.aborted) {
    try {
      return await task();
    } catch (error) {
      log.warn({ err: error }, "a change of the connection could not be taken over");
      if (!(error instanceof StoreError)) return;
      await clock.sleep(AGAIN_MS, signal).catch(() => {});
    }
  }
}

/** The first asking is obeyed at once, those after it together at the end of the pause. */
function atMostEvery(ms: number, clock: Clock, task: () => Promise<void>) {
  let isPausing = false;
  let isAsked = false;
  let cancel = () => {};
  const ask = () => {
    isAsked = true;
    if (isPausing) return;
    isAsked = false;
    isPausing = true;
    void task();
    cancel = clock.after(ms, () => {
      isPausing = false;
      if (isAsked) ask();
    });
  };
  return { ask, stop: () => cancel() };
}
