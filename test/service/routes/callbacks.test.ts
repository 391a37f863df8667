import { describe, expect, it } from "vitest";
import { accountView, createFakeAccounts } from "../fake-accounts.ts";
import { openHouse } from "../visitor.ts";

const ID = "c".repeat(64);

async function open(over: Parameters<typeof openHouse>[0] = {}) {
  const house = await openHouse({ accounts: createFakeAccounts(accountView()), ...over });
  const call = async (about: string, fields: Record<string, string>) => {
    const answer = await house.server.inject({
      method: "POST",
      url: `/actions/${about}`,
      headers: { "content-type": "application/x-www-form-urlencoded" },
      payload: new URLSearchParams(fields).toString(),
    });
    return { status: answer.statusCode, body: answer.json() };
  };
  return { ...house, call };
}

describe("a callback of the CRM", () => {
  it.each(["activity", "settings"])("about %s is a hint, with no more than the id and the address", async (about) => {
    const { call, accounts } = await open();
    const fields = { clientId: ID, [about]: '{"active":false}', systemUrl: "https://new.simla.com" };
    expect(await call(about, fields)).toEqual({ status: 200, body: { success: true } });
    expect(accounts.asked).toEqual([["hint", ID, about, "https://new.simla.com"]]);
  });

  it.each([
    { what: "an id of nobody", fields: { clientId: "d".repeat(64) }, status: 404 },
    { what: "an empty id", fields: { clientId: "" }, status: 400 },
    { what: "an id of 1,000 characters", fields: { clientId: "d".repeat(1_000) }, status: 400 },
    { what: "an activity that is no JSON", fields: { clientId: ID, activity: "{" }, status: 400 },
    { what: "an activity that is a list", fields: { clientId: ID, activity: "[]" }, status: 400 },
    { what: "an address of 10,000 characters", fields: { clientId: ID, systemUrl: "x".repeat(10_000) }, status: 400 },
  ])("with $what is refused without detail", async ({ fields, status }) => {
    expect(await (await open()).call("activity", fields)).toEqual({ status, body: { success: false } });
  });

  it("that comes again and again while the first is followed counts as one more, the last", async () => {
    const first = Promise.withResolvers<boolean>();
    const second = Promise.withResolvers<void>();
    const hints: unknown[] = [];
    const { call } = await open({
      async onHint(_clientId, _about, systemUrl) {
        hints.push(systemUrl);
        if (hints.length === 1) return await first.promise;
        second.resolve();
        return true;
      },
    });
    const calls = Array.from({ length: 30 }, (_, index) =>
      call("activity", { clientId: ID, systemUrl: `https://${index}.simla.com` }),
    );
    while (hints.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    first.resolve(true);
    for (const { status } of await Promise.all(calls)) expect(status).toBe(200);
    await second.promise;
    expect(hints.length).toBeLessThanOrEqual(3);
    expect(hints.at(-1)).toBe("https://29.simla.com");
  });

  it("that fails here once is followed again when it is repeated", async () => {
    let isBroken = true;
    const { call } = await open({
      async onHint() {
        if (isBroken) throw new Error("the store is away");
        return true;
      },
    });
    expect((await call("activity", { clientId: ID })).status).toBe(500);
    isBroken = false;
    expect((await call("activity", { clientId: ID })).status).toBe(200);
  });
});
