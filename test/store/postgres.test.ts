import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStore } from "../../src/store/open.ts";
import { agingSql } from "../../src/store/postgres/aging.ts";
import { commitSql } from "../../src/store/postgres/commit.ts";
import { decisionsSql } from "../../src/store/postgres/decisions.ts";
import { documentsSql } from "../../src/store/postgres/documents.ts";
import { forgetSql } from "../../src/store/postgres/forget.ts";
import { forgetCustomerSql } from "../../src/store/postgres/forget-customer.ts";
import { inboxSql } from "../../src/store/postgres/inbox.ts";
import { leasesSql } from "../../src/store/postgres/leases.ts";
import { outboxSql } from "../../src/store/postgres/outbox.ts";
import { runsSql } from "../../src/store/postgres/runs.ts";
import { timersSql } from "../../src/store/postgres/timers.ts";
import { upkeepSql } from "../../src/store/postgres/upkeep.ts";
import { type PostgresServer, startPostgres } from "../helpers/postgres.ts";
import { describeStore } from "./contract.ts";

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

let emptied = "";
describeStore("PostgreSQL", async (clock) => {
  // Making all the tables anew for each case would take longer than the case.
  if (emptied === "") emptied = await server.fresh();
  else await server.ask(emptied, deleteAll);
  return await openStore(emptied, { clock });
});

describe("the plan that PostgreSQL makes", () => {
  let address = "";
  beforeAll(async () => {
    address = await server.fresh();
    await (await openStore(address)).close();
    await server.ask(address, manyRows);
  });
  const plan = async (sql: string) => {
    const rows = await server.ask<{ "QUERY PLAN": string }>(address, `EXPLAIN (GENERIC_PLAN) ${sql}`);
    return rows.map((row) => row["QUERY PLAN"]).join("\n");
  };

  it.each([
    ["takeEvent", commitSql.take, ["inbox_connection_id_key_key"]],
    ["lockEvents", commitSql.lock, ["inbox_connection_id_key_key"]],
    ["settle", commitSql.settle, ["inbox_connection_id_key_key", "runs_by_event"]],
    ["nextEvent", inboxSql.next, ["inbox_new", "inbox_pkey"]],
    ["takeHeld", inboxSql.takeHeld, ["inbox_held"]],
    ["heldLanes", inboxSql.heldLanes, ["inbox_held"]],
    ["busyLanes", inboxSql.busyLanes, ["inbox_new", "outbox_open", "runs_requesting", "runs_waiting"]],
    ["nextCall", outboxSql.next, ["outbox_open"]],
    ["beginCall", outboxSql.begin, ["outbox_connection_id_key_key"]],
    ["endCall", outboxSql.end, ["outbox_connection_id_key_key"]],
    ["callsOfState", outboxSql.listOfState, ["outbox_by_state"]],
    ["findRuns", runsSql.find, ["runs_connection_id_id_key"]],
    ["endRuns", runsSql.end, ["runs_connection_id_id_key"]],
    ["waitingRuns", runsSql.waiting, ["outbox_connection_id_key_key", "runs_waiting"]],
    ["restingRuns", runsSql.resting, ["runs_resting"]],
    ["requestingRuns", runsSql.requesting, ["runs_requesting"]],
    ["dueTimers", timersSql.takeDue, ["timers_due", "timers_pkey"]],
    ["nextTimer", timersSql.next, ["timers_due"]],
    ["timersOfChats", timersSql.removeOfChats, ["timers_by_chat"]],
    ["decisionsOfChat", decisionsSql.ofChat, ["decisions_by_chat"]],
    ["decisionsOfEvent", decisionsSql.ofEvent, ["decisions_by_event"]],
    ["document", documentsSql.one, ["documents_pkey"]],
    ["dialog", documentsSql.dialog, ["dialogs_pkey"]],
    ["dialogs", documentsSql.dialogs, ["dialogs_pkey"]],
    ["latestDialog", documentsSql.latestDialog, ["dialogs_by_chat"]],
    ["expireNew", forgetSql.expireNew, ["inbox_new"]],
    ["expireHeld", forgetSql.expireHeld, ["inbox_held"]],
    ["dropCalls", forgetSql.dropCalls, ["outbox_open"]],
    ["deleteDialogs", forgetSql.deleteDialogs, ["dialogs_by_chat"]],
    ["pruneInbox", upkeepSql.pruneInbox, ["inbox_final", "inbox_pkey", "runs_by_event"]],
    ["pruneOutbox", upkeepSql.pruneOutbox, ["outbox_final", "outbox_pkey", "runs_by_call"]],
    ["pruneDecisions", upkeepSql.pruneDecisions, ["decisions_by_age", "decisions_pkey"]],
    ["ageCustomers", agingSql.customers, ["documents_by_age", "documents_by_customer"]],
    ["keepDocument", agingSql.keep, ["documents_pkey"]],
    ["chatsOfCustomer", forgetCustomerSql.chats, ["documents_by_customer"]],
    ["claim", leasesSql.claim, []],
  ])("for %s touches only the rows it is about, however many there are", async (_, sql, indexes) => {
    const made = await plan(sql);

    expect(made).not.toMatch(/Seq Scan/);
    const used = [...made.matchAll(/(?:using|Bitmap Index Scan on) (\w+)/g)].map(([, name]) => name);
    expect([...new Set(used)].toSorted()).toEqual(indexes);
  });

  it.each([
    ["ageChats", agingSql.chats],
    ["ageDialogs", agingSql.dialogs],
  ])("for %s reads no table as a whole", async (_, sql) => {
    expect(await plan(sql)).not.toMatch(/Seq Scan/);
  });

  it.each([
    ["nextEvent", inboxSql.next],
    ["nextCall", outboxSql.next],
    ["callsNewest", outboxSql.list],
    ["decisionsNewest", decisionsSql.list],
    ["decisionsOfChat", decisionsSql.ofChat],
    ["latestDialog", documentsSql.latestDialog],
    ["dueTimers", timersSql.takeDue],
  ])("for %s reads in order and sorts nothing", async (_, sql) => {
    expect(await plan(sql)).not.toMatch(/Seq Scan|(?<!Incremental )Sort {2}/);
  });
});

const tables = [
  ...["connections", "facts", "inbox", "outbox", "runs", "timers", "decisions", "dialogs", "documents", "rules"],
  ...["leases", "replicas", "receipts"],
];
const deleteAll = tables.map((table) => `DELETE FROM ${table}`).join(";");

/** A month of a busy account and of 49 others, most of it over and done with. */
const manyRows = `
  INSERT INTO inbox (connection_id, key, lane, event, received_at, state)
    SELECT 'crm-' || n % 50, 'm:' || n, n % 997, '{}', n,
      CASE WHEN n % 400 = 0 THEN 'new' WHEN n % 401 = 0 THEN 'held' WHEN n % 100 = 1 THEN 'decided' ELSE 'done' END
    FROM generate_series(1, 40000) AS n;
  INSERT INTO outbox (connection_id, key, lane, planned, state, created_at, updated_at)
    SELECT 'crm-' || n % 50, 'm:' || n || '#1', n % 997, '{}', CASE WHEN n % 400 = 0 THEN 'pending' ELSE 'sent' END, n, n
    FROM generate_series(1, 40000) AS n;
  INSERT INTO runs (connection_id, id, lane, event_key, rule_version, waits_for, call_key, run)
    SELECT 'crm-' || n % 50, 'r:' || n, n % 997, 'm:' || n, 'v', kind, CASE WHEN kind = 'call' THEN 'm:' || n || '#1' END, '{}'
    FROM (SELECT n, CASE WHEN n % 40 = 0 THEN 'call' WHEN n % 41 = 0 THEN 'request' ELSE 'answer' END AS kind
      FROM generate_series(1, 40000) AS n) AS made;
  INSERT INTO timers (connection_id, key, chat_id, dialog_id, due_at)
    SELECT 'crm-' || n % 50, 't:' || n, n % 997, n, n FROM generate_series(1, 40000) AS n;
  INSERT INTO decisions (connection_id, event_key, chat_id, at, rulebook_version, verdicts)
    SELECT 'crm-' || n % 50, 'm:' || n, n % 997, n, 'b', '[]' FROM generate_series(1, 40000) AS n;
  INSERT INTO dialogs (connection_id, id, chat_id, closed_at, responsible_user, document)
    SELECT 'crm-' || n % 50, n, n % 9970, CASE WHEN n % 50 > 0 THEN n END, n % 20, '{}' FROM generate_series(1, 40000) AS n;
  INSERT INTO documents (connection_id, kind, id, document, touched_at, customer_id)
    SELECT 'crm-' || n % 50, CASE WHEN n % 2 = 0 THEN 'chat' ELSE 'customer' END, n, '{}', n,
      CASE WHEN n % 2 = 0 THEN n / 2 END FROM generate_series(1, 40000) AS n;
  INSERT INTO leases (connection_id, owner, epoch, expires_at) SELECT 'crm-' || n, 'a', 1, now() FROM generate_series(1, 5000) AS n;
  ANALYZE ${tables.join(", ")}`;
