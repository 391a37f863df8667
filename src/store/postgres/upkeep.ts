import type { Clock } from "../../clock.ts";
import type { QueueCounts, Store } from "../store.ts";
import { ageDocuments } from "./aging.ts";
import type { Database } from "./database.ts";

/** Rows removed in one transaction: short ones hinder nobody. */
const PRUNE_ROWS = 500;

// `OFFSET 0`: each row is looked up among the runs, instead of all runs being read for each batch.
const noRun = (which: string) => `NOT EXISTS (SELECT FROM runs WHERE ${which} OFFSET 0)`;

// Rows that somebody is at work on are left for the next time: replicas may prune at once.
const deleteOldest = (table: string, old: string) =>
  `DELETE FROM ${table} WHERE seq = ANY (ARRAY
    (SELECT seq FROM ${table} WHERE ${old} LIMIT ${PRUNE_ROWS} FOR UPDATE SKIP LOCKED))`;

/** The statements of counting and tidying; exported so that a test can ask PostgreSQL for their plans. */
export const upkeepSql = {
  counts: `SELECT
    (SELECT count(*) FROM inbox WHERE connection_id = $1 AND state = 'new')
      + (SELECT count(*) FROM inbox WHERE connection_id = $1 AND state = 'held') AS inbox,
    (SELECT count(*) FROM outbox WHERE connection_id = $1 AND state IN ('pending', 'sending')) AS outbox,
    (SELECT count(*) FROM outbox WHERE connection_id = $1 AND state = 'unknown') AS unknown,
    (SELECT count(*) FROM runs WHERE connection_id = $1) AS "waitingRuns"`,
  pruneInbox: deleteOldest(
    "inbox",
    `state IN ('done', 'expired', 'failed') AND received_at < $1
      AND ${noRun("runs.connection_id = inbox.connection_id AND runs.event_key = inbox.key")}`,
  ),
  pruneOutbox: deleteOldest(
    "outbox",
    `state IN ('sent', 'failed', 'dropped') AND updated_at < $1
      AND ${noRun("runs.connection_id = outbox.connection_id AND runs.call_key = outbox.key")}`,
  ),
  pruneDecisions: deleteOldest("decisions", "at < $1"),
  pruneReceipts: "DELETE FROM receipts WHERE left_at < now() - interval '1 day'",
  // A replica may have claimed a connection at the very moment in which it was removed.
  pruneLeases: `DELETE FROM leases WHERE expires_at < now() - interval '1 day'
    AND NOT EXISTS (SELECT FROM connections WHERE connections.id = leases.connection_id)`,
  refreshRules: "UPDATE rules SET saved_at = $1 WHERE version = ANY($2::text[])",
  pruneRules: `DELETE FROM rules WHERE saved_at < $1 AND version <> ALL($2::text[]) AND NOT EXISTS
      (SELECT FROM runs WHERE runs.rule_version = rules.version)`,
  saveRules: `INSERT INTO rules (version, saved_at, rule)
    SELECT version, $1, rule FROM unnest($2::text[], $3::text[]) AS given (version, rule) ORDER BY version
    ON CONFLICT (version) DO UPDATE SET saved_at = excluded.saved_at`,
  rule: "SELECT rule FROM rules WHERE version = $1",
} as const;

/** Rules by version, counts, and what keeps the tables from growing for ever. */
export function upkeep(database: Database, clock: Clock): Pick<Store, "saveRules" | "rule" | "counts" | "prune"> {
  // A rule of the running rulebook may be old and unused, and still be needed by the next event.
  const inForce = new Set<string>();
  return {
    async saveRules(rules) {
      const byVersion = new Map(rules.map((rule) => [rule.version, JSON.stringify(rule)]));
      const versions = [...byVersion.keys()];
      await database.run(upkeepSql.saveRules, clock.now(), versions, [...byVersion.values()]);
      for (const version of versions) inForce.add(version);
    },
    async rule(version) {
      const row = await database.first<{ rule: string }>(upkeepSql.rule, version);
      return row === undefined ? null : JSON.parse(row.rule);
    },
    async counts(connectionId) {
      const nothing = { inbox: 0, outbox: 0, unknown: 0, waitingRuns: 0 };
      return { ...nothing, ...(await database.first<QueueCounts>(upkeepSql.counts, connectionId)) };
    },
    async prune(before) {
      for (const sql of [upkeepSql.pruneInbox, upkeepSql.pruneOutbox, upkeepSql.pruneDecisions]) {
        while ((await database.run(sql, before)) === PRUNE_ROWS);
      }
      await ageDocuments(database, before);
      await database.run(upkeepSql.pruneReceipts);
      await database.run(upkeepSql.pruneLeases);
      // Other replicas can't know which rules are in force here: they see it from the date.
      await database.run(upkeepSql.refreshRules, clock.now(), [...inForce]);
      await database.run(upkeepSql.pruneRules, before, [...inForce]);
    },
  };
}
