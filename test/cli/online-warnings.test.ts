import { describe, expect, it } from "vitest";
import { hoursWarnings } from "../../src/cli/online/hours.ts";
import { missingRights } from "../../src/cli/online/rights.ts";
import { statusWarnings } from "../../src/cli/online/statuses.ts";
import type { Issue } from "../../src/types/issue.ts";
import { rulebook } from "../engine/world.ts";

const said = (issues: readonly Issue[]) =>
  issues.map(({ place, cause, fix }) => `${place.line}: ${cause.en} ${fix?.en ?? ""}`.trim());

describe("hours of the account", () => {
  const OPEN = { timezone: null, week: { 1: [{ fromMinute: 540, toMinute: 1080 }] }, dates: {} };
  const SHUT = { timezone: null, week: {}, dates: {} };
  const asked = (rest: string) => rulebook(`- rule: R\n  when: {message: any}\n${rest}`, "hours: {office: crm}");

  it.each([
    { by: "a condition", rules: asked("  if: {open: office}\n  do: [{note: Hi}]") },
    { by: "a text", rules: asked('  do: [{note: "{{ hours.office.next_open or now }}"}]') },
    {
      by: "a silence",
      rules: rulebook(
        "- rule: R\n  when: {manager_silent: 10m, count_time: office}\n  do: [{note: Hi}]",
        "hours: {office: crm}",
      ),
    },
  ])("that it has not set are told where $by asks for them", ({ rules }) => {
    expect(said(hoursWarnings(rules, SHUT))).toEqual([
      '4: The hours "office" are those of the account, and it has set none: they count as closed. set working hours in the CRM, or write them under hours:',
    ]);
    expect(hoursWarnings(rules, OPEN)).toEqual([]);
  });

  it("that the CRM does not tell are neither open nor closed", () => {
    expect(said(hoursWarnings(asked("  if: {open: office}\n  do: [{note: Hi}]"), null))).toEqual([
      '4: The hours "office" are those of the account, and the CRM does not tell them: they count as neither open nor closed. set working hours in the CRM, or write them under hours:',
    ]);
  });

  it("do not matter to rules with hours of their own", () => {
    const rules = rulebook(
      "- rule: R\n  when: {message: any}\n  if: {open: office}\n  do: [{note: Hi}]",
      "hours: {office: {mon: '09:00-10:00'}}",
    );
    expect(hoursWarnings(rules, null)).toEqual([]);
  });
});

describe("statuses of orders", () => {
  const STATUSES = [
    { code: "new", name: "New", group: "new" },
    { code: "send-to-delivery", name: "Handed to courier", group: "delivery" },
  ];
  const asking = (condition: string) =>
    rulebook(
      `- rule: R\n  when: {message: any}\n  do:\n    - look_up: order\n      found:\n        - note: Hi\n          if: ${condition}`,
    );

  it.each([
    {
      condition: "{is: {order.status.code: send-to-delivry}}",
      says: 'The account has no order status with the code "send-to-delivry". did you mean send-to-delivery?',
    },
    {
      condition: "{is_not: {order.status.name: Handed to curier}}",
      says: 'The account has no order status with the name "Handed to curier". did you mean Handed to courier?',
    },
    {
      condition: "{logic: {in: [{var: order.status.group}, [delivery, gone]]}}",
      says: 'The account has no order status with the group "gone".',
    },
  ])("that the account does not have are told: $condition", ({ condition, says }) => {
    expect(said(statusWarnings(asking(condition), STATUSES))).toEqual([`9: ${says}`]);
  });

  it.each([
    { condition: "{is: {order.status.code: send-to-delivery}}" },
    { condition: "{is: {order.status.name: handed to courier}}" },
    { condition: "{is: {order.number: 17}}" },
  ])("that it has are fine: $condition", ({ condition }) => {
    expect(statusWarnings(asking(condition), STATUSES)).toEqual([]);
  });
});

describe("rights of the key", () => {
  const key = (...scopes: readonly string[]) => ({ success: true, scopes: [...scopes], credentials: [] }) as never;

  it("that a look-up of a flow needs are told once, with the first rule that runs it", () => {
    const rules = rulebook(
      "- rule: A\n  when: {message_is: a}\n  do: [{run: F}]\n- rule: B\n  when: {message_is: b}\n  do: [{run: F}]",
      "flows: [{flow: F, do: [{look_up: order}]}]",
    );
    expect(said(missingRights(rules, key("order_read")))).toEqual([
      '2: The API key lacks the rights that look_up: order needs in "A": customer_read, reference_read. add them to the key in the CRM',
    ]);
  });

  it.each([
    { team: "{people: [ivan@shop.example]}", missing: true },
    { team: "{crm_group: night}", missing: true },
    { team: "{people: [Anna Petrova]}", missing: false },
  ])("to read users are needed by e-mails and groups only: $team", ({ team, missing }) => {
    const rules = rulebook("- rule: R\n  when: {message: any}\n  do: [{assign: sales}]", `teams: {sales: ${team}}`);
    const told = [
      '2: The API key lacks the right that e-mails and groups in the team "sales" need: user_read. add them to the key in the CRM',
    ];
    expect(said(missingRights(rules, key("order_read")))).toEqual(missing ? told : []);
    expect(missingRights(rules, key("user_read"))).toEqual([]);
  });
});
