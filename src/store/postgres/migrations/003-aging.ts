/** When a chat or a customer was last heard of (Unix ms; null: nothing personal is left in the document), and whose a chat is. A
 *  program of the version before writes neither: what it adds counts from now. */
export const aging = `
  ALTER TABLE documents ADD COLUMN touched_at BIGINT DEFAULT (extract(epoch FROM now()) * 1000)::bigint,
    ADD COLUMN customer_id BIGINT;
  UPDATE documents SET customer_id = substring(document FROM '"customerId":([0-9]+)')::bigint WHERE kind = 'chat';
  CREATE INDEX documents_by_customer ON documents (connection_id, customer_id) WHERE customer_id IS NOT NULL;
  CREATE INDEX documents_by_age ON documents (kind, touched_at, connection_id, id)
    WHERE touched_at IS NOT NULL AND kind IN ('chat', 'customer');
  CREATE INDEX dialogs_by_end ON dialogs (closed_at) WHERE closed_at IS NOT NULL;
`;
