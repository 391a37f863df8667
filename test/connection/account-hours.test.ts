import { expect, it, onTestFinished } from "vitest";
import type { CrmApi } from "../../src/api/crm.ts";
import { accountHours } from "../../src/connection/directory/account-hours.ts";
import { rulebook } from "../engine/world.ts";
import { createTestLog } from "../helpers/test-log.ts";
import { openAccount } from "./account.ts";

const RULES = "- rule: Answer\n  when: {message: any}\n  if: {open: office}\n  do:\n    - reply: Hello.\n";
const withHours = (hours: string) => rulebook(RULES, `hours: {office: ${hours}}`);

type Settings = Awaited<ReturnType<CrmApi["settings"]>>;
const WORK_TIMES = [{ day_type: "Monday", start_time: "09:00", end_time: "18:00" }];

function read(answer: unknown, hours = "crm") {
  const log = createTestLog();
  let asked = 0;
  const crm = {
    settings: async () => {
      asked += 1;
      if (answer instanceof Error) throw answer;
      return answer as Settings;
    },
  };
  const signal = new AbortController().signal;
  return { hours: accountHours({ crm, log: log.log }, withHours(hours), signal), log, asked: () => asked };
}

it("reads the account's working hours for rules that are written with them", async () => {
  const { hours, log } = read({ work_times: WORK_TIMES });
  expect((await hours)?.week).toEqual({ 1: [{ fromMinute: 540, toMinute: 1080 }] });
  expect(log.text()).toBe("");
});

it("does not ask the account when the file has hours of its own", async () => {
  const { hours, asked } = read({ work_times: WORK_TIMES }, '{daily: "09:00-18:00"}');
  expect(await hours).toBeNull();
  expect(asked()).toBe(0);
});

it("keeps what was known when the account does not answer, and says so", async () => {
  const { hours, log } = read(new Error("Access denied."));
  expect(await hours).toBeNull();
  expect(log.text()).toContain("hours are taken from the account, but its settings can't be read");
});

it("says that an account without working hours counts as closed", async () => {
  const { hours, log } = read({ work_times: [] });
  expect((await hours)?.week).toEqual({});
  expect(log.text()).toContain("it has set none");
});

it("are read as soon as new rules are written with them", async () => {
  const account = await openAccount();
  onTestFinished(() => account.stop());
  const connection = await account.connect();
  await connection.listening;
  const readings = () => account.sandbox.requests.filter(({ path }) => path === "/api/v5/settings").length;
  expect(readings()).toBe(0);
  await connection.useRulebook(withHours("crm"));
  expect(readings()).toBe(1);
});
