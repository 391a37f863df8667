import { expect, it, onTestFinished } from "vitest";
import type { CrmApi } from "../../src/api/crm.ts";
import { systemClock } from "../../src/clock.ts";
import { createCrmReading, PATIENCE_MS } from "../../src/connection/directory/crm-reading.ts";
import { BOT, rulebook } from "../engine/world.ts";
import { person } from "../store/builders.ts";
import { botTexts, openAccount } from "./account.ts";
import { CONNECTION, openDesk } from "./desk.ts";

const RULES = "- rule: Answer\n  when: {message: any}\n  if: {open: office}\n  do:\n    - reply: Hello.\n";
const WITH_HOURS = rulebook(RULES, "hours: {office: crm}");
const SETTINGS = { work_times: [{ day_type: "Monday", start_time: "09:00", end_time: "18:00" }] };
const MONDAY = { 1: [{ fromMinute: 540, toMinute: 1080 }] };
const ANNA = { id: 24, mgUserId: 12, email: "anna@shop.example", groups: [{ code: "leads", name: "Leads" }] };

/** A CRM that answers when it is told to. */
async function atDesk() {
  const desk = await openDesk();
  onTestFinished(() => desk.store.close());
  await desk.store.savePeople(CONNECTION, [person(12, "Anna"), person(13, "Ivan")]);
  await desk.context.directory.load(BOT);
  const users = Promise.withResolvers<unknown>();
  const settings = Promise.withResolvers<unknown>();
  const asked = { users: 0, settings: 0 };
  const crm = {
    users() {
      asked.users += 1;
      return users.promise;
    },
    settings() {
      asked.settings += 1;
      return settings.promise;
    },
  } as unknown as Pick<CrmApi, "users" | "settings">;
  const options = { ...desk.context, crm, rulebook: () => WITH_HOURS };
  return { desk, users, settings, asked, options, reading: createCrmReading(options) };
}

const signal = new AbortController().signal;
const anna = (people: readonly { id: number; email: string | null; groups: readonly string[] }[]) => {
  const { email, groups } = people.find(({ id }) => id === 12) ?? {};
  return [email, groups];
};

it("gives the CRM's users when they come in a moment", async () => {
  const { users, reading } = await atDesk();
  users.resolve([ANNA]);
  expect(await reading.users(signal).soon).toEqual([ANNA]);
});

it("waits for the CRM's users only a moment, and takes them over when they come", async () => {
  const { desk, users, reading } = await atDesk();
  const { soon, late } = reading.users(signal);
  await desk.clock.advance(PATIENCE_MS);
  expect(await soon).toBe(null);
  late();
  users.resolve([ANNA]);
  await desk.clock.advance(0);
  const known = ["anna@shop.example", ["leads", "Leads"]];
  expect(anna(desk.context.directory.current().people)).toEqual(known);
  expect(anna((await desk.store.directory(CONNECTION)).people)).toEqual(known);
  expect(desk.context.directory.current().people).toHaveLength(2);
});

it("reads the users once for all who ask meanwhile", async () => {
  const { users, asked, reading } = await atDesk();
  const both = [reading.users(signal).soon, reading.users(signal).soon];
  users.resolve([ANNA]);
  expect(await Promise.all(both)).toEqual([[ANNA], [ANNA]]);
  await reading.users(signal).soon;
  expect(asked.users).toBe(2);
});

it("says nothing of a reading that was given up", async () => {
  const { desk, users, reading } = await atDesk();
  const over = new AbortController();
  const { soon, late } = reading.users(over.signal);
  over.abort();
  users.reject(new Error("given up"));
  expect(await soon).toBe(null);
  late();
  expect(desk.log.text()).toBe("");
});

it("waits for the hours only a moment, and keeps them when they come: for the next start, too", async () => {
  const { desk, settings, options, reading } = await atDesk();
  const read = reading.hours(signal);
  await desk.clock.advance(PATIENCE_MS);
  await read;
  expect(desk.context.directory.current().crmHours).toBe(null);
  settings.resolve(SETTINGS);
  await desk.clock.advance(0);
  expect(desk.context.directory.current().crmHours?.week).toEqual(MONDAY);

  const next = await openDesk();
  onTestFinished(() => next.store.close());
  const silent = { ...options.crm, settings: () => new Promise<never>(() => {}) };
  const { directory } = next.context;
  const later = createCrmReading({ ...options, crm: silent, directory }).hours(signal);
  await desk.clock.advance(PATIENCE_MS);
  await later;
  expect(directory.current().crmHours?.week).toEqual(MONDAY);
});

it("an account whose CRM asks for five minutes of patience listens, and catches up, all the same", async () => {
  const account = await openAccount();
  onTestFinished(() => account.stop());
  const { sandbox } = account;
  const clock = {
    ...systemClock,
    sleep: (ms: number, until?: AbortSignal) => (ms === PATIENCE_MS ? Promise.resolve() : systemClock.sleep(ms, until)),
  };
  await (await account.connect()).drain();
  const limited = { kind: "status", status: 429, headers: { "retry-after": "300" }, times: null } as const;
  sandbox.faults.add({ ...limited, match: { server: "crm", path: "/api/v5/users" } });
  const connection = await account.connect({ clock });
  await connection.listening;
  const answered = (count: number) => sandbox.until(() => botTexts(sandbox).length >= count);
  sandbox.customerSays("one");
  await answered(1);
  sandbox.disconnectSockets({ abrupt: true });
  sandbox.customerSays("two");
  await answered(2);
  expect(botTexts(sandbox)).toEqual(["You said one", "You said two"]);
});
