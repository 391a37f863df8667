import {
  type Chat,
  type Customer,
  type Dialog,
  type Queued,
  type Rotation,
  waitingPlace,
  wholeDialog,
} from "../../types/state.ts";
import type { Store } from "../store.ts";
import { connectionsSql } from "./connections.ts";
import type { Database } from "./database.ts";

type Table = "people" | "channels" | "bots";
type Aging = "chats" | "customers";

const insertDialog = `INSERT INTO dialogs (connection_id, id, chat_id, closed_at, responsible_user, queued_team, queued_since,
      document)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;

/** The statements of documents; exported so that a test can ask SQLite for their plans. */
export const documentsSql = {
  save: (table: Table) => `INSERT INTO ${table} (connection_id, id, document) VALUES (?, ?, ?)
    ON CONFLICT (connection_id, id) DO UPDATE SET document = excluded.document
      WHERE document <> excluded.document`,
  saveChat: `INSERT INTO chats (connection_id, id, document, touched_at, customer_id) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (connection_id, id) DO UPDATE SET document = excluded.document, touched_at = excluded.touched_at,
      customer_id = excluded.customer_id`,
  saveCustomer: `INSERT INTO customers (connection_id, id, document, touched_at) VALUES (?, ?, ?, ?)
    ON CONFLICT (connection_id, id) DO UPDATE SET document = excluded.document, touched_at = excluded.touched_at`,
  saveDialog: `${insertDialog}
    ON CONFLICT (connection_id, id) DO UPDATE SET chat_id = excluded.chat_id, closed_at = excluded.closed_at,
      responsible_user = excluded.responsible_user, queued_team = excluded.queued_team,
      queued_since = excluded.queued_since, document = excluded.document`,
  addDialog: `${insertDialog}
    ON CONFLICT (connection_id, id) DO NOTHING`,
  one: (table: Aging | "dialogs") => `SELECT document FROM ${table} WHERE connection_id = ? AND id = ?`,
  dialogs: `SELECT document FROM dialogs WHERE connection_id = ? AND id IN (SELECT value FROM json_each(?)) ORDER BY id`,
  many: (table: Table) => `SELECT document FROM ${table} WHERE connection_id = ? ORDER BY id`,
  // Ids only grow, while the opening time of a dialog found late is a guess.
  latestDialog: "SELECT document FROM dialogs WHERE connection_id = ? AND chat_id = ? ORDER BY id DESC LIMIT 1",
  otherBots: `SELECT document FROM bots WHERE connection_id = ?1
    AND id IS NOT (SELECT bot_id FROM connections WHERE id = ?1) ORDER BY id`,
  queued: `SELECT id, chat_id, queued_team AS team, queued_since AS since FROM dialogs
    WHERE connection_id = ? AND queued_team IS NOT NULL AND closed_at IS NULL ORDER BY queued_since, id`,
  openDialogs: "SELECT user_id, count FROM open_dialogs WHERE connection_id = ? AND count > 0",
} as const;

/** What is known of an account: whole documents, replaced as a whole. */
export function documents(
  database: Database,
): Pick<
  Store,
  | "directory"
  | "savePeople"
  | "saveChannels"
  | "saveBots"
  | "saveDialogs"
  | "addDialogs"
  | "chat"
  | "dialog"
  | "dialogs"
  | "latestDialog"
  | "customer"
> {
  const read = <Document>(sql: string, ...values: readonly (string | number)[]): Document | null => {
    const row = database.first<{ document: string }>(sql, ...values);
    return row === undefined ? null : JSON.parse(row.document);
  };
  return {
    directory: async (connectionId) => database.snapshot(() => readDirectory(database, connectionId)),
    savePeople: async (connectionId, people) =>
      database.transaction(() => saveDocuments(database, connectionId, { table: "people", documents: people })),
    saveChannels: async (connectionId, channels) =>
      database.transaction(() => saveDocuments(database, connectionId, { table: "channels", documents: channels })),
    saveBots: async (connectionId, bots) =>
      database.transaction(() => saveDocuments(database, connectionId, { table: "bots", documents: bots })),
    saveDialogs: async (connectionId, dialogs) =>
      database.transaction(() => {
        for (const dialog of dialogs) saveDialog(database, connectionId, dialog);
      }),
    addDialogs: async (connectionId, dialogs) =>
      database.transaction(() =>
        dialogs.filter((dialog) => addDialog(database, connectionId, dialog)).map(({ id }) => id),
      ),
    chat: async (connectionId, id) => read(documentsSql.one("chats"), connectionId, id),
    dialog: async (connectionId, id) => wholeDialog(read(documentsSql.one("dialogs"), connectionId, id)),
    dialogs: async (connectionId, ids) =>
      database
        .all<{ document: string }>(documentsSql.dialogs, connectionId, JSON.stringify(ids))
        .map(({ document }) => wholeDialog(JSON.parse(document)))
        .filter((dialog) => dialog !== null),
    latestDialog: async (connectionId, chatId) => wholeDialog(read(documentsSql.latestDialog, connectionId, chatId)),
    customer: async (connectionId, id) => read(documentsSql.one("customers"), connectionId, id),
  };
}

function readDirectory(database: Database, connectionId: string): Awaited<ReturnType<Store["directory"]>> {
  const read = <Document>(sql: string): Document[] =>
    database.all<{ document: string }>(sql, connectionId).map((row) => JSON.parse(row.document));
  const open = database.all<{ user_id: number; count: number }>(documentsSql.openDialogs, connectionId);
  return {
    people: read(documentsSql.many("people")),
    otherBots: read(documentsSql.otherBots),
    channels: read(documentsSql.many("channels")),
    openDialogs: Object.fromEntries(open.map((row) => [row.user_id, row.count])),
    queue: database.all<QueuedRow>(documentsSql.queued, connectionId).map(queuedFrom),
    rotation: readRotation(database, connectionId),
  };
}

interface QueuedRow {
  readonly id: number;
  readonly chat_id: number;
  readonly team: string;
  readonly since: number;
}

const queuedFrom = ({ id, chat_id, team, since }: QueuedRow): Queued => ({
  dialogId: id,
  chatId: chat_id,
  team,
  since,
});

/** The fact under which whom the teams have picked is kept. */
const ROTATION = "rotation";

function readRotation(database: Database, connectionId: string): Rotation {
  const row = database.first<{ value: string }>(connectionsSql.fact, connectionId, ROTATION);
  return row === undefined ? {} : JSON.parse(row.value);
}

/** Replaces whom the teams have picked. Inside the caller's transaction. */
export function saveRotation(database: Database, connectionId: string, rotation: Rotation): void {
  database.run(connectionsSql.saveFact, connectionId, ROTATION, JSON.stringify(rotation));
}

/** Replaces a chat that was heard of at this moment. Inside the caller's transaction. */
export function saveChat(database: Database, connectionId: string, { chat, at }: { chat: Chat; at: number }): void {
  const { id, customerId } = chat;
  database.run(documentsSql.saveChat, connectionId, id, JSON.stringify(chat), at, customerId);
}

/** Replaces a customer who was heard of at this moment. Inside the caller's transaction. */
export function saveCustomer(
  database: Database,
  connectionId: string,
  { customer, at }: { customer: Customer; at: number },
): void {
  database.run(documentsSql.saveCustomer, connectionId, customer.id, JSON.stringify(customer), at);
}

/** Replaces one document. Inside the caller's transaction. */
function saveDocument(
  database: Database,
  connectionId: string,
  { table, document }: { table: Table; document: { readonly id: number } },
): void {
  database.run(documentsSql.save(table), connectionId, document.id, JSON.stringify(document));
}

/** Replaces several documents of one kind. Inside the caller's transaction. */
export function saveDocuments(
  database: Database,
  connectionId: string,
  { table, documents }: { table: Table; documents: readonly { readonly id: number }[] },
): void {
  for (const document of documents) saveDocument(database, connectionId, { table, document });
}

/** Replaces one dialog; the count of open dialogs follows by itself. Inside the caller's transaction. */
export function saveDialog(database: Database, connectionId: string, dialog: Dialog): void {
  database.run(documentsSql.saveDialog, ...columnsOf(connectionId, dialog));
}

/** False: it was there already, and is left as it is. */
const addDialog = (database: Database, connectionId: string, dialog: Dialog): boolean =>
  database.run(documentsSql.addDialog, ...columnsOf(connectionId, dialog)) === 1;

function columnsOf(connectionId: string, dialog: Dialog): readonly (string | number | null)[] {
  const { id, chatId, closedAt, responsible } = dialog;
  const user = responsible?.type === "user" ? responsible.id : null;
  const place = waitingPlace(dialog);
  return [connectionId, id, chatId, closedAt, user, place?.team ?? null, place?.since ?? null, JSON.stringify(dialog)];
}
