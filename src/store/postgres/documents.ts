import { type Dialog, type Queued, type Rotation, waitingPlace, wholeDialog } from "../../types/state.ts";
import type { Store } from "../store.ts";
import type { Database } from "./database.ts";
import type { Session } from "./session.ts";

type Kind = "chat" | "customer" | "person" | "channel" | "bot";

/** A document as it is stored: replaced as a whole. */
export interface Kept {
  readonly kind: Kind;
  readonly document: { readonly id: number };
  /** Of chats and customers: when they were heard of (Unix ms). */
  readonly at?: number;
}

const insertDialogs = `INSERT INTO dialogs (connection_id, id, chat_id, closed_at, responsible_user, queued_team, queued_since, document)
    SELECT $1, id, chat_id, closed_at, responsible_user, queued_team, queued_since, document
      FROM unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::bigint[], $8::text[])
        AS given (id, chat_id, closed_at, responsible_user, queued_team, queued_since, document)
      ORDER BY id`;

/** The statements of documents; exported so that a test can ask PostgreSQL for their plans. */
export const documentsSql = {
  // What is as it was is not written again: lists of people are saved as a whole, and seldom change.
  save: `INSERT INTO documents (connection_id, kind, id, document, touched_at, customer_id)
    SELECT $1, kind, id, document, touched_at, customer_id
      FROM unnest($2::text[], $3::bigint[], $4::text[], $5::bigint[], $6::bigint[])
        AS given (kind, id, document, touched_at, customer_id)
      ORDER BY kind, id
    ON CONFLICT (connection_id, kind, id) DO UPDATE SET document = excluded.document, touched_at = excluded.touched_at,
      customer_id = excluded.customer_id
      WHERE documents.document <> excluded.document OR excluded.touched_at IS NOT NULL`,
  saveDialogs: `${insertDialogs}
    ON CONFLICT (connection_id, id) DO UPDATE SET chat_id = excluded.chat_id, closed_at = excluded.closed_at,
      responsible_user = excluded.responsible_user, queued_team = excluded.queued_team,
      queued_since = excluded.queued_since, document = excluded.document
      WHERE dialogs.document <> excluded.document`,
  addDialogs: `${insertDialogs}
    ON CONFLICT (connection_id, id) DO NOTHING RETURNING id`,
  one: "SELECT document FROM documents WHERE connection_id = $1 AND kind = $2 AND id = $3",
  dialog: "SELECT document FROM dialogs WHERE connection_id = $1 AND id = $2",
  // Asked for with `= ANY`, PostgreSQL may choose an index in which it has to look through all dialogs of the connection.
  dialogs: `SELECT document FROM (SELECT DISTINCT id FROM unnest($2::bigint[]) AS given (id)) AS wanted
    JOIN dialogs ON dialogs.connection_id = $1 AND dialogs.id = wanted.id ORDER BY dialogs.id`,
  // Ids only grow, while the opening time of a dialog found late is a guess.
  latestDialog: "SELECT document FROM dialogs WHERE connection_id = $1 AND chat_id = $2 ORDER BY id DESC LIMIT 1",
  // One statement, so that all is of one moment.
  directory: `SELECT kind, id, document, NULL::bigint AS count, NULL::bigint AS chat_id FROM documents
      WHERE connection_id = $1 AND kind IN ('person', 'channel', 'bot')
        AND NOT (kind = 'bot' AND id IS NOT DISTINCT FROM (SELECT bot_id FROM connections WHERE connections.id = $1))
    UNION ALL SELECT 'open', responsible_user, NULL, count(*), NULL FROM dialogs
      WHERE connection_id = $1 AND closed_at IS NULL AND responsible_user IS NOT NULL GROUP BY responsible_user
    UNION ALL SELECT 'queued', id, queued_team, queued_since, chat_id FROM dialogs
      WHERE connection_id = $1 AND queued_team IS NOT NULL AND closed_at IS NULL
    UNION ALL SELECT 'rotation', 0, value, NULL, NULL FROM facts WHERE connection_id = $1 AND name = 'rotation'
    ORDER BY kind, id`,
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
  const read = async <Document>(sql: string, ...values: readonly (string | number)[]): Promise<Document | null> => {
    const row = await database.first<{ document: string }>(sql, ...values);
    return row === undefined ? null : JSON.parse(row.document);
  };
  const save = (kind: Kind) => (connectionId: string, saved: readonly Kept["document"][]) =>
    saveDocuments(database, connectionId, keptAs(kind, saved));
  return {
    async directory(connectionId) {
      return directoryFrom(await database.all<DirectoryRow>(documentsSql.directory, connectionId));
    },
    savePeople: save("person"),
    saveChannels: save("channel"),
    saveBots: save("bot"),
    saveDialogs: (connectionId, dialogs) => saveDialogs(database, connectionId, dialogs),
    async addDialogs(connectionId, dialogs) {
      if (dialogs.length === 0) return [];
      const added = await database.all<{ id: number }>(documentsSql.addDialogs, connectionId, ...columnsOf(dialogs));
      return added.map(({ id }) => id);
    },
    chat: (connectionId, id) => read(documentsSql.one, connectionId, "chat", id),
    dialog: async (connectionId, id) => wholeDialog(await read(documentsSql.dialog, connectionId, id)),
    async dialogs(connectionId, ids) {
      if (ids.length === 0) return [];
      const rows = await database.all<{ document: string }>(documentsSql.dialogs, connectionId, ids);
      return rows.map(({ document }) => wholeDialog(JSON.parse(document))).filter((dialog) => dialog !== null);
    },
    latestDialog: async (connectionId, chatId) =>
      wholeDialog(await read(documentsSql.latestDialog, connectionId, chatId)),
    customer: (connectionId, id) => read(documentsSql.one, connectionId, "customer", id),
  };
}

interface DirectoryRow {
  readonly kind: "person" | "channel" | "bot" | "open" | "queued" | "rotation";
  readonly id: number;
  /** Of a queued dialog its team. */
  readonly document: string;
  /** Of a queued dialog since when (Unix ms). */
  readonly count: number;
  readonly chat_id: number;
}

function directoryFrom(rows: readonly DirectoryRow[]): Awaited<ReturnType<Store["directory"]>> {
  const read = <Document>(kind: DirectoryRow["kind"]): Document[] =>
    rows.filter((row) => row.kind === kind).map((row) => JSON.parse(row.document));
  const open = rows.filter(({ kind }) => kind === "open");
  const [rotation] = read<Rotation>("rotation");
  return {
    people: read("person"),
    otherBots: read("bot"),
    channels: read("channel"),
    openDialogs: Object.fromEntries(open.map(({ id, count }) => [id, count])),
    queue: rows
      .filter(({ kind }) => kind === "queued")
      .map(
        ({ id, chat_id, document, count }): Queued => ({ dialogId: id, chatId: chat_id, team: document, since: count }),
      )
      .toSorted((left, right) => left.since - right.since || left.dialogId - right.dialogId),
    rotation: rotation ?? {},
  };
}

export const keptAs = (kind: Kind, documents: readonly Kept["document"][], at?: number): Kept[] =>
  documents.map((document) => ({ kind, document, ...(at !== undefined && { at }) }));

/** Replaces documents; the last of a kind and id counts. May be part of the caller's transaction. */
export async function saveDocuments(session: Session, connectionId: string, given: readonly Kept[]): Promise<void> {
  const kept = lastOf(given, ({ kind, document }) => `${kind} ${document.id}`);
  if (kept.length === 0) return;
  await session.run(
    documentsSql.save,
    connectionId,
    kept.map(({ kind }) => kind),
    kept.map(({ document }) => document.id),
    kept.map(({ document }) => JSON.stringify(document)),
    kept.map(({ at }) => at ?? null),
    kept.map(({ document }) => ("customerId" in document ? Number(document.customerId) || null : null)),
  );
}

/** Replaces dialogs; the last of an id counts. May be part of the caller's transaction. */
export async function saveDialogs(session: Session, connectionId: string, given: readonly Dialog[]): Promise<void> {
  const dialogs = lastOf(given, ({ id }) => id);
  if (dialogs.length === 0) return;
  await session.run(documentsSql.saveDialogs, connectionId, ...columnsOf(dialogs));
}

const columnsOf = (dialogs: readonly Dialog[]) => [
  dialogs.map(({ id }) => id),
  dialogs.map(({ chatId }) => chatId),
  dialogs.map(({ closedAt }) => closedAt),
  dialogs.map(({ responsible }) => (responsible?.type === "user" ? responsible.id : null)),
  dialogs.map((dialog) => waitingPlace(dialog)?.team ?? null),
  dialogs.map((dialog) => waitingPlace(dialog)?.since ?? null),
  dialogs.map((dialog) => JSON.stringify(dialog)),
];

/** Of equal ones the last: one statement can't replace a row twice. */
export function lastOf<Item>(items: readonly Item[], keyOf: (item: Item) => string | number): Item[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}
