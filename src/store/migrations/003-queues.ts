import type { Migration } from "./migration.ts";

/** Dialogs that wait in a team's queue. */
export const queues: Migration = {
  sqlite: `
    ALTER TABLE dialogs ADD COLUMN queued_team TEXT;
    ALTER TABLE dialogs ADD COLUMN queued_since INTEGER;
    CREATE INDEX dialogs_queued ON dialogs (connection_id, queued_since, id)
      WHERE queued_team IS NOT NULL AND closed_at IS NULL;
  `,
};
