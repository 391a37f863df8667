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

describe("of many callbacks in a minute from one address", () => {
  const idOf = (index: number) => index.toString(16).padStart(64, "0");
  const many = Array.from({ length: 500 }, (_, index) =>
    accountView({ connectionId: `${index}.simla.com/rulebot`, clientId: idOf(index) }),
  );

  it("none about an account of ours is refused, however many accounts there are", async () => {
    const { call, accounts } = await open({ accounts: createFakeAccounts(...many) });
    const answers = await Promise.all(many.map(({ clientId }) => call("activity", { clientId })));
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    expect(accounts.asked).toHaveLength(500);
  });

  it("those about one account are refused after 120, and the others go on", async () => {
    const { call } = await open({ accounts: createFakeAccounts(...many) });
    const about = async (index: number, count: number) => {
      const calls = Array.from({ length: count }, () => call("settings", { clientId: idOf(index) }));
      return (await Promise.all(calls)).filter(({ status }) => status === 200).length;
    };
    expect([await about(0, 300), await about(1, 1)]).toEqual([120, 1]);
  });

  it("those that are malformed are refused after 120", async () => {
    const { call } = await open();
    const answers = await Promise.all(Array.from({ length: 300 }, () => call("activity", { clientId: "" })));
    expect([400, 429].map((wanted) => answers.filter(({ status }) => status === wanted).length)).toEqual([120, 180]);
  });

  it("those about an account that has called before go on even when the address has guessed too often", async () => {
    const { call } = await open();
    expect((await call("activity", { clientId: ID })).status).toBe(200);
    await Promise.all(Array.from({ length: 300 }, (_, index) => call("activity", { clientId: `guess ${index}` })));
    expect((await call("activity", { clientId: "guess" })).status).toBe(429);
    expect((await call("activity", { clientId: ID })).status).toBe(200);
  });
});
