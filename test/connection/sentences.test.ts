import { describe, expect, it } from "vitest";
import type { Registration } from "../../src/connection/registering/register.ts";
import { registrationSentence } from "../../src/connection/registering/sentences.ts";

const CRM = "https://shop.example";
const ALL: readonly Registration[] = [
  ...(["created", "updated", "nothing", "switched_on"] as const).map(
    (did): Registration => ({ kind: "registered", did, gatewayUrl: "https://mg.example", token: "canary-token" }),
  ),
  { kind: "inactive", why: "switched_off" },
  { kind: "inactive", why: "frozen" },
  { kind: "refused", why: "key", words: ['Wrong "apiKey" value.'] },
  { kind: "refused", why: "scopes", missing: ["integration_read", "integration_write"] },
  { kind: "refused", why: "module", words: ["name: This value should not be blank."] },
  { kind: "chats_disabled", words: ["Chats are disabled in the account."] },
  { kind: "unreachable", detail: "ECONNREFUSED" },
  { kind: "not_a_crm" },
  { kind: "moved", detail: "GET https://shop.example/api/credentials answered 301", where: null },
  { kind: "no_token" },
  { kind: "token_refused" },
  ...(["not_a_url", "not_https", "private"] as const).map((why): Registration => ({ kind: "bad_address", why })),
];

/** What must be the same in every language: quoted values, addresses, names of rights, commands. */
const values = (sentence: string) =>
  [...sentence.matchAll(/https:\/\/shop\.example|[a-z]+_[a-z_.]+|`[^`]+`|ECONNREFUSED/g)].map(([value]) => value);

describe("what is said about a registration", () => {
  it.each(ALL)("$kind is one sentence in every language, with the same values", (registration) => {
    const { en, es, ru } = registrationSentence(registration, CRM);
    expect(values(es).sort()).toEqual(values(en).sort());
    expect(values(ru).sort()).toEqual(values(en).sort());
    expect(new Set([en, es, ru]).size).toBe(3);
    expect(ru).toMatch(/[а-яё]/iu);
    expect(`${en}${es}${ru}`).not.toContain("canary-token");
  });
});
