import { describe, expect, it } from "vitest";
import type { Sandbox, SandboxOptions } from "../../src/sandbox/index.ts";
import { listeningModule, offeredModule } from "../helpers/fake-module.ts";
import { answer } from "../helpers/http-server.ts";
import { editModule, freshSandbox, MODULE } from "../helpers/sandbox.ts";

const CARD = `/marketplace/${MODULE.code}`;

async function get(sandbox: Sandbox, path: string) {
  const response = await fetch(`${sandbox.crmUrl}${path}`);
  return { status: response.status, type: response.headers.get("content-type"), text: await response.text() };
}

/** Posts a form of the page as a browser does. */
async function press(sandbox: Sandbox, path: string, fields: Record<string, string> = {}, origin = sandbox.crmUrl) {
  const init = { method: "POST", body: new URLSearchParams(fields), headers: { origin }, redirect: "manual" } as const;
  const response = await fetch(`${sandbox.crmUrl}${path}`, init);
  return { status: response.status, where: response.headers.get("location"), text: await response.text() };
}

/** A module that is offered and registered. */
async function connected(options: SandboxOptions = {}) {
  const sandbox = await freshSandbox(options);
  const module = await offeredModule(sandbox, false);
  await editModule(sandbox, listeningModule(module.url));
  return { sandbox, module };
}

describe("the account's first page", () => {
  it.each(["/", "/admin", "/admin/integration/list?x=1"])("is where %s leads, and names the modules", async (path) => {
    const { sandbox } = await connected();
    const { status, type, text } = await get(sandbox, path);
    expect([status, type]).toEqual([200, "text/html; charset=utf-8"]);
    expect(text).toContain('<a href="/marketplace/test-bot">Tea bot &lt;&amp;&gt;</a>: Switched on');
  });

  it("says so when there are none, in the account's language", async () => {
    const sandbox = await freshSandbox({ seed: { language: "ES" } });
    const { text } = await get(sandbox, "/");
    expect(text).toContain('<html lang="es">');
    expect(text).toContain("Todavía no hay módulos.");
  });

  it("changes the settings, and the modules hear of it", async () => {
    const { sandbox, module } = await connected();
    const { where } = await press(sandbox, "/account/settings", { timezone: "Asia/Tbilisi", language: "RU" });
    expect([where, sandbox.world.timezone, sandbox.world.language]).toEqual(["/", "Asia/Tbilisi", "RU"]);
    expect(module.forms("/actions/settings")).toHaveLength(1);
    expect((await get(sandbox, "/")).text).toContain("Модули");
  });

  it("is told of, and is no request of the service", async () => {
    const sandbox = await freshSandbox({ behaviour: { crmPerSecond: 0 } });
    const seen = sandbox.waitFor(({ kind }) => kind === "page");
    await get(sandbox, "/admin/integration?from=bot");
    expect(await seen).toEqual({ kind: "page", method: "GET", path: "/admin/integration" });
    expect(sandbox.requests).toEqual([]);
  });
});

describe("the page of a module", () => {
  it.each([
    { accountParameter: "url" as const, account: "http" },
    { accountParameter: "host" as const, account: "127.0.0.1" },
    { accountParameter: "none" as const, account: null },
  ])("leads to its form with the account as $accountParameter", async ({ accountParameter, account }) => {
    const sandbox = await freshSandbox({ behaviour: { accountParameter } });
    const module = await offeredModule(sandbox, false);
    const { text } = await get(sandbox, CARD);
    expect(text).toContain("Not connected");
    expect(text).toContain('<button type="submit">Connect</button>');
    const { status, where } = await press(sandbox, `${CARD}/connect`);
    const address = new URL(where ?? "");
    expect([status, address.origin, address.searchParams.get("lang")]).toEqual([303, module.url, "en"]);
    if (account === null) expect(address.searchParams.has("account")).toBe(false);
    else expect(address.searchParams.get("account")).toContain(account);
    if (account === "http") expect(address.searchParams.get("account")).toBe(sandbox.crmUrl);
  });

  it("connects in one step where the module offers it, and shows what it asks for", async () => {
    const sandbox = await freshSandbox();
    const module = await offeredModule(sandbox);
    expect((await get(sandbox, CARD)).text).toContain("<li>integration_write</li>");
    const { status, where } = await press(sandbox, `${CARD}/connect`);
    expect([status, where]).toEqual([303, `${module.url}/settings/client-1`]);
    expect(module.forms("/simple/register")).toHaveLength(1);
  });

  it("shows why the module refused, as text", async () => {
    const sandbox = await freshSandbox();
    const module = await offeredModule(sandbox);
    module.answerRegister((response) => answer(response, 400, { success: false, errorMsg: "<b>taken</b>" }));
    const { status, text } = await press(sandbox, `${CARD}/connect`);
    expect(status).toBe(502);
    expect(text).toContain('<p role="alert">&lt;b&gt;taken&lt;/b&gt;</p>');
  });

  it("has no button while the module does not say what it needs", async () => {
    const sandbox = await freshSandbox();
    const module = await offeredModule(sandbox);
    module.answerConfig((response) => answer(response, 500, {}));
    const { text } = await get(sandbox, CARD);
    expect(text).toContain("The module does not say what it needs.");
    expect(text).not.toContain("/connect");
  });

  it.each([
    { fields: { active: "0" }, says: "Switched off", told: { active: false, freeze: false } },
    { fields: { freeze: "1" }, says: "Frozen: it has not been paid for", told: { active: true, freeze: true } },
  ])("switches it: $fields, and tells it", async ({ fields, says, told }) => {
    const { sandbox, module } = await connected();
    const { where } = await press(sandbox, `${CARD}/state`, fields);
    expect(where).toBe(CARD);
    const [form] = module.forms("/actions/activity");
    expect(JSON.parse(form?.activity ?? "")).toEqual(told);
    const { text } = await get(sandbox, CARD);
    expect(text).toContain(`<p id="standing">${says}</p>`);
    expect(text).toContain(`${module.url}/actions/activity (200)`);
  });

  it.each([
    { settingsBy: "get" as const, markup: (url: string) => `<a class="button" href="${url}">Settings</a>` },
    {
      settingsBy: "post" as const,
      markup: (url: string) =>
        `<form method="post" action="${url}"><input type="hidden" name="clientId" value="client-1">`,
    },
  ])("opens its settings by $settingsBy, in a tab or in a frame", async ({ settingsBy, markup }) => {
    const { sandbox, module } = await connected({ behaviour: { settingsBy } });
    const url = `${module.url}/settings/client-1`;
    expect((await get(sandbox, CARD)).text).toContain(markup(url));
    sandbox.behave({ settingsIn: "frame" });
    expect((await get(sandbox, CARD)).text).toContain(`<a class="button" href="${CARD}/settings">Settings</a>`);
    const { text } = await get(sandbox, `${CARD}/settings`);
    expect(text).toContain(
      settingsBy === "get" ? `<iframe name="module" title="Test bot" src="${url}">` : 'target="module"',
    );
  });

  it.each(["/marketplace/nobody", "/marketplace/nobody/settings", "/account/other"])(
    "is not there at %s",
    async (path) => {
      const sandbox = await freshSandbox();
      expect((await get(sandbox, path)).status).toBe(404);
    },
  );
});

describe("the page of keys", () => {
  it("makes one with the ticked permissions, and shows it once", async () => {
    const sandbox = await freshSandbox();
    expect((await get(sandbox, "/account/keys")).text).toContain('name="scope_integration_write" value="1" checked');
    const { text } = await press(sandbox, "/account/keys", { scope_order_read: "1" });
    const key = /<output><code>([0-9a-f]{32})</.exec(text)?.[1] ?? "";
    expect(sandbox.world.keys.get(key)?.scopes).toEqual(["order_read"]);
    expect((await get(sandbox, "/account/keys")).text).not.toContain(key);
  });

  it.each(["https://evil.example", "null", "http://localhost:1"])("takes nothing from a page of %s", async (origin) => {
    const sandbox = await freshSandbox();
    const { status } = await press(sandbox, "/account/keys", {}, origin);
    expect([status, sandbox.world.keys.size]).toEqual([403, 1]);
  });
});
