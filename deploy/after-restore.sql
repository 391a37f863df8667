-- After a dump of a running bot was restored (docs/deploy.md), before any program uses the database:
--
--   psql "$DATABASE_URL" --file deploy/after-restore.sql
--
-- What waited at the moment of the dump has been dealt with since, by the programs that went on: it is not done again. Each account
-- begins anew to listen, and catches up with nothing. What is known of chats, customers and dialogs stays.
-- The same happens by itself with a file that `rulebot backup` has saved. A dump that was taken while all programs stood still needs
-- none of this: with it they go on where they stopped.

\set ON_ERROR_STOP on
BEGIN;

DO $$
BEGIN
  IF EXISTS (SELECT FROM leases WHERE owner IS NOT NULL AND expires_at > now()) THEN
    RAISE EXCEPTION 'A program may be using this database. Stop it, wait half a minute, and try again. Nothing was changed.';
  END IF;
END $$;

UPDATE inbox SET state = 'expired', failure = 'restored from a backup' WHERE state IN ('new', 'held');
UPDATE inbox SET state = 'done' WHERE state = 'decided';
UPDATE outbox SET state = 'dropped', outcome = '{"ok":false,"reason":"restored"}'
  WHERE state IN ('pending', 'sending', 'unknown');
DELETE FROM runs;
DELETE FROM timers;
-- A document that holds a character which jsonb does not know keeps names of timers that are gone; nothing comes of that.
UPDATE dialogs SET document = (document::jsonb || '{"gathering": null, "timers": {}}')::text
  WHERE closed_at IS NULL AND position('\u0000' IN document) = 0;
DELETE FROM facts WHERE name = 'seen';
INSERT INTO facts (connection_id, name, value)
  VALUES ('', 'restored_from', (SELECT coalesce(max(received_at), 0)::text FROM inbox))
  ON CONFLICT (connection_id, name) DO UPDATE SET value = excluded.value;

COMMIT;
