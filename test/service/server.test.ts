import { afterEach, describe, expect, it } from "vitest";
import { type Service, ServiceError, startService } from "../../src/service/server.ts";
import { type HouseOptions, READY, serviceOptions } from "./visitor.ts";

const started: Service[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((service) => service.close()));
});

/** A bot with the file's own account only. */
async function serve(over: HouseOptions = {}) {
  const { options, log } = serviceOptions({ many: null, ...over });
  const service = await startService(options);
  started.push(service);
  const ask = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${service.port}${path}`, init);
  return { service, ask, log };
}

const body = async (answer: Response) => ({ status: answer.status, body: await answer.json() });

describe("/healthz", () => {
  it("says that the program lives, whatever else is wrong", async () => {
    const { ask } = await serve({ readiness: () => ({ ...READY, ready: false }) });
    expect(await body(await ask("/healthz"))).toEqual({ status: 200, body: { ok: true } });
  });
});

describe("/readyz", () => {
  it.each([
    { state: READY, status: 200, ready: true },
    { state: { ...READY, draining: true }, status: 503, ready: false },
    { state: { ...READY, ready: false }, status: 503, ready: false },
  ])("answers $status: ready $ready", async ({ state, status, ready }) => {
    const { ask } = await serve({ readiness: () => state });
    const answer = await body(await ask("/readyz"));
    expect(answer).toMatchObject({ status, body: { ready, config_last_reload_success: 1, config_errors: [] } });
  });

  it("stays 200 after a bad reload and says where the fault is", async () => {
    const configErrors = ['rules/a.yaml:7:9  I do not know "mesage_has".'];
    const { ask } = await serve({ readiness: () => ({ ...READY, configLastReloadSuccess: 0, configErrors }) });
    expect(await body(await ask("/readyz"))).toMatchObject({
      status: 200,
      body: { config_last_reload_success: 0, config_errors: configErrors },
    });
  });
});

describe("/status", () => {
  it.each([
    { with: "no token", headers: {} },
    { with: "another token", headers: { authorization: "Bearer b-token-of-the-test" } },
    { with: "a part of the token", headers: { authorization: "Bearer a-token" } },
    { with: "the token alone", headers: { authorization: "a-token-of-the-test" } },
  ])("is closed with $with", async ({ headers }) => {
    const { ask } = await serve();
    expect(await body(await ask("/status", { headers: { ...headers } }))).toEqual({
      status: 401,
      body: { error: "A bearer token is needed." },
    });
  });

  it("opens with the token", async () => {
    const { ask } = await serve();
    const headers = { authorization: "Bearer a-token-of-the-test" };
    expect(await body(await ask("/status", { headers }))).toEqual({ status: 200, body: { connections: [] } });
  });

  it("that breaks down says so without telling what broke", async () => {
    const { ask, log } = await serve({ status: () => Promise.reject(new Error("inner details")) });
    const headers = { authorization: "Bearer a-token-of-the-test" };
    expect(await body(await ask("/status", { headers }))).toEqual({
      status: 500,
      body: { error: "Something went wrong here. The log says what." },
    });
    expect(log.text()).toContain("inner details");
  });
});

describe("the CRM's callback about a module", () => {
  const form = (fields: Record<string, string>): RequestInit => ({ method: "POST", body: new URLSearchParams(fields) });

  it("is passed on as a hint for the client it names", async () => {
    const hints: unknown[] = [];
    const { ask } = await serve({
      async onHint(...told) {
        hints.push(told);
        return told[0] === "ours";
      },
    });
    const fields = { clientId: "ours", activity: '{"active":false,"freeze":false}', systemUrl: "https://shop.example" };
    expect(await body(await ask("/actions/activity", form(fields)))).toEqual({ status: 200, body: { success: true } });
    expect(hints).toEqual([["ours", "activity", "https://shop.example"]]);
  });

  it.each([
    { what: "an id of nobody", init: form({ clientId: "theirs" }), status: 404 },
    { what: "no id", init: form({}), status: 400 },
    {
      what: "JSON that is none",
      init: { method: "POST", body: "{", headers: { "content-type": "application/json" } },
      status: 400,
    },
    { what: "a megabyte", init: form({ clientId: "x".repeat(1_000_000) }), status: 413 },
  ])("with $what is refused without detail", async ({ init, status }) => {
    const { ask } = await serve();
    const answer = await ask("/actions/activity", init);
    expect(answer.status).toBe(status);
    expect(await answer.text()).not.toMatch(/at .*\(|node_modules|stack/i);
  });
});

describe("anything else", () => {
  it("is a 404 in JSON", async () => {
    const { ask } = await serve();
    expect(await body(await ask("/nothing"))).toEqual({ status: 404, body: { error: "There is no such page." } });
  });

  it("says in one sentence that the port is taken", async () => {
    const { service } = await serve();
    const second = serve({ port: service.port });
    await expect(second).rejects.toThrow(ServiceError);
    await expect(second).rejects.toThrow(
      `Port ${service.port} is taken by another program. Stop it, or choose another port: http.port, or PORT in the environment.`,
    );
  });
});
