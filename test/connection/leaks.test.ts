import { afterEach, expect, it } from "vitest";
import { type Clock, systemClock } from "../../src/clock.ts";
import { rulebook } from "../engine/world.ts";
import { TAKEOVER_MS } from "../helpers/test-store.ts";
import { type Account, botTexts, openAccount } from "./account.ts";

let account: Account;
afterEach(() => account.stop());

const LONGEST_SHORTENED_MS = 60_000;

/** The real clock, on which pauses of less than a minute are over at once. `pending` tells how many timers and sleeps there are. */
function createCountingClock(): Clock & { readonly pending: () => number } {
  const pending = new Set<symbol>();
  const shortened = (ms: number) => (ms < LONGEST_SHORTENED_MS ? 0 : ms);
  return {
    now: systemClock.now,
    elapsed: systemClock.elapsed,
    pending: () => pending.size,
    async sleep(ms, signal) {
      const id = Symbol();
      pending.add(id);
      await systemClock.sleep(shortened(ms), signal).finally(() => pending.delete(id));
    },
    after(ms, task) {
      const id = Symbol();
      pending.add(id);
      const cancel = systemClock.after(ms, () => {
        pending.delete(id);
        task();
      });
      return () => {
        pending.delete(id);
        cancel();
      };
    },
  };
}

const CUSTOMERS = 20;
const MESSAGES_EACH = 10;
const RECONNECTS = 20;

it("leaves nothing running behind after hundreds of events and many reconnects", async () => {
  account = await openAccount({ behaviour: { gatewayPerSecond: 10_000 } });
  const { sandbox } = account;
  const clock = createCountingClock();
  const rules = "- rule: Echo\n  when: {message: any}\n  do:\n    - reply: '{{ message.text }}'\n";
  const book = rulebook(rules, "bot: {answers_per_minute: 1000, requests_per_second: 50}");
  const connection = await account.connect({ clock, rulebook: book });
  await connection.listening;
  await sandbox.until(() => sandbox.socketCount() === 1);
  // What goes on all the time has begun when a first message is answered, also where the store takes its time.
  sandbox.customerSays("hello");
  await sandbox.until(() => botTexts(sandbox).length === 1);
  await expect.poll(clock.pending).toBeLessThan(10);
  const before = clock.pending();

  for (let name = 0; name < CUSTOMERS; name++) sandbox.newCustomer({ name: `C${name}`, channel: "telegram" });
  for (let text = 0; text < MESSAGES_EACH; text++)
    for (let name = 0; name < CUSTOMERS; name++) sandbox.customerSays(String(text), { customer: `C${name}` });
  await sandbox.until(() => botTexts(sandbox).length === 1 + CUSTOMERS * MESSAGES_EACH, 15_000 + TAKEOVER_MS);

  for (let time = 0; time < RECONNECTS; time++) {
    const open = sandbox.waitFor(({ kind }) => kind === "socket_opened");
    sandbox.disconnectSockets(time % 2 === 0 ? { code: 1001 } : { abrupt: true });
    await open;
  }
  const socket = async () => (await connection.status()).socket;
  await expect.poll(socket, { timeout: 10_000 }).toMatchObject({ state: "open" });
  await expect.poll(clock.pending, { timeout: 10_000 }).toBeLessThanOrEqual(before);
  expect(sandbox.socketCount()).toBe(1);
  await expect
    .poll(async () => (await connection.status()).queues, { timeout: 10_000 })
    .toMatchObject({ inbox: 0, outbox: 0, unknown: 0, waitingRuns: 0 });
});

it("leaves no timer at all when it was drained", async () => {
  account = await openAccount();
  const clock = createCountingClock();
  const connection = await account.connect({ clock });
  await connection.listening;
  account.sandbox.customerSays("hello");
  await account.sandbox.until(() => botTexts(account.sandbox).length === 1);
  await connection.drain();
  // What is left closes idle HTTP connections a while later, and keeps no process alive.
  expect(clock.pending()).toBeLessThanOrEqual(1);
});
