import { describe, expect, it } from "vitest";
import type { Operation } from "../../../src/accounts/operating/operation.ts";
import { USUAL_LIMITS } from "../../../src/service/security/limits.ts";
import { openHouse } from "../visitor.ts";

const TOKEN = "a-token-of-the-test";

async function open() {
  const asked: unknown[] = [];
  const operation: Operation = {
    async pause(given) {
      asked.push(given);
      return { kind: "paused", changed: ["a"], same: [] };
    },
    async forget(given) {
      asked.push(given);
      return { kind: "forgotten", by: {} };
    },
    async remove(given) {
      asked.push(given);
      return { kind: "removed", connectionId: given.connection, module: "left_on" };
    },
  };
  const { server } = await openHouse({ operation, statusToken: TOKEN });
  const post = (path: string, fields: Readonly<Record<string, string>> = {}, token = TOKEN) =>
    server.inject({
      method: "POST",
      url: `/operation/${path}`,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/x-www-form-urlencoded" },
      payload: new URLSearchParams(fields).toString(),
    });
  return { asked, post, server };
}

describe("/operation", () => {
  it("hands over what the commands of the program ask for", async () => {
    const { asked, post } = await open();
    expect((await post("pause", { connection: "shop" })).json()).toEqual({ kind: "paused", changed: ["a"], same: [] });
    await post("resume");
    expect((await post("forget", { customer: "5", connection: "shop" })).json()).toEqual({ kind: "forgotten", by: {} });
    await post("forget", { customer: "5" });
    expect((await post("remove", { connection: "shop" })).json()).toMatchObject({ kind: "removed", module: "left_on" });
    expect(asked).toEqual([
      { connection: "shop", paused: true },
      { connection: null, paused: false },
      { connection: "shop", customerId: 5 },
      { connection: null, customerId: 5 },
      { connection: "shop" },
    ]);
  });

  it.each(["pause", "resume", "forget", "remove"])("does not %s for anybody without the token", async (path) => {
    const { asked, post, server } = await open();
    expect((await post(path, { customer: "5" }, "another")).statusCode).toBe(401);
    expect((await server.inject({ method: "POST", url: `/operation/${path}` })).statusCode).toBe(401);
    expect((await server.inject({ method: "GET", url: `/operation/${path}` })).statusCode).toBe(404);
    expect(asked).toEqual([]);
  });

  it.each(["", "Ana", "0", "1.5", "9".repeat(20)])("forgets nobody called %j", async (customer) => {
    const { asked, post } = await open();
    expect((await post("forget", { customer })).statusCode).toBe(400);
    expect(asked).toEqual([]);
  });

  it("removes no account without its name", async () => {
    const { asked, post } = await open();
    expect((await post("remove")).statusCode).toBe(400);
    expect(asked).toEqual([]);
  });

  it("tells who tries one token after the other to wait, and still knows who has the right one", async () => {
    const { asked, post } = await open();
    const tried: number[] = [];
    for (let n = 0; n < USUAL_LIMITS.tries + 2; n++) tried.push((await post("pause", {}, `guess-${n}`)).statusCode);
    expect(tried.slice(-3)).toEqual([401, 429, 429]);
    expect(asked).toEqual([]);
    expect((await post("pause")).statusCode).toBe(200);
  });

  it("is not there where nobody offers it", async () => {
    const { server } = await openHouse();
    expect((await server.inject({ method: "POST", url: "/operation/pause" })).statusCode).toBe(404);
  });
});
