import type { Migration } from "./migration.ts";

/** The first shape of the data. Whole documents are JSON text; beside them stand only the columns that a query needs.
 *  Indexes of the hot loop are partial: they hold unfinished rows only, so they stay small while the tables grow.
 *  `open_dialogs` is kept by triggers: counting 100,000s of open dialogs before each decision would be too slow. */
export const start: Migration = {
  sqlite: `
    CREATE TABLE connections (
      id TEXT PRIMARY KEY,
      crm_url TEXT NOT NULL,
      client_id TEXT NOT NULL,
      module_code TEXT NOT NULL,
      gateway_url TEXT,
      token TEXT,
      bot_id INTEGER
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE facts (
      connection_id TEXT NOT NULL,
      name TEXT NOT NULL,
      value TEXT NOT NULL,
      PRIMARY KEY (connection_id, name)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE inbox (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      connection_id TEXT NOT NULL,
      key TEXT NOT NULL,
      chat_id INTEGER,
      event TEXT NOT NULL,
      received_at INTEGER NOT NULL,
      state TEXT NOT NULL DEFAULT 'new',
      attempts INTEGER NOT NULL DEFAULT 0,
      failure TEXT,
      UNIQUE (connection_id, key)
    ) STRICT;
    CREATE INDEX inbox_new ON inbox (connection_id, chat_id, seq) WHERE state = 'new';
    CREATE INDEX inbox_final ON inbox (received_at) WHERE state IN ('done', 'expired', 'failed');

    CREATE TABLE outbox (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      connection_id TEXT NOT NULL,
      key TEXT NOT NULL,
      chat_id INTEGER,
      planned TEXT NOT NULL,
      state TEXT NOT NULL DEFAULT 'pending',
      attempts INTEGER NOT NULL DEFAULT 0,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      since_message_id INTEGER,
      outcome TEXT,
      UNIQUE (connection_id, key)
    ) STRICT;
    CREATE INDEX outbox_open ON outbox (connection_id, chat_id, seq) WHERE state IN ('pending', 'sending', 'unknown');
    CREATE INDEX outbox_final ON outbox (updated_at) WHERE state IN ('sent', 'failed', 'dropped');
    CREATE INDEX outbox_by_state ON outbox (connection_id, state, seq);

    CREATE TABLE runs (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      connection_id TEXT NOT NULL,
      id TEXT NOT NULL,
      chat_id INTEGER,
      event_key TEXT NOT NULL,
      rule_version TEXT NOT NULL,
      waits_for_call TEXT,
      run TEXT NOT NULL,
      UNIQUE (connection_id, id)
    ) STRICT;
    CREATE INDEX runs_waiting ON runs (connection_id, chat_id, seq) WHERE waits_for_call IS NOT NULL;
    CREATE INDEX runs_by_event ON runs (connection_id, event_key);
    CREATE INDEX runs_by_call ON runs (connection_id, waits_for_call) WHERE waits_for_call IS NOT NULL;
    CREATE INDEX runs_by_rule ON runs (rule_version);

    CREATE TABLE decisions (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      connection_id TEXT NOT NULL,
      event_key TEXT NOT NULL,
      chat_id INTEGER,
      at INTEGER NOT NULL,
      rulebook_version TEXT NOT NULL,
      verdicts TEXT NOT NULL
    ) STRICT;
    CREATE INDEX decisions_by_chat ON decisions (connection_id, chat_id, seq);
    CREATE INDEX decisions_by_event ON decisions (connection_id, event_key, seq);
    CREATE INDEX decisions_by_age ON decisions (at);

    CREATE TABLE dialogs (
      connection_id TEXT NOT NULL,
      id INTEGER NOT NULL,
      chat_id INTEGER NOT NULL,
      closed_at INTEGER,
      responsible_user INTEGER,
      document TEXT NOT NULL,
      PRIMARY KEY (connection_id, id)
    ) STRICT;
    CREATE INDEX dialogs_by_chat ON dialogs (connection_id, chat_id, id);

    CREATE TABLE open_dialogs (
      connection_id TEXT NOT NULL,
      user_id INTEGER NOT NULL,
      count INTEGER NOT NULL,
      PRIMARY KEY (connection_id, user_id)
    ) STRICT, WITHOUT ROWID;
    CREATE TRIGGER dialog_gained AFTER INSERT ON dialogs
      WHEN NEW.closed_at IS NULL AND NEW.responsible_user IS NOT NULL
    BEGIN
      INSERT INTO open_dialogs VALUES (NEW.connection_id, NEW.responsible_user, 1)
        ON CONFLICT DO UPDATE SET count = count + 1;
    END;
    CREATE TRIGGER dialog_lost AFTER DELETE ON dialogs
      WHEN OLD.closed_at IS NULL AND OLD.responsible_user IS NOT NULL
    BEGIN
      UPDATE open_dialogs SET count = count - 1
        WHERE connection_id = OLD.connection_id AND user_id = OLD.responsible_user;
    END;
    CREATE TRIGGER dialog_left AFTER UPDATE ON dialogs
      WHEN OLD.closed_at IS NULL AND OLD.responsible_user IS NOT NULL
    BEGIN
      UPDATE open_dialogs SET count = count - 1
        WHERE connection_id = OLD.connection_id AND user_id = OLD.responsible_user;
    END;
    CREATE TRIGGER dialog_taken AFTER UPDATE ON dialogs
      WHEN NEW.closed_at IS NULL AND NEW.responsible_user IS NOT NULL
    BEGIN
      INSERT INTO open_dialogs VALUES (NEW.connection_id, NEW.responsible_user, 1)
        ON CONFLICT DO UPDATE SET count = count + 1;
    END;

    CREATE TABLE chats (
      connection_id TEXT NOT NULL, id INTEGER NOT NULL, document TEXT NOT NULL, PRIMARY KEY (connection_id, id)
    ) STRICT;
    CREATE TABLE customers (
      connection_id TEXT NOT NULL, id INTEGER NOT NULL, document TEXT NOT NULL, PRIMARY KEY (connection_id, id)
    ) STRICT;
    CREATE TABLE people (
      connection_id TEXT NOT NULL, id INTEGER NOT NULL, document TEXT NOT NULL, PRIMARY KEY (connection_id, id)
    ) STRICT;
    CREATE TABLE channels (
      connection_id TEXT NOT NULL, id INTEGER NOT NULL, document TEXT NOT NULL, PRIMARY KEY (connection_id, id)
    ) STRICT;
    CREATE TABLE bots (
      connection_id TEXT NOT NULL, id INTEGER NOT NULL, document TEXT NOT NULL, PRIMARY KEY (connection_id, id)
    ) STRICT;

    CREATE TABLE rules (
      version TEXT PRIMARY KEY,
      saved_at INTEGER NOT NULL,
      rule TEXT NOT NULL
    ) STRICT;
  `,
};
