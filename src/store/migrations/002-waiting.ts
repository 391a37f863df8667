import type { Migration } from "./migration.ts";

/** Runs that wait for a person, a time or a request, and the timers that wake them. */
export const waiting: Migration = {
  sqlite: `
    ALTER TABLE runs ADD COLUMN waits_for_request INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX runs_resting ON runs (connection_id, chat_id, seq) WHERE waits_for_call IS NULL;
    CREATE INDEX runs_requesting ON runs (connection_id, chat_id, seq) WHERE waits_for_request = 1;

    CREATE TABLE timers (
      connection_id TEXT NOT NULL,
      key TEXT NOT NULL,
      chat_id INTEGER NOT NULL,
      dialog_id INTEGER,
      due_at INTEGER NOT NULL,
      PRIMARY KEY (connection_id, key)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX timers_due ON timers (connection_id, due_at);
  `,
};
