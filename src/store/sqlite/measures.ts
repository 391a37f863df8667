import { type Counted, measuresFrom } from "../measures.ts";
import type { Store } from "../store.ts";
import type { Database } from "./database.ts";

const open = "SELECT connection_id AS connectionId, count(*) AS count";

// SQLite would rather read the index of all calls.
const ofOpenCalls = (which: string) => `${open} FROM outbox INDEXED BY outbox_open
  WHERE state IN ('pending', 'sending', 'unknown') AND ${which} GROUP BY connection_id`;

/** The statements of measuring; exported so that a test can ask SQLite for their plans. */
export const measuresSql = {
  undecided: ["new", "held"].map(
    (state) => `${open}, min(received_at) AS oldest FROM inbox WHERE state = '${state}' GROUP BY connection_id`,
  ),
  unsent: ofOpenCalls("state <> 'unknown'"),
  unknown: ofOpenCalls("state = 'unknown'"),
  timers: `${open} FROM timers GROUP BY connection_id`,
  queued: `${open} FROM dialogs WHERE queued_team IS NOT NULL AND closed_at IS NULL GROUP BY connection_id`,
} as const;

/** How much waits, in all connections at once. */
export function measures(database: Database): Pick<Store, "measures"> {
  const ask = (sql: string) => database.all<Counted>(sql);
  return {
    measures: async () =>
      database.snapshot(() =>
        measuresFrom({
          undecided: measuresSql.undecided.flatMap(ask),
          unsent: ask(measuresSql.unsent),
          unknown: ask(measuresSql.unknown),
          timers: ask(measuresSql.timers),
          queued: ask(measuresSql.queued),
        }),
      ),
  };
}
