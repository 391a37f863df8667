/** The first shape of the data in PostgreSQL. Whole documents are JSON text (jsonb would refuse the `\\u0000` that a customer may
 *  type); beside them stand only the columns that a query needs. `lane` is the chat's id, -1 for what belongs to no chat: an
 *  index can then be read in order, which it can't for NULL. Indexes of the hot loop are partial: they hold unfinished rows only,
 *  so they stay small while the tables grow. Keys compare byte by byte, whatever the language of the database. */
export const start = `
  CREATE TABLE connections (
    id TEXT COLLATE "C" PRIMARY KEY,
    crm_url TEXT NOT NULL,
    client_id TEXT NOT NULL,
    module_code TEXT NOT NULL,
    gateway_url TEXT,
    token TEXT,
    bot_id BIGINT
  );

  CREATE TABLE facts (
    connection_id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (connection_id, name)
  );

  CREATE TABLE inbox (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    connection_id TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    lane BIGINT NOT NULL,
    event TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    failure TEXT,
    UNIQUE (connection_id, key)
  );
  CREATE INDEX inbox_new ON inbox (connection_id, lane, seq) WHERE state = 'new';
  CREATE INDEX inbox_held ON inbox (connection_id, lane, seq) WHERE state = 'held';
  CREATE INDEX inbox_final ON inbox (received_at) WHERE state IN ('done', 'expired', 'failed');

  CREATE TABLE outbox (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    connection_id TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    lane BIGINT NOT NULL,
    planned TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'pending',
    attempts INTEGER NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    since_message_id BIGINT,
    outcome TEXT,
    UNIQUE (connection_id, key)
  );
  CREATE INDEX outbox_open ON outbox (connection_id, lane, seq) WHERE state IN ('pending', 'sending', 'unknown');
  CREATE INDEX outbox_final ON outbox (updated_at) WHERE state IN ('sent', 'failed', 'dropped');
  CREATE INDEX outbox_by_state ON outbox (connection_id, state, seq);
  CREATE INDEX outbox_newest ON outbox (connection_id, seq);

  CREATE TABLE runs (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    connection_id TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    lane BIGINT NOT NULL,
    event_key TEXT COLLATE "C" NOT NULL,
    rule_version TEXT COLLATE "C" NOT NULL,
    waits_for TEXT,
    call_key TEXT COLLATE "C",
    run TEXT NOT NULL,
    UNIQUE (connection_id, id)
  );
  CREATE INDEX runs_waiting ON runs (connection_id, lane, seq) WHERE waits_for = 'call';
  CREATE INDEX runs_requesting ON runs (connection_id, lane, seq) WHERE waits_for = 'request';
  CREATE INDEX runs_resting ON runs (connection_id, lane, seq) WHERE waits_for IN ('time', 'answer', 'nothing');
  CREATE INDEX runs_by_event ON runs (connection_id, event_key);
  CREATE INDEX runs_by_call ON runs (connection_id, call_key) WHERE call_key IS NOT NULL;
  CREATE INDEX runs_by_rule ON runs (rule_version);

  CREATE TABLE timers (
    connection_id TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    chat_id BIGINT NOT NULL,
    dialog_id BIGINT,
    due_at BIGINT NOT NULL,
    PRIMARY KEY (connection_id, key)
  );
  CREATE INDEX timers_due ON timers (connection_id, due_at);
  CREATE INDEX timers_by_chat ON timers (connection_id, chat_id);

  CREATE TABLE decisions (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    connection_id TEXT COLLATE "C" NOT NULL,
    event_key TEXT COLLATE "C" NOT NULL,
    chat_id BIGINT,
    at BIGINT NOT NULL,
    rulebook_version TEXT NOT NULL,
    verdicts TEXT NOT NULL
  );
  CREATE INDEX decisions_newest ON decisions (connection_id, seq);
  CREATE INDEX decisions_by_chat ON decisions (connection_id, chat_id, seq);
  CREATE INDEX decisions_by_event ON decisions (connection_id, event_key, seq);
  CREATE INDEX decisions_by_age ON decisions (at);

  CREATE TABLE dialogs (
    connection_id TEXT COLLATE "C" NOT NULL,
    id BIGINT NOT NULL,
    chat_id BIGINT NOT NULL,
    closed_at BIGINT,
    responsible_user BIGINT,
    queued_team TEXT,
    queued_since BIGINT,
    document TEXT NOT NULL,
    PRIMARY KEY (connection_id, id)
  ) WITH (fillfactor = 80);
  CREATE INDEX dialogs_queued ON dialogs (connection_id, queued_since, id)
    WHERE queued_team IS NOT NULL AND closed_at IS NULL;
  CREATE INDEX dialogs_by_chat ON dialogs (connection_id, chat_id, id);
  CREATE INDEX dialogs_open ON dialogs (connection_id, responsible_user)
    WHERE closed_at IS NULL AND responsible_user IS NOT NULL;

  CREATE TABLE documents (
    connection_id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    id BIGINT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (connection_id, kind, id)
  ) WITH (fillfactor = 80);

  CREATE TABLE rules (
    version TEXT COLLATE "C" PRIMARY KEY,
    saved_at BIGINT NOT NULL,
    rule TEXT NOT NULL
  );

  CREATE TABLE leases (
    connection_id TEXT COLLATE "C" PRIMARY KEY,
    owner TEXT COLLATE "C",
    epoch BIGINT NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
  ) WITH (fillfactor = 50);

  CREATE TABLE replicas (
    owner TEXT COLLATE "C" PRIMARY KEY,
    expires_at TIMESTAMPTZ NOT NULL
  ) WITH (fillfactor = 50);

  CREATE TABLE receipts (
    client TEXT COLLATE "C" PRIMARY KEY,
    number BIGINT NOT NULL,
    left_at TIMESTAMPTZ NOT NULL DEFAULT now()
  ) WITH (fillfactor = 50);
`;
