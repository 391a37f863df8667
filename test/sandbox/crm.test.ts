import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Sandbox } from "../../src/sandbox/index.ts";
import { at, each, editModule, freshSandbox, holdCrm, MODULE, registeredClient } from "../helpers/sandbox.ts";

interface Ask {
  readonly key?: string | null;
  readonly form?: Readonly<Record<string, string>>;
  readonly method?: string;
}

/** One CRM request; errors are held against the schema of errors. */
async function crm(sandbox: Sandbox, path: string, { key = sandbox.apiKey, form, method = "GET" }: Ask = {}) {
  const headers = new Headers(key === null ? {} : { "x-api-key": key });
  const body = form === undefined ? {} : { body: new URLSearchParams(form) };
  const verb = form === undefined ? method : "POST";
  const response = await fetch(`${sandbox.crmUrl}${path}`, { method: verb, headers, ...body });
  const answer: unknown = JSON.parse(await response.text());
  if (response.status >= 400) holdCrm("Error", answer);
  return { status: response.status, body: answer, headers: response.headers };
}

const refusal = (errorMsg: string, errors?: unknown) =>
  errors === undefined ? { success: false, errorMsg } : { success: false, errorMsg, errors };

describe("keys", () => {
  it.each([
    { key: null, error: '"apiKey" is missing.' },
    { key: "wrong", error: 'Wrong "apiKey" value.' },
  ])("$key is refused with 403: $error", async ({ key, error }) => {
    const sandbox = await freshSandbox();
    const answer = await crm(sandbox, "/api/credentials", { key });
    expect([answer.status, answer.body]).toEqual([403, refusal(error)]);
  });

  it.each([
    { scope: "integration_read", path: "/api/v5/integration-modules/x" },
    { scope: "user_read", path: "/api/v5/users" },
    { scope: "reference_read", path: "/api/v5/reference/mg-channels" },
    { scope: "reference_read", path: "/api/v5/settings" },
    { scope: "integration_write", path: "/api/v5/integration-modules/x/edit", form: {} },
    { scope: "integration_write", path: "/api/v5/notifications/send", form: {} },
  ])("without $scope may not ask for $path", async ({ path, form }) => {
    const sandbox = await freshSandbox({ seed: { scopes: ["order_read"] } });
    const answer = await crm(sandbox, path, form === undefined ? {} : { form });
    expect([answer.status, answer.body]).toEqual([403, refusal("Access denied.")]);
  });

  it("in the query are taken, and remembered as a bad habit", async () => {
    const sandbox = await freshSandbox();
    const answer = await crm(sandbox, `/api/credentials?apiKey=${sandbox.apiKey}`, { key: null });
    expect(answer.status).toBe(200);
    await crm(sandbox, "/api/credentials");
    expect(sandbox.requests.map(({ keyInQuery }) => keyInQuery)).toEqual([true, false]);
  });

  it("have ten requests a second, then 503", async () => {
    const sandbox = await freshSandbox();
    for (let count = 0; count < 10; count += 1) expect((await crm(sandbox, "/api/credentials")).status).toBe(200);
    const answer = await crm(sandbox, "/api/credentials");
    expect([answer.status, answer.body]).toEqual([503, refusal("Rate limit exceeded")]);
    expect(answer.headers.get("retry-after")).toBeNull();
  });
});

describe("reading", () => {
  it("names the versions, the key's permissions and the account", async () => {
    const sandbox = await freshSandbox();
    const versions = await crm(sandbox, "/api/api-versions");
    holdCrm("ApiVersions", versions.body);
    expect(at(versions.body, "versions")).toContain("5.0");
    const credentials = await crm(sandbox, "/api/credentials");
    holdCrm("Credentials", credentials.body);
    expect(at(credentials.body, "scopes")).toContain("integration_write");
    const system = await crm(sandbox, "/api/system-info", { key: null });
    holdCrm("SystemInfo", system.body);
    expect(at(system.body, "publicUrl")).toBe(sandbox.crmUrl);
  });

  it("gives settings and channels", async () => {
    const sandbox = await freshSandbox();
    const settings = await crm(sandbox, "/api/v5/settings");
    holdCrm("SettingsGet", settings.body);
    expect(at(settings.body, "settings.timezone.value")).toBe("Europe/Madrid");
    const channels = await crm(sandbox, "/api/v5/reference/mg-channels");
    holdCrm("MgChannels", channels.body);
    expect(each(at(channels.body, "mgChannels"), "type")).toEqual(["telegram", "whatsapp", "instagram"]);
  });

  it.each([
    { query: "", names: ["Anna", "Ivan", "Olga"] },
    { query: "?filter[online]=1", names: ["Anna"] },
    { query: "?filter[active]=0", names: [] },
    { query: "?filter[groups][]=team-leads", names: ["Olga"] },
    { query: "?filter[isManager]=1&limit=20&page=1", names: ["Anna", "Ivan", "Olga"] },
    { query: "?page=2", names: [] },
  ])("gives users by $query: $names", async ({ query, names }) => {
    const sandbox = await freshSandbox();
    const { body } = await crm(sandbox, `/api/v5/users${query}`);
    holdCrm("UsersList", body);
    expect(each(at(body, "users"), "firstName")).toEqual(names);
  });

  it("knows three limits", async () => {
    const sandbox = await freshSandbox();
    const answer = await crm(sandbox, "/api/v5/users?limit=30");
    const errors = { limit: "The value you selected is not a valid choice." };
    expect([answer.status, answer.body]).toEqual([400, refusal("Errors in the input parameters", errors)]);
  });

  it.each([
    { path: "/api/v5/nothing", method: "GET", status: 404, error: "API method not found" },
    { path: "/api/v5/users", method: "POST", status: 405, error: "Method Not Allowed" },
    { path: "/api/v5/integration-modules/x/edit", method: "GET", status: 405, error: "Method Not Allowed" },
    { path: "/api/v5/integration-modules/x", method: "GET", status: 404, error: "Not found" },
  ])("answers $method $path with $status", async ({ path, method, status, error }) => {
    const sandbox = await freshSandbox();
    const answer = await crm(sandbox, path, { method });
    expect([answer.status, answer.body]).toEqual([status, refusal(error)]);
  });

  it("says that the account does not exist, in JSON to a GET and as a page to a POST", async () => {
    const sandbox = await freshSandbox({ behaviour: { account: "unknown" } });
    const get = await crm(sandbox, "/api/credentials");
    expect([get.status, get.body]).toEqual([400, refusal("Account does not exist.")]);
    const post = await fetch(`${sandbox.crmUrl}/api/v5/integration-modules/x/edit`, { method: "POST" });
    expect([post.status, (await post.text()).startsWith("<")]).toEqual([405, true]);
  });
});

describe("the life of a module", () => {
  it("begins with an address and a token of 65 characters, and a bot", async () => {
    const sandbox = await freshSandbox();
    const registered = sandbox.waitFor(({ kind }) => kind === "module_registered");
    const answer = await editModule(sandbox, MODULE);
    holdCrm("IntegrationModuleEdit", answer.body);
    expect(answer.status).toBe(201);
    expect(at(answer.body, "info.mgBot.endpointUrl")).toBe(sandbox.gatewayUrl);
    expect(at(answer.body, "info.mgBot.token")).toMatch(/^[0-9a-f]{65}$/);
    await registered;
    expect([...sandbox.world.bots.values()].map(({ name }) => name)).toContain("Test bot");
  });

  it("can be read, with its token and whether it works", async () => {
    const { sandbox, token } = await registeredClient();
    const { body } = await crm(sandbox, "/api/v5/integration-modules/test-bot");
    holdCrm("IntegrationModuleGet", body);
    expect(at(body, "integrationModule.integrations.mgBot")).toEqual({ token, isActive: true });
    expect([at(body, "integrationModule.active"), at(body, "integrationModule.freeze")]).toEqual([true, false]);
    expect(at(body, "integrationModule.actions")).toEqual([]);
  });

  it("keeps its token through edits, until a new one is asked for", async () => {
    const { sandbox, token, api } = await registeredClient();
    const edited = await editModule(sandbox, { name: "Other name" });
    expect([edited.status, at(edited.body, "info.mgBot.token")]).toEqual([200, token]);
    expect(sandbox.world.modules.get("test-bot")?.fields.name).toBe("Other name");
    const fresh = await editModule(sandbox, { integrations: { mgBot: { refreshToken: true } } });
    const next = String(at(fresh.body, "info.mgBot.token"));
    expect(next).not.toBe(token);
    expect((await api("listBots")).status).toBe(401);
    expect((await api("listBots", { token: next })).status).toBe(200);
  });

  it("does not return the token again where the account is set so", async () => {
    const { sandbox } = await registeredClient({ behaviour: { editAnswersToken: false, moduleShowsEndpoint: true } });
    const { body } = await editModule(sandbox, { name: "Other name" });
    holdCrm("IntegrationModuleEdit", body);
    expect(body).toEqual({ success: true, info: [] });
    const read = await crm(sandbox, "/api/v5/integration-modules/test-bot");
    expect(at(read.body, "integrationModule.integrations.mgBot.endpointUrl")).toBe(sandbox.gatewayUrl);
  });

  it("switched off by an edit has a token that is refused; switched on again, the same token works", async () => {
    const { sandbox, api } = await registeredClient();
    const off = await editModule(sandbox, { active: false });
    expect(at(off.body, "info")).toEqual([]);
    const answer = await api("listBots");
    expect([answer.status, answer.body]).toEqual([403, { errors: ["access denied"] }]);
    const read = await crm(sandbox, "/api/v5/integration-modules/test-bot");
    expect(at(read.body, "integrationModule.integrations.mgBot.isActive")).toBe(false);
    await editModule(sandbox, { active: true });
    expect((await api("listBots", { query: "self=1" })).status).toBe(200);
  });

  it("created switched off has no bot yet", async () => {
    const sandbox = await freshSandbox();
    const { body } = await editModule(sandbox, { ...MODULE, active: false });
    expect(body).toEqual({ success: true, info: [] });
    const read = await crm(sandbox, "/api/v5/integration-modules/test-bot");
    expect(at(read.body, "integrationModule.integrations")).toEqual([]);
  });

  it("cannot thaw itself", async () => {
    const { sandbox, api } = await registeredClient();
    await sandbox.setModule("test-bot", { freeze: true });
    await editModule(sandbox, { freeze: false });
    expect((await api("listBots")).status).toBe(403);
    await sandbox.setModule("test-bot", { freeze: false });
    expect((await api("listBots")).status).toBe(200);
  });

  it("ends when chats are disabled; enabling them brings nothing back", async () => {
    const { sandbox, api } = await registeredClient();
    sandbox.setChats(false);
    expect((await api("listBots")).status).toBe(403);
    const failed = await editModule(sandbox, { active: true });
    const errors = ["Chats are disabled in the account."];
    expect([failed.status, failed.body]).toEqual([400, refusal("Failed to activate module", errors)]);
    sandbox.setChats(true);
    expect((await api("listBots")).status).toBe(403);
    await editModule(sandbox, { active: true });
    expect((await api("listBots")).status).toBe(200);
  });

  it("does not begin while chats are disabled", async () => {
    const sandbox = await freshSandbox({ behaviour: { chatsEnabled: false } });
    const answer = await editModule(sandbox, MODULE);
    expect([answer.status, sandbox.world.modules.size]).toEqual([400, 0]);
  });

  it.each([
    { change: { name: undefined }, field: "name", fault: "This value should not be blank." },
    { change: { name: " " }, field: "name", fault: "This value should not be blank." },
    { change: { clientId: undefined }, field: "clientId", fault: "This value should not be blank." },
    { change: { baseUrl: "bot.example" }, field: "baseUrl", fault: "This value is not a valid URL." },
    { change: { accountUrl: "/settings" }, field: "accountUrl", fault: "This value is not a valid URL." },
    { change: { name: 7 }, field: "name", fault: "This value should be of type string." },
    { change: { active: "yes" }, field: "active", fault: "This value should be of type bool." },
    { change: { code: "other" }, field: "code", fault: "This value should be equal to the code of the address." },
    { change: { integrations: undefined }, field: "integrations", fault: "This value should not be blank." },
  ])("does not begin with $change", async ({ change, field, fault }) => {
    const sandbox = await freshSandbox();
    const answer = await editModule(sandbox, { ...MODULE, ...change });
    expect([answer.status, answer.body]).toEqual([400, refusal("Errors in the entity format", { [field]: fault })]);
    expect(sandbox.world.modules.size).toBe(0);
  });

  it("is written as a form with JSON inside, not as JSON", async () => {
    const sandbox = await freshSandbox();
    const url = `${sandbox.crmUrl}/api/v5/integration-modules/test-bot/edit`;
    const headers = { "x-api-key": sandbox.apiKey, "content-type": "application/json" };
    const json = await fetch(url, { method: "POST", headers, body: JSON.stringify({ integrationModule: MODULE }) });
    expect([json.status, await json.json()]).toEqual([400, refusal("Parameter 'integrationModule' is missing")]);
    const path = "/api/v5/integration-modules/test-bot/edit";
    const broken = await crm(sandbox, path, { form: { integrationModule: "[" } });
    expect([broken.status, broken.body]).toEqual([400, refusal("Errors in the entity format")]);
  });

  it("has no permissions to widen without the one-step connection", async () => {
    const { sandbox } = await registeredClient();
    const form = { requires: '{"scopes":["order_read"]}' };
    const answer = await crm(sandbox, "/api/v5/integration-modules/test-bot/update-scopes", { form });
    expect([answer.status, answer.body]).toEqual([400, refusal("Not enabled simple connection")]);
  });

  it("is told of its activity by a form at its own address", async () => {
    const bodies: string[] = [];
    const module = createServer((request, response) => {
      request.on("data", (chunk: Buffer) => bodies.push(`${request.url} ${chunk}`));
      request.on("end", () => response.end('{"success":true}'));
    });
    await new Promise<void>((resolve) => module.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void module.close());
    const { port } = module.address() as AddressInfo;
    const sandbox = await freshSandbox();
    const baseUrl = `http://127.0.0.1:${port}/bot/`;
    await editModule(sandbox, { ...MODULE, baseUrl, actions: { activity: "/callback/activity" } });
    const called = sandbox.waitFor(({ kind }) => kind === "callback");
    await sandbox.setModule("test-bot", { freeze: true });
    expect(await called).toEqual({ kind: "callback", url: `${baseUrl}callback/activity`, status: 200 });
    const [line = ""] = bodies;
    const form = new URLSearchParams(line.split(" ")[1]);
    expect(line.startsWith("/bot/callback/activity ")).toBe(true);
    expect(Object.fromEntries(form)).toEqual({
      clientId: "client-1",
      activity: '{"active":true,"freeze":true}',
      systemUrl: sandbox.crmUrl,
    });
  });

  it("that cannot be reached loses its callback, and nothing else happens", async () => {
    const sandbox = await freshSandbox();
    await editModule(sandbox, { ...MODULE, baseUrl: sandbox.gatewayUrl, actions: { activity: "/a" } });
    sandbox.faults.add({ kind: "reset_before", match: { path: "/a" } });
    const called = sandbox.waitFor(({ kind }) => kind === "callback");
    await sandbox.setModule("test-bot", { active: false });
    expect(await called).toMatchObject({ status: null });
  });
});

describe("notifications", () => {
  it("are kept for tests to read", async () => {
    const sandbox = await freshSandbox();
    const notification = { type: "api.error", userGroups: ["superadmins"], message: "The bot lost access." };
    const form = { notification: JSON.stringify(notification) };
    const answer = await crm(sandbox, "/api/v5/notifications/send", { form });
    expect([answer.status, answer.body]).toEqual([200, { success: true }]);
    expect(sandbox.world.notifications).toEqual([notification]);
  });

  it("need a known type and a message", async () => {
    const sandbox = await freshSandbox();
    const form = { notification: '{"type":"api.shout","message":""}' };
    const answer = await crm(sandbox, "/api/v5/notifications/send", { form });
    const errors = {
      type: "The value you selected is not a valid choice.",
      message: "This value should not be blank.",
    };
    expect([answer.status, answer.body]).toEqual([400, refusal("Errors in the entity format", errors)]);
  });
});
