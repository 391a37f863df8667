import { setImmediate as nextTurn } from "node:timers/promises";
import type { Clock } from "../../clock.ts";
import type { QueueCounts, Store } from "../store.ts";
import { ageDocuments } from "./aging.ts";
import type { Database } from "./database.ts";

/** Rows removed in one transaction: SQLite blocks the event loop meanwhile, and events are waiting. */
const PRUNE_ROWS = 500;

const deleteOldest = (table: string, row: string, old: string) =>
  `DELETE FROM ${table} WHERE ${row} IN (SELECT ${row} FROM ${table} WHERE ${old} LIMIT ${PRUNE_ROWS})`;

/** The statements of counting and tidying; exported so that a test can ask SQLite for their plans. */
export const upkeepSql = {
  counts: `SELECT
    (SELECT count(*) FROM inbox WHERE connection_id = ?1 AND state = 'new')
      + (SELECT count(*) FROM inbox WHERE connection_id = ?1 AND state = 'held') AS inbox,
    (SELECT count(*) FROM outbox WHERE connection_id = ?1 AND state IN ('pending', 'sending')) AS outbox,
    (SELECT count(*) FROM outbox WHERE connection_id = ?1 AND state = 'unknown') AS unknown,
    (SELECT count(*) FROM runs WHERE connection_id = ?1) AS waitingRuns`,
  pruneInbox: deleteOldest(
    "inbox",
    "seq",
    `state IN ('done', 'expired', 'failed') AND received_at < ? AND NOT EXISTS
      (SELECT 1 FROM runs WHERE runs.connection_id = inbox.connection_id AND runs.event_key = inbox.key)`,
  ),
  pruneOutbox: deleteOldest(
    "outbox",
    "seq",
    `state IN ('sent', 'failed', 'dropped') AND updated_at < ? AND NOT EXISTS
      (SELECT 1 FROM runs WHERE runs.connection_id = outbox.connection_id AND runs.waits_for_call = outbox.key)`,
  ),
  pruneDecisions: deleteOldest("decisions", "seq", "at < ?"),
  oldRules: `SELECT version FROM rules WHERE saved_at < ? AND NOT EXISTS
      (SELECT 1 FROM runs WHERE runs.rule_version = rules.version)`,
  deleteRule: "DELETE FROM rules WHERE version = ?",
  saveRule: `INSERT INTO rules (version, saved_at, rule) VALUES (?, ?, ?)
    ON CONFLICT (version) DO UPDATE SET saved_at = excluded.saved_at`,
  rule: "SELECT rule FROM rules WHERE version = ?",
} as const;

/** Rules by version, counts, and what keeps the file from growing for ever. */
export function upkeep(database: Database, clock: Clock): Pick<Store, "saveRules" | "rule" | "counts" | "prune"> {
  // A rule of the running rulebook may be old and unused, and still be needed by the next event.
  const inForce = new Set<string>();
  return {
    async saveRules(rules) {
      const at = clock.now();
      database.transaction(() => {
        for (const rule of rules) database.run(upkeepSql.saveRule, rule.version, at, JSON.stringify(rule));
      });
      for (const { version } of rules) inForce.add(version);
    },
    async rule(version) {
      const row = database.first<{ rule: string }>(upkeepSql.rule, version);
      return row === undefined ? null : JSON.parse(row.rule);
    },
    async counts(connectionId) {
      const nothing = { inbox: 0, outbox: 0, unknown: 0, waitingRuns: 0 };
      return { ...nothing, ...database.first<QueueCounts>(upkeepSql.counts, connectionId) };
    },
    async prune(before) {
      for (const sql of [upkeepSql.pruneInbox, upkeepSql.pruneOutbox, upkeepSql.pruneDecisions]) {
        while (database.run(sql, before) === PRUNE_ROWS) await nextTurn();
        await nextTurn();
      }
      await ageDocuments(database, before);
      database.transaction(() => {
        const old = database.all<{ version: string }>(upkeepSql.oldRules, before);
        for (const { version } of old) if (!inForce.has(version)) database.run(upkeepSql.deleteRule, version);
      });
    },
  };
}
