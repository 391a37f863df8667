import { type Counted, measuresFrom } from "../measures.ts";
import type { Store } from "../store.ts";
import type { Database } from "./database.ts";

const row = (kind: string, oldest = "NULL::bigint") =>
  `SELECT '${kind}' AS kind, connection_id AS "connectionId", count(*) AS count, ${oldest} AS oldest`;

/** One statement, so that all is of one moment; exported so that a test can ask PostgreSQL for its plan. */
export const measuresSql = `${row("undecided", "min(received_at)")} FROM inbox WHERE state = 'new' GROUP BY connection_id
  UNION ALL ${row("undecided", "min(received_at)")} FROM inbox WHERE state = 'held' GROUP BY connection_id
  UNION ALL ${row("unsent")} FROM outbox WHERE state IN ('pending', 'sending', 'unknown') AND state <> 'unknown'
    GROUP BY connection_id
  UNION ALL ${row("unknown")} FROM outbox WHERE state IN ('pending', 'sending', 'unknown') AND state = 'unknown'
    GROUP BY connection_id
  UNION ALL ${row("timers")} FROM timers GROUP BY connection_id
  UNION ALL ${row("queued")} FROM dialogs WHERE queued_team IS NOT NULL AND closed_at IS NULL GROUP BY connection_id`;

/** How much waits, in all connections at once. */
export function measures(database: Database): Pick<Store, "measures"> {
  return {
    async measures() {
      const rows = await database.all<Counted & { readonly kind: string }>(measuresSql);
      const of = (kind: string) => rows.filter((one) => one.kind === kind);
      return measuresFrom({
        undecided: of("undecided"),
        unsent: of("unsent"),
        unknown: of("unknown"),
        timers: of("timers"),
        queued: of("queued"),
      });
    },
  };
}
