import { describe, expect, it } from "vitest";
import type { Sandbox } from "../../src/sandbox/index.ts";
import { offeredModule } from "../helpers/fake-module.ts";
import { at, editModule, freshSandbox, holdCrm, MODULE } from "../helpers/sandbox.ts";

const get = async (sandbox: Sandbox, path: string, key: string) => {
  const response = await fetch(`${sandbox.crmUrl}${path}`, { headers: { "x-api-key": key } });
  return { status: response.status, body: (await response.json()) as unknown };
};

const MODULE_PATH = `/api/v5/integration-modules/${MODULE.code}`;

describe("keys that the owner makes", () => {
  it("have the permissions that a bot needs, beside the first key", async () => {
    const sandbox = await freshSandbox();
    const key = sandbox.newKey();
    expect(key).toMatch(/^[0-9a-f]{32}$/);
    const { body } = await get(sandbox, "/api/credentials", key);
    holdCrm("Credentials", body);
    expect(at(body, "scopes")).toContain("integration_write");
    expect(at(body, "siteAccess")).toBe("access_full");
    expect((await get(sandbox, "/api/credentials", sandbox.apiKey)).status).toBe(200);
  });

  it("without any rights name none and may call nothing", async () => {
    const sandbox = await freshSandbox();
    const key = sandbox.newKey({ scopes: [] });
    const { body } = await get(sandbox, "/api/credentials", key);
    expect(body).toMatchObject({ scopes: [], credentials: [] });
    expect((await get(sandbox, "/api/v5/users", key)).status).toBe(403);
  });

  it("of the older kind name methods, and may call exactly these", async () => {
    const sandbox = await freshSandbox();
    await editModule(sandbox, MODULE);
    const methods = ["/api/integration-modules/{code}", "/api/users"];
    const key = sandbox.newKey({ methods });
    const { body } = await get(sandbox, "/api/credentials", key);
    holdCrm("Credentials", body);
    expect(body).toMatchObject({ scopes: [], credentials: methods });
    expect((await get(sandbox, MODULE_PATH, key)).status).toBe(200);
    expect((await get(sandbox, "/api/v5/users", key)).status).toBe(200);
    expect((await get(sandbox, "/api/v5/orders", key)).status).toBe(403);
  });

  it("for some shops say which", async () => {
    const sandbox = await freshSandbox();
    const { body } = await get(sandbox, "/api/credentials", sandbox.newKey({ sites: ["tea"] }));
    expect(body).toMatchObject({ siteAccess: "access_selective", sitesAvailable: ["tea"] });
  });

  it("lose rights and end when the owner says so", async () => {
    const sandbox = await freshSandbox();
    sandbox.changeKey(sandbox.apiKey, { scopes: ["order_read"] });
    expect((await get(sandbox, "/api/v5/users", sandbox.apiKey)).body).toMatchObject({ errorMsg: "Access denied." });
    sandbox.deleteKey(sandbox.apiKey);
    const refused = await get(sandbox, "/api/credentials", sandbox.apiKey);
    expect([refused.status, at(refused.body, "errorMsg")]).toEqual([403, 'Wrong "apiKey" value.']);
    expect(() => sandbox.deleteKey(sandbox.apiKey)).toThrow(RangeError);
    expect(() => sandbox.changeKey("none", {})).toThrow(RangeError);
  });
});

describe("update-scopes", () => {
  const widen = async (sandbox: Sandbox, key: string, requires: string) => {
    const init = { method: "POST", headers: { "x-api-key": key }, body: new URLSearchParams({ requires }) };
    const response = await fetch(`${sandbox.crmUrl}${MODULE_PATH}/update-scopes`, init);
    return { status: response.status, body: (await response.json()) as unknown };
  };

  /** A module that was connected in one step, and the key that it got. */
  async function connected() {
    const sandbox = await freshSandbox();
    await offeredModule(sandbox);
    const { sent } = await sandbox.connectInOneStep(MODULE.code);
    await editModule(sandbox, MODULE);
    return { sandbox, key: sent?.apiKey ?? "" };
  }

  it("gives a new key with exactly the wanted permissions, and the old one is refused", async () => {
    const { sandbox, key } = await connected();
    const { status, body } = await widen(sandbox, key, '{"scopes":["order_read","order_write"]}');
    holdCrm("UpdateScopesOut", body);
    const fresh = String(at(body, "apiKey"));
    expect([status, fresh === key]).toEqual([200, false]);
    expect((await get(sandbox, "/api/credentials", key)).status).toBe(403);
    expect((await get(sandbox, "/api/credentials", fresh)).body).toMatchObject({
      scopes: ["order_read", "order_write"],
    });
  });

  it.each(['{"scopes":[]}', '{"scopes":["everything"]}', '{"scopes":"order_read"}', "{}"])(
    "refuses %s, and the old key goes on",
    async (requires) => {
      const { sandbox, key } = await connected();
      const { status, body } = await widen(sandbox, key, requires);
      expect([status, at(body, "errors.scopes")]).toEqual([400, "This value is not valid."]);
      expect((await get(sandbox, "/api/credentials", key)).status).toBe(200);
    },
  );
});

describe("the versions of the API", () => {
  it("can lack the fifth, whose methods are then not there", async () => {
    const sandbox = await freshSandbox();
    sandbox.behave({ versions: ["3.0", "4.0"] });
    const { body } = await get(sandbox, "/api/api-versions", sandbox.apiKey);
    holdCrm("ApiVersions", body);
    expect(at(body, "versions")).toEqual(["3.0", "4.0"]);
    const gone = await get(sandbox, "/api/v5/users", sandbox.apiKey);
    expect([gone.status, at(gone.body, "errorMsg")]).toEqual([404, "API method not found"]);
    expect((await get(sandbox, "/api/credentials", sandbox.apiKey)).status).toBe(200);
  });

  it("are set as all behaviour is, where anything unknown is refused", async () => {
    const sandbox = await freshSandbox();
    expect(() => sandbox.behave({ kindness: 1 } as never)).toThrow("no behaviour kindness that could be set");
    expect(() => sandbox.behave({ chatsEnabled: false })).toThrow(RangeError);
  });
});
