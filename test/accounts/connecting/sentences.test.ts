import { describe, expect, it } from "vitest";
import { refusalSentence } from "../../../src/accounts/connecting/sentences.ts";
import type { AddressProblem, ConnectRefusal } from "../../../src/accounts/types.ts";

const ADDRESSES: Readonly<Record<AddressProblem, true>> = {
  empty: true,
  not_an_address: true,
  not_https: true,
  user_info: true,
  port: true,
  foreign_letters: true,
  no_account_name: true,
  not_a_crm_host: true,
};

const REFUSALS: Readonly<Record<Exclude<ConnectRefusal["why"], "address">, ConnectRefusal>> = {
  key_missing: { why: "key_missing" },
  wrong_key: { why: "wrong_key" },
  no_such_account: { why: "no_such_account" },
  old_version: { why: "old_version" },
  chats_disabled: { why: "chats_disabled" },
  switched_off: { why: "switched_off" },
  not_a_crm: { why: "not_a_crm" },
  too_busy: { why: "too_busy" },
  no_token: { why: "no_token" },
  bad_gateway_address: { why: "bad_gateway_address" },
  not_signed: { why: "not_signed" },
  scopes: { why: "scopes", missing: ["integration_read", "integration_write"] },
  unreachable: { why: "unreachable", detail: "HTTP 503" },
  moved: { why: "moved", where: null },
  module: { why: "module", words: [] },
};

const EVERY: readonly ConnectRefusal[] = [
  ...Object.keys(ADDRESSES).map((fault): ConnectRefusal => ({ why: "address", fault: fault as AddressProblem })),
  ...Object.values(REFUSALS),
  { why: "moved", where: "https://new.simla.com" },
  { why: "module", words: ["The account is blocked."] },
];

describe("why an account was not connected", () => {
  it.each(EVERY)("is one sentence or two of its own in three languages: $why $fault $where", (refusal) => {
    const { en, es, ru } = refusalSentence(refusal);
    for (const text of [en, es, ru]) {
      expect(text).toMatch(/^[\p{Lu}].*\.$/u);
      expect(text).not.toMatch(/undefined|null|\[object|\.\./);
    }
    expect(new Set([en, es, ru]).size).toBe(3);
    expect(ru).toMatch(/[а-я]{4}/);
    expect(es).not.toMatch(/[а-я]/);
    const others = EVERY.filter((other) => other !== refusal).map((other) => refusalSentence(other).en);
    expect(others).not.toContain(en);
  });

  it.each<{ refusal: ConnectRefusal; en: string }>([
    {
      refusal: { why: "scopes", missing: ["integration_read", "integration_write"] },
      en: "The API key lacks these rights: integration_read, integration_write. Add them to the key in the CRM (Settings, Integration, API access keys) and connect again.",
    },
    {
      refusal: { why: "module", words: ["The account is blocked.", "Pay first"] },
      en: "The CRM answered: The account is blocked; Pay first. Put that right in the CRM, or ask its support, then connect again.",
    },
    {
      refusal: { why: "unreachable", detail: "HTTP 503" },
      en: "Your CRM account cannot be reached just now (HTTP 503). Check the address; if it is right, try again in some minutes.",
    },
    {
      refusal: { why: "moved", where: "https://new.simla.com" },
      en: "This address leads on to https://new.simla.com. If that is your account, enter that address.",
    },
  ])("names what is at hand: $en", ({ refusal, en }) => {
    expect(refusalSentence(refusal).en).toBe(en);
  });
});
