import { afterEach, expect, it } from "vitest";
import { type Clock, systemClock } from "../../src/clock.ts";
import type { Fault } from "../../src/sandbox/index.ts";
import { rulebook } from "../engine/world.ts";
import { type Account, botTexts, openAccount } from "./account.ts";

let account: Account;
afterEach(() => account.stop());

const SPEED = 20;
const startedAt = Date.now();

/** A clock that runs fast: half a minute passes in a second and a half. */
const fastClock: Clock = {
  now: () => startedAt + (Date.now() - startedAt) * SPEED,
  elapsed: () => systemClock.elapsed() * SPEED,
  sleep: (ms, signal) => systemClock.sleep(ms / SPEED, signal),
  after: (ms, task) => systemClock.after(ms / SPEED, task),
};

const SENDING = { method: "POST", path: "/api/bot/v1/messages" };
const LOST: readonly Fault[] = [
  { kind: "status", status: 500 },
  { kind: "html", status: 502 },
  { kind: "html", status: 503 },
  { kind: "html" },
  { kind: "reset_before" },
];

it("sends a message again, once, when the gateway turns out not to have it", async () => {
  account = await openAccount();
  const { sandbox } = account;
  const rules = "- rule: Echo\n  when: {message: any}\n  do:\n    - reply: '{{ message.text }}'\n";
  const connection = await account.connect({
    clock: fastClock,
    rulebook: rulebook(rules, "bot: {answer_within: 1h, requests_per_second: 5}"),
  });
  await connection.listening;
  for (const fault of LOST) sandbox.faults.add({ ...fault, match: SENDING });
  const names = LOST.map((_, index) => `Customer${index}`);
  for (const name of names) {
    sandbox.newCustomer({ name, channel: "telegram" });
    sandbox.customerSays(`first of ${name}`, { customer: name });
    sandbox.customerSays(`second of ${name}`, { customer: name });
  }
  await sandbox.until(() => botTexts(sandbox).length >= 2 * names.length, 15_000);
  for (const name of names) {
    const own = botTexts(sandbox).filter((text) => text.endsWith(name));
    expect(own).toEqual([`first of ${name}`, `second of ${name}`]);
  }
  const sends = sandbox.requests.filter(({ method, path }) => method === "POST" && path === SENDING.path);
  expect(sends).toHaveLength(3 * names.length);
});
