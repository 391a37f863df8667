import { once } from "node:events";
import { describe, expect, it } from "vitest";
import type { Sandbox } from "../../src/sandbox/index.ts";
import { at, each, freshSandbox, registeredClient } from "../helpers/sandbox.ts";

async function control(
  sandbox: Sandbox,
  path: string,
  body?: unknown,
  { method = "POST", headers = {}, root = sandbox.crmUrl } = {},
) {
  const sent = body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) };
  const type = body === undefined ? {} : { "content-type": "application/json" };
  const response = await fetch(`${root}/sandbox/${path}`, { method, headers: { ...type, ...headers }, ...sent });
  return { status: response.status, body: (await response.json()) as unknown };
}

describe("the control address", () => {
  it("lets other programs act, on both servers", async () => {
    const sandbox = await freshSandbox();
    const said = await control(sandbox, "do/customerSays", ["hello", { channel: "telegram" }]);
    expect([said.status, at(said.body, "content")]).toEqual([200, "hello"]);
    await control(sandbox, "do/managerSays", ["hi there"], { root: sandbox.gatewayUrl });
    await control(sandbox, "do/closeByManager");
    const messages = await control(sandbox, "messages", undefined, { method: "GET" });
    expect(each(messages.body, "content").filter(Boolean)).toEqual(["hello", "hi there"]);
    const world = await control(sandbox, "world", undefined, { method: "GET" });
    expect(at(world.body, "dialogs.0.closedAt")).not.toBeNull();
  });

  it("lets other programs be the owner and the CRM of a module that connects", async () => {
    const { sandbox, token } = await registeredClient();
    const asked = async (action: string, given: readonly unknown[]) =>
      (await control(sandbox, `do/${action}`, given)).body;
    const key = await asked("newKey", [{ scopes: ["order_read"] }]);
    expect(sandbox.world.keys.get(String(key))?.scopes).toEqual(["order_read"]);
    await asked("behave", [{ versions: ["4.0"] }]);
    await asked("listDomains", ["box", ["crm.shop.example"]]);
    await asked("offerModule", [{ code: "bot", name: "Bot", formUrl: "https://bot.example/" }]);
    await asked("holdCallbacks", []);
    const { world } = sandbox;
    expect([world.behaviour.versions, world.domains.box, world.offers.size]).toEqual([
      ["4.0"],
      ["crm.shop.example"],
      1,
    ]);
    const { body } = await control(sandbox, "world", undefined, { method: "GET" });
    expect(at(body, "callbacks")).toEqual({ held: [], sent: [] });
    expect([String(key), token].some((secret) => JSON.stringify(body).includes(secret))).toBe(false);
    expect(at(await asked("behave", [{ kindness: 1 }]), "errors.0")).toBe("no behaviour kindness that could be set");
    expect(at(await asked("openCard", ["bot"]), "errors.0")).toBe("no module bot with a one-step connection");
  });

  it.each([
    { action: "dance", given: [], status: 404, error: /^no action dance; there are customerSays, / },
    { action: "customerSays", given: [7], status: 400, error: "customerSays takes [text, object?]" },
    { action: "customerSays", given: ["a", {}, "b"], status: 400, error: "customerSays takes [text, object?]" },
    { action: "setOnline", given: ["Anna"], status: 400, error: "setOnline takes [name, flag]" },
    { action: "setOnline", given: ["Bob", true], status: 400, error: "no person Bob" },
    { action: "customerSays", given: { text: "a" }, status: 400, error: "the body must be the list of arguments" },
    { action: "customerSays", given: "{", status: 400, error: "the body is not valid JSON" },
    { action: "constructor", given: [], status: 404, error: /^no action constructor/ },
  ])("refuses $action with $given: $error", async ({ action, given, status, error }) => {
    const sandbox = await freshSandbox();
    const answer = await control(sandbox, `do/${action}`, given);
    expect([answer.status, at(answer.body, "errors.0")]).toEqual([
      status,
      typeof error === "string" ? error : expect.stringMatching(error),
    ]);
    expect(sandbox.world.messages.size).toBe(0);
  });

  it("refuses what the service would refuse, in its words", async () => {
    const sandbox = await freshSandbox();
    sandbox.customerSays("hi");
    const answer = await control(sandbox, "do/openDialogByManager");
    expect([answer.status, answer.body]).toEqual([400, { errors: ["chat already has an open dialog"] }]);
  });

  it("adds faults, patterns too, lists and clears them", async () => {
    const sandbox = await freshSandbox();
    const info = `${sandbox.crmUrl}/api/system-info`;
    await control(sandbox, "faults", { kind: "status", status: 503, match: { path: { pattern: "info$" } } });
    await control(sandbox, "faults", { kind: "html", times: null });
    expect(sandbox.faults.list()).toHaveLength(2);
    expect((await fetch(info)).status).toBe(503);
    expect((await fetch(info)).headers.get("content-type")).toContain("text/html");
    await control(sandbox, "faults", undefined, { method: "DELETE" });
    expect((await control(sandbox, "faults", undefined, { method: "GET" })).body).toEqual([]);
    expect(await (await fetch(info)).json()).toMatchObject({ success: true });
  });

  it.each([
    {
      fault: { kind: "explode" },
      error:
        "kind must be one of status, html, hang, slow, drip, huge, truncate, reset_before, reset_after, close_before, close_after",
    },
    { fault: [], error: "the body must be a fault" },
    { fault: { kind: "hang", match: { path: { pattern: "(" } } }, error: "match.path.pattern is not a pattern" },
    { fault: { kind: "hang", match: { body: { pattern: "(" } } }, error: "match.body.pattern is not a pattern" },
    { fault: { kind: "hang", match: "x" }, error: "match must be an object" },
  ])("refuses the fault $fault", async ({ fault, error }) => {
    const sandbox = await freshSandbox();
    const answer = await control(sandbox, "faults", fault);
    expect([answer.status, answer.body]).toEqual([400, { errors: [error] }]);
  });

  it.each([
    { body: { close: 1012 }, code: 1012 },
    { body: { cut: true }, code: 1006 },
  ])("disturbs sockets: $body", async ({ body, code }) => {
    const { sandbox, listen } = await registeredClient();
    const ear = await listen();
    const closed = once(ear.socket, "close");
    await control(sandbox, "sockets", body);
    expect((await closed)[0]).toBe(code);
  });

  it("sends any frame, deafens, and refuses anything else", async () => {
    const { sandbox, listen } = await registeredClient();
    const ear = await listen();
    const frame = once(ear.socket, "message");
    await control(sandbox, "sockets", { send: "[]" });
    expect(String((await frame)[0])).toBe("[]");
    expect((await control(sandbox, "sockets", { deafen: true })).status).toBe(200);
    expect((await control(sandbox, "sockets", { close: "now" })).status).toBe(400);
  });

  it("is no part of the services: not recorded, not limited, not struck", async () => {
    const sandbox = await freshSandbox({ behaviour: { crmPerSecond: 0, account: "unknown" } });
    sandbox.faults.add({ kind: "html" });
    const answer = await control(sandbox, "do/customerSays", ["hi"], { headers: { "x-api-key": sandbox.apiKey } });
    expect(answer.status).toBe(200);
    expect([sandbox.requests.length, sandbox.faults.list().length]).toEqual([0, 1]);
  });

  it("shows neither key nor token", async () => {
    const { sandbox, token } = await registeredClient();
    const { body } = await control(sandbox, "world", undefined, { method: "GET" });
    const text = JSON.stringify(body);
    expect(at(body, "modules.0.code")).toBe("test-bot");
    expect([text.includes(token), text.includes(sandbox.apiKey)]).toEqual([false, false]);
  });

  it("is closed to pages in a browser", async () => {
    const sandbox = await freshSandbox();
    const answer = await control(sandbox, "do/customerSays", ["hi"], { headers: { origin: "https://evil.example" } });
    expect([answer.status, answer.body]).toEqual([403, { errors: ["only for programs on this machine"] }]);
    const form = await fetch(`${sandbox.crmUrl}/sandbox/do/customerSays`, { method: "POST", body: '["hi"]' });
    expect([form.status, sandbox.world.messages.size]).toEqual([415, 0]);
  });
});
