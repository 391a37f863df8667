import { describe, expect, it } from "vitest";
import { OPERATIONS, type OperationId } from "../../src/generated/bot-operations.ts";
import { at, each, MODULE, registeredClient } from "../helpers/sandbox.ts";

const HTTP_OPERATIONS = (Object.keys(OPERATIONS) as OperationId[]).filter((id) => id !== "webSocketConnection");
const ANY_PATH = {
  chat_id: 1,
  dialog_id: 1,
  message_id: 1,
  id: "0b8a7f4e-2d4c-4d7f-9c0e-3a1b5c6d7e8f",
  command_name: "x",
};

describe("every operation of the Bot API", () => {
  it("is served, and refuses a caller without a token or with a wrong one", async () => {
    const { api } = await registeredClient({ behaviour: { gatewayPerSecond: 1000 } });
    for (const id of HTTP_OPERATIONS) {
      for (const token of [null, "wrong"]) {
        const answer = await api(id, { token, path: ANY_PATH });
        expect([id, answer.status, answer.body]).toEqual([id, 401, { errors: ["unauthorized"] }]);
      }
    }
    expect(HTTP_OPERATIONS).toHaveLength(25);
  });

  it("answers an unknown address with 404", async () => {
    const { sandbox, token } = await registeredClient();
    const answer = await fetch(`${sandbox.gatewayUrl}/api/bot/v1/nothing`, { headers: { "x-bot-token": token } });
    expect([answer.status, await answer.json()]).toEqual([404, { errors: ["not found"] }]);
  });

  it("answers the plain request for the socket with 400", async () => {
    const { sandbox, token } = await registeredClient();
    const url = `${sandbox.gatewayUrl}/api/bot/v1/ws?events=message_new`;
    const answer = await fetch(url, { headers: { "x-bot-token": token } });
    expect([answer.status, await answer.json()]).toEqual([400, { errors: ["websocket upgrade expected"] }]);
  });

  it("names every fault of a query at once", async () => {
    const { api } = await registeredClient();
    const answer = await api("listMessages", { query: "since_id=x&limit=1001&colour=red" });
    expect(answer.status).toBe(400);
    expect(at(answer.body, "errors")).toEqual([
      "colour: must NOT have additional properties",
      "since_id: must be integer",
      "limit: must be <= 1000",
    ]);
  });

  it("refuses a body that is not JSON, and a body that is missing", async () => {
    const { sandbox, token, api } = await registeredClient();
    const headers = { "x-bot-token": token, "content-type": "application/json" };
    const url = `${sandbox.gatewayUrl}/api/bot/v1/messages`;
    const broken = await fetch(url, { method: "POST", headers, body: "{" });
    expect([broken.status, await broken.json()]).toEqual([400, { errors: ["request body is not valid JSON"] }]);
    const missing = await api("sendMessage");
    expect([missing.status, missing.body]).toEqual([400, { errors: ["request body is missing"] }]);
  });

  it("limits the requests of a token, with Retry-After only when it is set so", async () => {
    const silent = await registeredClient({ behaviour: { gatewayPerSecond: 2 } });
    await silent.api("listBots");
    await silent.api("listBots");
    const third = await silent.api("listBots");
    expect([third.status, third.body]).toEqual([429, { errors: ["too many requests"] }]);
    expect(third.headers.get("retry-after")).toBeNull();

    const telling = await registeredClient({ behaviour: { gatewayPerSecond: 0, retryAfterSeconds: 3 } });
    const first = await telling.api("listBots");
    expect([first.status, first.headers.get("retry-after")]).toEqual([429, "3"]);
  });
});

describe("the calling bot", () => {
  it("finds itself, and null roles while it has none", async () => {
    const { api, botId } = await registeredClient();
    const { body } = await api("listBots", { query: "self=1" });
    expect(each(body, "id")).toEqual([botId]);
    expect(at(body, "0.client_id")).toBe(MODULE.clientId);
    expect(at(body, "0.is_self")).toBe(true);
    expect(at(body, "0.roles")).toBeNull();
  });

  it.each([
    { query: "", names: ["Test bot", "Autoresponder"] },
    { query: "active=0", names: [] },
    { query: "role=hidden", names: [] },
    { query: "id=7", names: ["Autoresponder"] },
  ])("lists bots by ?$query: $names", async ({ query, names }) => {
    const { api } = await registeredClient();
    const { body } = await api("listBots", { query });
    expect(each(body, "name")).toEqual(names);
  });

  it("changes its name, avatar and roles, and every socket hears of it", async () => {
    const { api, listen } = await registeredClient();
    const ear = await listen();
    const change = { name: " Helper ", avatar_url: "https://bot.example/a.svg", roles: ["responsible"] };
    const answer = await api("updateBot", { body: change });
    expect([answer.status, answer.body]).toEqual([200, {}]);
    const { body } = await api("listBots", { query: "self=1&role=responsible" });
    expect(at(body, "0.name")).toBe("Helper");
    expect(at(body, "0.avatar_url")).toBe("https://bot.example/a.svg");
    expect(at((await ear.until(({ type }) => type === "bot_updated")).data, "name")).toBe("Helper");
  });

  it.each([
    { body: { name: "" }, error: "name: this value should not be blank" },
    { body: { name: "x".repeat(256) }, error: "name: must NOT have more than 255 characters" },
    { body: { roles: ["king"] }, error: "roles.0: must be equal to one of the allowed values" },
    { body: { avatar_url: "no address" }, error: 'avatar_url: must match format "uri"' },
  ])("refuses $body", async ({ body, error }) => {
    const { api } = await registeredClient();
    const answer = await api("updateBot", { body });
    expect([answer.status, at(answer.body, "errors.0")]).toEqual([400, error]);
  });
});

describe("commands", () => {
  const put = (name: string, body: unknown) => ({ path: { command_name: name }, body });

  it("are set, changed, listed and removed", async () => {
    const { api, sandbox } = await registeredClient();
    const set = sandbox.waitFor(({ kind }) => kind === "command_set");
    const made = await api("createOrUpdateCommand", put("delivery", { name: "delivery", description: "Ways" }));
    expect([made.status, at(made.body, "description"), at(made.body, "updated_at")]).toEqual([200, "Ways", null]);
    await set;
    await api("createOrUpdateCommand", put("payment", { description: "Ways to pay" }));
    const changed = await api("createOrUpdateCommand", put("delivery", { description: "All ways" }));
    expect(at(changed.body, "id")).toBe(at(made.body, "id"));
    expect(at(changed.body, "updated_at")).not.toBeNull();
    expect(each((await api("listCommands")).body, "name")).toEqual(["payment", "delivery"]);
    expect(each((await api("listCommands", { query: "name=delivery" })).body, "description")).toEqual(["All ways"]);
    const removed = await api("deleteCommand", { path: { command_name: "delivery" } });
    expect([removed.status, removed.body]).toEqual([200, {}]);
    expect(each((await api("listCommands")).body, "name")).toEqual(["payment"]);
  });

  it.each([
    { name: "x".repeat(33), body: { description: "d" }, error: "command_name: must NOT have more than 32 characters" },
    { name: "x", body: { description: "d".repeat(65) }, error: "description: must NOT have more than 64 characters" },
    { name: "x", body: {}, error: "description: this value should not be blank" },
    { name: "x", body: { name: "y", description: "d" }, error: "name: must be the same as in the address" },
  ])("are refused: $error", async ({ name, body, error }) => {
    const { api } = await registeredClient();
    const answer = await api("createOrUpdateCommand", put(name, body));
    expect([answer.status, at(answer.body, "errors.0")]).toEqual([400, error]);
  });

  it("cannot be removed when they are not there", async () => {
    const { api } = await registeredClient();
    const answer = await api("deleteCommand", { path: { command_name: "nope" } });
    expect([answer.status, answer.body]).toEqual([404, { errors: ["command nope not found"] }]);
  });
});
