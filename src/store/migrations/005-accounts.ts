import type { Migration } from "./migration.ts";

/** Accounts that connect by themselves: their key, what their owner wants, and a number that grows with each change. */
export const accounts: Migration = {
  sqlite: `
    ALTER TABLE connections ADD COLUMN api_key TEXT;
    ALTER TABLE connections ADD COLUMN language TEXT;
    ALTER TABLE connections ADD COLUMN timezone TEXT;
    ALTER TABLE connections ADD COLUMN rule_set TEXT;
    ALTER TABLE connections ADD COLUMN enabled INTEGER NOT NULL DEFAULT 1;
    ALTER TABLE connections ADD COLUMN paused INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE connections ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX connections_by_client ON connections (client_id);
  `,
};
