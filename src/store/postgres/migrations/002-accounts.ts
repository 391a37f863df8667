/** Accounts that connect by themselves: their key, what their owner wants, and a number that grows with each change. */
export const accounts = `
  ALTER TABLE connections
    ADD COLUMN api_key TEXT,
    ADD COLUMN language TEXT,
    ADD COLUMN timezone TEXT,
    ADD COLUMN rule_set TEXT,
    ADD COLUMN enabled BOOLEAN NOT NULL DEFAULT TRUE,
    ADD COLUMN paused BOOLEAN NOT NULL DEFAULT FALSE,
    ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;
  CREATE INDEX connections_by_client ON connections (client_id);
`;
