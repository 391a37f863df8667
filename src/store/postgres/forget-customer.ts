import { isAbout, ORDER_TRIES, tracesOf, triesWithout } from "../customer-of.ts";
import type { Forgotten, Store } from "../store.ts";
import { saveFacts } from "./connections.ts";
import type { Database } from "./database.ts";
import { forgetSql } from "./forget.ts";
import { chatOf } from "./lane.ts";
import type { Session } from "./session.ts";
import { timersSql } from "./timers.ts";

const ofChats = "connection_id = $1 AND lane = ANY($2::bigint[])";

/** The statements of forgetting a customer; exported so that a test can ask PostgreSQL for their plans. */
export const forgetCustomerSql = {
  chats: "SELECT id FROM documents WHERE connection_id = $1 AND kind = 'chat' AND customer_id = $2 ORDER BY id",
  naming: `SELECT key, lane, event FROM inbox
    WHERE connection_id = $1 AND (position($2::text IN event) > 0 OR position($3::text IN event) > 0)`,
  blankEvents: `UPDATE inbox SET lane = -1, failure = NULL,
      event = json_build_object('key', key, 'type', 'forgotten', 'at', received_at, 'chatId', NULL, 'data', '{}'::json)::text,
      state = CASE WHEN state IN ('done', 'expired', 'failed') THEN state ELSE 'expired' END
    WHERE connection_id = $1 AND (lane = ANY($2::bigint[]) OR key = ANY($3::text[]))`,
  deleteCalls: `DELETE FROM outbox WHERE ${ofChats}`,
  // The keys of calls begin with that of the event they come from; no key has a character above this one.
  callsOfEvents: `DELETE FROM outbox USING unnest($2::text[]) AS event (key)
    WHERE connection_id = $1 AND outbox.key >= event.key AND outbox.key < event.key || chr(1114111)`,
  deleteDecisions: "DELETE FROM decisions WHERE connection_id = $1 AND chat_id = ANY($2::bigint[])",
  decisionsOfEvents: "DELETE FROM decisions WHERE connection_id = $1 AND event_key = ANY($2::text[])",
  deleteRuns: `DELETE FROM runs WHERE ${ofChats}`,
  runsOfEvents: "DELETE FROM runs WHERE connection_id = $1 AND event_key = ANY($2::text[])",
  deleteCustomer: "DELETE FROM documents WHERE connection_id = $1 AND kind = 'customer' AND id = $2",
  tries: "SELECT value FROM facts WHERE connection_id = $1 AND name = $2 FOR UPDATE",
} as const;

/** Everything of one customer. */
export function forgettingCustomer(database: Database): Pick<Store, "chatsOf" | "forgetCustomer"> {
  return {
    chatsOf: (connectionId, customerId) => chatsOf(database, { connectionId, customerId }),
    forgetCustomer: (connectionId, customerId) =>
      database.transaction((session) => erase(session, { connectionId, customerId })),
  };
}

interface Whose {
  readonly connectionId: string;
  readonly customerId: number;
}

async function chatsOf(session: Session, { connectionId, customerId }: Whose): Promise<number[]> {
  const rows = await session.all<{ id: number }>(forgetCustomerSql.chats, connectionId, customerId);
  return rows.map(({ id }) => id);
}

/** The customer's chats, and the keys of the events that name the customer; `loose` are those of no chat. */
async function find(session: Session, whose: Whose) {
  const { connectionId, customerId } = whose;
  const traces = tracesOf(customerId);
  const rows = await session.all<NamingRow>(forgetCustomerSql.naming, connectionId, ...traces);
  const naming = rows.filter(({ event }) => isAbout(event, customerId));
  const chats = naming.map(({ lane }) => chatOf(lane)).filter((id) => id !== null);
  return {
    chatIds: [...new Set([...(await chatsOf(session, whose)), ...chats])],
    events: naming.map(({ key }) => key),
    loose: naming.filter(({ lane }) => chatOf(lane) === null).map(({ key }) => key),
  };
}

interface NamingRow {
  readonly key: string;
  readonly lane: number;
  readonly event: string;
}

async function erase(session: Session, whose: Whose): Promise<Forgotten> {
  const { connectionId, customerId } = whose;
  const { chatIds, events, loose } = await find(session, whose);
  const run = (sql: string, ...values: readonly (readonly (number | string)[])[]) =>
    session.run(sql, connectionId, ...values);
  const counts: Forgotten = {
    events: await run(forgetCustomerSql.blankEvents, chatIds, events),
    calls: (await run(forgetCustomerSql.deleteCalls, chatIds)) + (await run(forgetCustomerSql.callsOfEvents, loose)),
    decisions:
      (await run(forgetCustomerSql.deleteDecisions, chatIds)) + (await run(forgetCustomerSql.decisionsOfEvents, loose)),
    runs: (await run(forgetCustomerSql.deleteRuns, chatIds)) + (await run(forgetCustomerSql.runsOfEvents, loose)),
    timers: await run(timersSql.removeOfChats, chatIds),
    dialogs: await run(forgetSql.deleteDialogs, chatIds),
    chats: await run(forgetSql.deleteChats, chatIds),
    customers: await session.run(forgetCustomerSql.deleteCustomer, connectionId, customerId),
  };
  await forgetTries(session, connectionId, chatIds);
  return counts;
}

async function forgetTries(session: Session, connectionId: string, chatIds: readonly number[]): Promise<void> {
  const row = await session.first<{ value: string }>(forgetCustomerSql.tries, connectionId, ORDER_TRIES);
  const left = row === undefined ? null : triesWithout(row.value, chatIds);
  if (left !== null) await saveFacts(session, connectionId, { [ORDER_TRIES]: JSON.parse(left) });
}
