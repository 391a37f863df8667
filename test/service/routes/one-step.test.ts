import { describe, expect, it } from "vitest";
import type { ConnectRefusal } from "../../../src/accounts/types.ts";
import { accountView, createFakeAccounts, GOOD_KEY } from "../fake-accounts.ts";
import { HTTPS, openHouse } from "../visitor.ts";

const open = () => openHouse({ accounts: createFakeAccounts(accountView()) });
const REGISTER = { token: "signed", apiKey: GOOD_KEY, systemUrl: "https://shop.simla.com" };

async function register(fields: Record<string, string>, house = open()) {
  const { server, accounts } = await house;
  const answer = await server.inject({
    method: "POST",
    url: "/simple/register",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    payload: new URLSearchParams(fields).toString(),
  });
  return { status: answer.statusCode, body: answer.json(), asked: accounts.asked };
}

describe("the configuration address of the marketplace", () => {
  it("says which rights are needed and where to register, and may be kept for an hour", async () => {
    const { server } = await open();
    const answer = await server.inject({ url: "/simple/config" });
    expect(answer.json()).toEqual({
      success: true,
      scopes: ["integration_read", "integration_write", "order_read"],
      registerUrl: `${HTTPS}/simple/register`,
    });
    expect(answer.headers["cache-control"]).toBe("public, max-age=3600");
    expect(answer.headers["set-cookie"]).toBeUndefined();
  });

  it("does not exist without service.secret", async () => {
    const { server } = await openHouse({ many: { isOneStep: false } });
    expect((await server.inject({ url: "/simple/config" })).statusCode).toBe(404);
    expect((await server.inject({ method: "POST", url: "/simple/register" })).statusCode).toBe(404);
  });
});

describe("registering in one step", () => {
  it.each([
    { how: "JSON text in one field", fields: { register: JSON.stringify(REGISTER) } },
    {
      how: "nested fields",
      fields: Object.fromEntries(Object.entries(REGISTER).map(([name, value]) => [`register[${name}]`, value])),
    },
  ])("is understood as $how", async ({ fields }) => {
    const { status, body, asked } = await register(fields);
    expect(asked).toEqual([["connectInOneStep", REGISTER]]);
    expect([status, body]).toEqual([200, { success: true, accountUrl: `${HTTPS}/settings/${"c".repeat(64)}` }]);
  });

  it.each([
    { what: "no field", fields: {} },
    { what: "no JSON", fields: { register: "{token" } },
    { what: "a list", fields: { register: "[1]" } },
    { what: "null", fields: { register: "null" } },
    { what: "a number for a key", fields: { register: JSON.stringify({ ...REGISTER, apiKey: 5 }) } },
    { what: "no address", fields: { register: JSON.stringify({ ...REGISTER, systemUrl: "" }) } },
    {
      what: "an address of 10,000 characters",
      fields: { register: JSON.stringify({ ...REGISTER, systemUrl: "x".repeat(10_000) }) },
    },
    { what: "names that every object has", fields: { register: '{"__proto__":{"token":"signed"}}' } },
  ])("with $what is not understood, and nobody is asked", async ({ fields }) => {
    const { status, body, asked } = await register(fields);
    expect([status, body.success, asked]).toEqual([400, false, []]);
  });

  it("with a wrong token is refused with 401", async () => {
    const { status, body } = await register({ register: JSON.stringify({ ...REGISTER, token: "forged" }) });
    expect([status, body.success]).toEqual([401, false]);
  });

  it.each([
    { refusal: { why: "wrong_key" }, status: 400 },
    { refusal: { why: "address", fault: "not_a_crm_host" }, status: 400 },
    { refusal: { why: "too_busy" }, status: 503 },
    { refusal: { why: "unreachable", detail: "ETIMEDOUT" }, status: 503 },
  ] as const)("that comes to nothing says why: $refusal.why", async ({ refusal, status }) => {
    const house = await open();
    house.accounts.outcome = { kind: "refused", refusal: refusal satisfies ConnectRefusal };
    const { body, ...answer } = await register({ register: JSON.stringify(REGISTER) }, Promise.resolve(house));
    expect([answer.status, body.success]).toEqual([status, false]);
    expect(body.errorMsg.length).toBeGreaterThan(20);
  });
});
