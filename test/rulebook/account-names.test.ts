import { expect, it } from "vitest";
import { nearestName, unknownNames } from "../../src/rulebook/account-names.ts";
import type { Channel, Person } from "../../src/types/state.ts";
import { ANNA, IVAN, OLGA, rulebook, telegram } from "../engine/world.ts";

const PARROT = { id: 77, name: "Parrot" };
const ACCOUNT = { people: [ANNA, IVAN, OLGA], bots: [PARROT], channels: [telegram()] };

const RULES = "- rule: R\n  when: {message: any}\n  do: [{note: Hi}]";
const doing = (actions: string) => rulebook(`- rule: R\n  when: {message: any}\n  do:\n    - ${actions}`);
const team = (written: string) => rulebook(RULES, `teams: {sales: ${written}}`);
const given = (condition: string, head = "") =>
  rulebook(`- rule: R\n  when: {message: any}\n  if: ${condition}\n  do: [{note: Hi}]`, head);

interface Account {
  readonly people: readonly Person[];
  readonly channels: readonly Channel[];
}

/** What is unknown, as `kind name -> suggestion`. */
function found(rules: ReturnType<typeof rulebook>, over: Partial<Account> = {}): readonly string[] {
  const account = { ...ACCOUNT, ...over };
  return unknownNames(rules, account).map(
    (used) => `${used.kind} ${used.name} -> ${nearestName(used, rules, account) ?? "nothing"}`,
  );
}

it.each([
  {
    what: "a team's people",
    rules: team("{people: [Anna Petrova, Ana Petrova]}"),
    is: "person Ana Petrova -> Anna Petrova",
  },
  {
    what: "a team's e-mails",
    rules: team("{people: [ivan@shop.example, iwan@shop.example]}"),
    is: "person iwan@shop.example -> ivan@shop.example",
  },
  { what: "a team's group", rules: team("{crm_group: team-lead}"), is: "group team-lead -> team-leads" },
  { what: "who gets a dialog", rules: doing("assign: Parot"), is: "person or bot Parot -> Parrot" },
  {
    what: "who gets a dialog inside something else",
    rules: doing("assign: Anna Petrova\n      nobody: [{choose: [{do: [{assign: Olga Ruis}]}]}]"),
    is: "person or bot Olga Ruis -> Olga Ruiz",
  },
  {
    what: "the channel of a message",
    rules: rulebook(
      '- rule: R\n  when: {message: any, channel: ["@tea_house_bot", "@tee_house_bot"]}\n  do: [{note: Hi}]',
    ),
    is: "channel @tee_house_bot -> @tea_house_bot",
  },
  { what: "the channel of a condition", rules: given("{channel: Outlet}"), is: "channel Outlet -> nothing" },
  { what: "a compared channel", rules: given("{is: {channel.name: Outlet}}"), is: "channel Outlet -> nothing" },
  {
    what: "who is responsible",
    rules: given("{assigned: [Ana Petrova]}"),
    is: "team or person Ana Petrova -> Anna Petrova",
  },
  {
    what: "a team that is responsible",
    rules: given("{assigned: sale}", "teams: {sales: {people: [Anna Petrova]}}"),
    is: "team or person sale -> sales",
  },
  {
    what: "who is responsible, by e-mail, which no condition knows",
    rules: given("{assigned: ivan@shop.example}"),
    is: "team or person ivan@shop.example -> Ivan Sidorov",
  },
  {
    what: "json-logic about the manager before",
    rules: given('{logic: {"!=": [{var: previous.manager.name}, Olga Ruis]}}'),
    is: "team or person Olga Ruis -> Olga Ruiz",
  },
  {
    what: "the condition of an action",
    rules: doing("note: Hi\n      if: {any: [{tag: vip}, {not: {assigned: Nobody}}]}"),
    is: "team or person Nobody -> nothing",
  },
  {
    what: "the condition of a way",
    rules: doing("choose: [{if: {channel: Outlet}, do: [{note: Hi}]}]"),
    is: "channel Outlet -> nothing",
  },
])("finds what the account does not have in $what", ({ rules, is }) => {
  expect(found(rules)).toEqual([is]);
});

it.each([
  {
    what: "people, groups and bots that are there",
    rules: team("{people: [anna petrova, '12'], crm_group: Team-Leads}"),
  },
  { what: "a bot", rules: doing("assign: Parrot") },
  { what: "teams", rules: given("{assigned: sales}", "teams: {sales: {people: [Anna Petrova]}}") },
  { what: "a channel by its number", rules: given("{channel: '17'}") },
  {
    what: "other texts in conditions",
    rules: given('{is: {message.text: Outlet}, logic: {"==": [{var: channel.type}, x]}}'),
  },
  { what: "what is assigned or not", rules: given("{assigned: false}") },
])("is content with $what", ({ rules }) => {
  expect(found(rules)).toEqual([]);
});

it.each([
  { what: "people, while none are known", rules: team("{people: [Nobody]}"), over: { people: [] } },
  { what: "channels, while none are known", rules: given("{channel: Outlet}"), over: { channels: [] } },
  { what: "groups, while the CRM tells none", rules: team("{crm_group: nobodies}"), over: { people: [ANNA] } },
  { what: "e-mails, while the CRM tells none", rules: team("{people: [x@shop.example]}"), over: { people: [ANNA] } },
])("does not complain of $what", ({ rules, over }) => {
  expect(found(rules, over)).toEqual([]);
});

it("tells a name once a place: a flow that two rules run stands in one", () => {
  const rules = rulebook(
    "- rule: A\n  when: {message_is: a}\n  do: [{run: F}]\n- rule: B\n  when: {message_is: b}\n  do: [{run: F}, {assign: Nobody}]",
    "flows: [{flow: F, do: [{assign: Nobody}]}]",
  );
  const places = unknownNames(rules, ACCOUNT).map(({ name, place: { line } }) => `${name} ${line}`);
  expect(places).toEqual(["Nobody 2", "Nobody 9"]);
});
