import type { Migration } from "./migration.ts";

/** When a chat or a customer was last heard of (Unix ms; null: nothing personal is left in the document), and whose a chat is. */
export const aging: Migration = {
  sqlite: `
    ALTER TABLE chats ADD COLUMN touched_at INTEGER;
    ALTER TABLE chats ADD COLUMN customer_id INTEGER;
    ALTER TABLE customers ADD COLUMN touched_at INTEGER;
    UPDATE chats SET touched_at = unixepoch() * 1000, customer_id = json_extract(document, '$.customerId');
    UPDATE customers SET touched_at = unixepoch() * 1000;
    CREATE INDEX chats_by_customer ON chats (connection_id, customer_id) WHERE customer_id IS NOT NULL;
    CREATE INDEX chats_by_age ON chats (touched_at, connection_id, id) WHERE touched_at IS NOT NULL;
    CREATE INDEX customers_by_age ON customers (touched_at, connection_id, id) WHERE touched_at IS NOT NULL;
    CREATE INDEX dialogs_by_end ON dialogs (closed_at) WHERE closed_at IS NOT NULL;
    CREATE INDEX timers_by_chat ON timers (connection_id, chat_id);
  `,
};
