import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import type { Store } from "../../store/store.ts";
import { SETTINGS_HINT } from "../facts.ts";
import type { Accounts } from "../types.ts";
import { followMove, type MovingOptions } from "./moving.ts";

export interface HintsOptions {
  readonly store: Store;
  /** Left out: accounts do not move. */
  readonly moving?: Pick<MovingOptions, "crmOf" | "crmUrlOf">;
  readonly look: () => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** Callbacks come unsigned: however many there are for one connection, the store is written this often at most. Nothing is missed by it:
 *  whoever works on the connection asks the CRM only that long after a hint. */
const HINT_MS = 1_000;
/** A changed address is asked about at the account this often at most. */
const MOVED_MS = 60_000;

/** What the CRM's callbacks do. None of them is believed: each only makes us ask the CRM that we know, with the key that we have. */
export function createHints(options: HintsOptions): Pick<Accounts, "hint"> {
  const { store, clock, look } = options;
  const hints = createGate(clock, HINT_MS);
  const moves = createGate(clock, MOVED_MS);
  return {
    async hint(clientId, about, systemUrl) {
      const record = await store.connectionOfClient(clientId);
      if (record === null) return false;
      const isMoving = systemUrl !== null && systemUrl !== record.crmUrl && options.moving !== undefined;
      if (isMoving && moves.opens(record.id))
        void followMove({ ...options, ...options.moving }, { record, claimed: systemUrl });
      if (!hints.opens(`${about} ${record.id}`)) return true;
      if (about === "settings") await store.saveFact(record.id, SETTINGS_HINT, clock.now());
      await store.touchConnection(record.id);
      look();
      return true;
    },
  };
}

/** Opens once per key and so many milliseconds. */
function createGate(clock: Clock, ms: number) {
  const openedAt = new Map<string, number>();
  return {
    opens(key: string): boolean {
      const now = clock.now();
      const last = openedAt.get(key);
      if (last !== undefined && now - last < ms) return false;
      for (const [old, at] of openedAt) if (now - at >= ms) openedAt.delete(old);
      openedAt.set(key, now);
      return true;
    },
  };
}
