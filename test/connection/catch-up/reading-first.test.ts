import { afterEach, expect, it } from "vitest";
import { type Account, botTexts, openAccount } from "../account.ts";

let account: Account;
afterEach(() => account.stop());

const CUSTOMERS = 60;
/** Requests that have their places already when the gap is asked for, and some that slip in while it comes to that. */
const UNDER_WAY = 12;

it("reads what a gap hides before the look-ups that wait for their turn: all else waits for it", async () => {
  account = await openAccount();
  const { sandbox } = account;
  const connection = await account.connect();
  await connection.listening;
  sandbox.customerSays("Hello");
  await sandbox.until(() => botTexts(sandbox).length > 0);
  await expect.poll(() => connection.vitals().gapSince).toBeNull();
  // Each is a stranger, of whom the gateway is asked: five a second.
  for (let customer = 0; customer < CUSTOMERS; customer++) {
    sandbox.newCustomer({ name: `Customer${customer}`, channel: "telegram" });
    sandbox.customerSays("Hello", { customer: `Customer${customer}` });
  }
  await expect.poll(async () => (await account.store.counts(connection.id)).inbox).toBeGreaterThan(CUSTOMERS / 2);
  const before: string[] = [];
  let isOpen = false;
  const gapIsRead = sandbox.waitFor((change) => {
    if (change.kind === "socket_opened") isOpen = true;
    if (change.kind !== "request" || !isOpen) return false;
    before.push(change.request.path);
    return change.request.query.includes("since_id");
  }, 25_000);
  sandbox.disconnectSockets({ abrupt: true });
  await gapIsRead;
  expect(before.length).toBeLessThanOrEqual(UNDER_WAY);
}, 60_000);
