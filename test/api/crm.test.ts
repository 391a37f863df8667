import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type CrmApi, createCrmApi } from "../../src/api/crm.ts";
import { createPaces } from "../../src/api/pace/paces.ts";
import { answer, type Responder, startHttpServer, type TestServer } from "../helpers/http-server.ts";
import { createTestLog } from "../helpers/test-log.ts";
import { createHastyClock, createVirtualClock } from "../helpers/virtual-clock.ts";

let server: TestServer;
let crm: CrmApi;
let respond: Responder;

beforeEach(async () => {
  server = await startHttpServer((...all) => respond(...all));
  const { log } = createTestLog();
  crm = createCrmApi({ url: `${server.url}/`, apiKey: "key-canary", clock: createHastyClock(), random: () => 0, log });
});
afterEach(async () => {
  crm.close();
  await server.stop();
});

const says =
  (body: unknown, status = 200): Responder =>
  (response) =>
    answer(response, status, body);

const module = {
  code: "rulebot",
  name: "Rulebot",
  clientId: "c0ffee",
  baseUrl: "https://bot.test",
  integrations: { mgBot: {} },
};

describe("reading the module", () => {
  it("gives it, asked for with the key in the header alone", async () => {
    const found = {
      code: "rulebot",
      active: true,
      actions: { activity: "/a" },
      integrations: { mgBot: { token: "t", isActive: true } },
    };
    respond = says({ success: true, integrationModule: found });
    await expect(crm.readModule("rulebot")).resolves.toEqual(found);
    const [request] = server.requests;
    expect(request).toMatchObject({ method: "GET", path: "/api/v5/integration-modules/rulebot" });
    expect(request?.headers["x-api-key"]).toBe("key-canary");
    expect(request?.query.toString()).toBe("");
  });

  it("takes PHP's empty list for an empty map", async () => {
    respond = says({ success: true, integrationModule: { code: "rulebot", actions: [], integrations: [] } });
    await expect(crm.readModule("rulebot")).resolves.toEqual({ code: "rulebot", actions: {}, integrations: {} });
  });

  it("leaves out what should be a text and is none, and keeps the rest", async () => {
    const odd = {
      code: "rulebot",
      active: true,
      name: 5,
      clientId: null,
      baseUrl: ["https://bot.test"],
      accountUrl: "https://bot.test/settings",
      actions: { activity: 1, settings: "/s" },
      integrations: { mgBot: { token: 18, endpointUrl: {}, isActive: true }, delivery: { a: 1 } },
    };
    respond = says({ success: true, integrationModule: odd });
    await expect(crm.readModule("rulebot")).resolves.toEqual({
      code: "rulebot",
      active: true,
      accountUrl: "https://bot.test/settings",
      actions: { settings: "/s" },
      integrations: { mgBot: { isActive: true }, delivery: { a: 1 } },
    });
  });

  it("gives null when there is none", async () => {
    respond = says({ success: false, errorMsg: "Not found" }, 404);
    await expect(crm.readModule("rulebot")).resolves.toBeNull();
  });

  it("does not take the 404 of some web server for 'there is none'", async () => {
    respond = (response) => response.writeHead(404).end("<html>nginx</html>");
    await expect(crm.readModule("rulebot")).rejects.toThrow(expect.objectContaining({ kind: "not_json", status: 404 }));
  });
});

describe("writing the module", () => {
  it("posts it as one form field and gives the access", async () => {
    respond = says(
      { success: true, info: { mgBot: { endpointUrl: "https://mg.test", token: "t" }, billingInfo: { price: 5 } } },
      201,
    );
    await expect(crm.editModule(module)).resolves.toEqual({
      mgBot: { endpointUrl: "https://mg.test", token: "t" },
      billingInfo: { price: 5 },
    });
    const [request] = server.requests;
    expect(request).toMatchObject({ method: "POST", path: "/api/v5/integration-modules/rulebot/edit" });
    expect(request?.headers["content-type"]).toBe("application/x-www-form-urlencoded");
    const form = new URLSearchParams(request?.body.toString());
    expect([...form.keys()]).toEqual(["integrationModule"]);
    expect(JSON.parse(form.get("integrationModule") ?? "")).toEqual(module);
  });

  it.each([
    { info: [], given: {} },
    { info: undefined, given: {} },
    { info: { mgBot: [] }, given: { mgBot: {} } },
    { info: { mgBot: { endpointUrl: "https://mg.test" } }, given: { mgBot: { endpointUrl: "https://mg.test" } } },
    { info: { mgBot: { endpointUrl: "", token: null } }, given: { mgBot: {} } },
    {
      info: { mgBot: { endpointUrl: 7, token: "t" }, billingInfo: [] },
      given: { mgBot: { token: "t" }, billingInfo: {} },
    },
  ])("gives what there is of $info", async ({ info, given }) => {
    respond = says({ success: true, info });
    await expect(crm.editModule(module)).resolves.toEqual(given);
  });

  it("is repeated after a lost answer, since the code makes it the same module", async () => {
    respond = (response, _request, nth) => {
      if (nth === 1) response.destroy();
      else answer(response, 200, { success: true, info: [] });
    };
    await crm.editModule(module);
    expect(server.requests).toHaveLength(2);
  });
});

describe("what the CRM refuses", () => {
  it.each([
    {
      status: 403,
      body: { success: false, errorMsg: 'Wrong "apiKey" value.' },
      kind: "refused",
      errors: ['Wrong "apiKey" value.'],
    },
    { status: 403, body: { success: false, errorMsg: "Access denied." }, kind: "refused", errors: ["Access denied."] },
    {
      status: 400,
      body: { success: false, errorMsg: "Errors in the entity format", errors: { name: "is empty" } },
      kind: "bad_request",
      errors: ["Errors in the entity format", "name: is empty"],
    },
    {
      status: 400,
      body: { success: false, errorMsg: "Account does not exist." },
      kind: "bad_request",
      errors: ["Account does not exist."],
    },
    {
      status: 200,
      body: { success: false, errorMsg: "Chats are disabled" },
      kind: "bad_request",
      errors: ["Chats are disabled"],
    },
    { status: 200, body: { success: false }, kind: "bad_request", errors: [] },
    { status: 200, body: { hello: "world" }, kind: "not_json", errors: [] },
    { status: 200, body: [], kind: "not_json", errors: [] },
  ])("$status $body is $kind", async ({ status, body, kind, errors }) => {
    respond = says(body, status);
    await expect(crm.credentials()).rejects.toThrow(expect.objectContaining({ kind, errors }));
  });

  it("says whose answer was no CRM's, and what the CRM said", async () => {
    respond = says({ hello: "world" });
    await expect(crm.settings()).rejects.toThrow(
      `GET ${server.url}/api/v5/settings was answered with JSON that is not the CRM's`,
    );
    respond = says({ success: false, errorMsg: "Chats are disabled" });
    await expect(crm.editModule(module)).rejects.toThrow(
      `POST ${server.url}/api/v5/integration-modules/rulebot/edit was not accepted: Chats are disabled`,
    );
    respond = (response) => response.end("<!DOCTYPE html><html></html>");
    await expect(crm.apiVersions()).rejects.toThrow(
      `GET ${server.url}/api/api-versions answered 200 with a web page instead of JSON`,
    );
  });

  it("waits and asks again when it was too fast", async () => {
    respond = (response, _request, nth) => {
      if (nth === 1) answer(response, 503, { success: false, errorMsg: "Rate limit exceeded" });
      else answer(response, 200, { success: true, versions: ["5.0"] });
    };
    await expect(crm.apiVersions()).resolves.toEqual({ success: true, versions: ["5.0"] });
    expect(server.requests).toHaveLength(2);
  });

  it("is an address that is none", () => {
    const { log } = createTestLog();
    const create = () => createCrmApi({ url: "shop", apiKey: "k", clock: createHastyClock(), random: () => 0, log });
    expect(create).toThrow("The address of the CRM is not a web address");
  });
});

it("clients that speak with the same key keep to its limits together", async () => {
  const clock = createVirtualClock();
  const { log } = createTestLog();
  const paces = createPaces(clock);
  const one = () => createCrmApi({ url: server.url, apiKey: "shared", paces, clock, random: () => 0, log });
  const clients = [one(), one()];
  respond = says({ success: true, scopes: [] });
  const asked = Promise.all(clients.flatMap((client) => Array.from({ length: 8 }, () => client.credentials())));
  await expect.poll(() => server.requests.length).toBe(8);
  await clock.advance(900);
  await expect.poll(() => server.requests.length).toBeGreaterThan(12);
  expect(server.requests.length).toBeLessThan(16);
  await clock.advance(1_000);
  await asked;
  for (const client of clients) client.close();
});

describe("the other methods", () => {
  it.each([
    { name: "credentials", path: "/api/credentials", body: { success: true, scopes: ["user_read"] } },
    { name: "apiVersions", path: "/api/api-versions", body: { success: true, versions: ["5.0"] } },
    { name: "systemInfo", path: "/api/system-info", body: { success: true, publicUrl: "https://shop.test" } },
  ] as const)("$name asks $path", async ({ name, path, body }) => {
    respond = says(body);
    await expect(crm[name]()).resolves.toEqual(body);
    expect(server.requests[0]).toMatchObject({ method: "GET", path });
  });

  it("settings gives the settings themselves", async () => {
    respond = says({ success: true, settings: { timezone: { value: "Europe/Madrid" } } });
    await expect(crm.settings()).resolves.toEqual({ timezone: { value: "Europe/Madrid" } });
  });

  it("users gives the people of all pages, each once", async () => {
    respond = (response, { query }) => {
      const page = Number(query.get("page"));
      const users = [{ id: page * 10 }, { id: page * 10 + 1 }, { id: 11 }];
      answer(response, 200, { success: true, users, pagination: { currentPage: page, totalPageCount: 3 } });
    };
    const users = await crm.users();
    expect(users.map(({ id }) => id)).toEqual([10, 11, 20, 21, 30, 31]);
    expect(server.requests.map(({ query }) => query.toString())).toEqual([
      "limit=100&page=1",
      "limit=100&page=2",
      "limit=100&page=3",
    ]);
  });

  it.each([
    { what: "no pagination", body: { success: true, users: [{ id: 1 }] }, ids: [1], pages: 1 },
    { what: "no users", body: { success: true, users: [], pagination: { totalPageCount: 9 } }, ids: [], pages: 1 },
    {
      what: "the same page again and again",
      body: { success: true, users: [{ id: 1 }], pagination: { totalPageCount: 999 } },
      ids: [1],
      pages: 2,
    },
  ])("users ends with $what", async ({ body, ids, pages }) => {
    respond = says(body);
    expect((await crm.users()).map(({ id }) => id)).toEqual(ids);
    expect(server.requests).toHaveLength(pages);
  });

  it("notify posts the notification, and never twice", async () => {
    respond = (response) => response.destroy();
    const notification = { type: "api.error", message: "The bot is off", userGroups: ["superadmins"] } as const;
    const notify = crm.notify({ ...notification, userGroups: [...notification.userGroups] });
    await expect(notify).rejects.toThrow(expect.objectContaining({ sent: "maybe" }));
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]).toMatchObject({ method: "POST", path: "/api/v5/notifications/send" });
    const form = new URLSearchParams(server.requests[0]?.body.toString());
    expect(JSON.parse(form.get("notification") ?? "")).toEqual(notification);
  });
});
