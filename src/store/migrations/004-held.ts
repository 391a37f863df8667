import type { Migration } from "./migration.ts";

/** Events that are held until what came before them has been found. */
export const held: Migration = {
  sqlite: "CREATE INDEX inbox_held ON inbox (connection_id, chat_id, seq) WHERE state = 'held'",
};
