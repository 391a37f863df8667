import { describe, expect, it } from "vitest";
import { oneStepToken } from "../../src/sandbox/hands/one-step.ts";
import type { Sandbox } from "../../src/sandbox/index.ts";
import { offeredModule, SECRET } from "../helpers/fake-module.ts";
import { answer } from "../helpers/http-server.ts";
import { editModule, freshSandbox, holdCrm, MODULE } from "../helpers/sandbox.ts";

const works = async ({ crmUrl }: Sandbox, key: string): Promise<boolean> =>
  (await fetch(`${crmUrl}/api/credentials`, { headers: { "x-api-key": key } })).status === 200;

const keyCount = ({ world }: Sandbox) => world.keys.size;

describe("the one-step connection", () => {
  it("asks the module when its card is opened, without a word about the account", async () => {
    const sandbox = await freshSandbox();
    const module = await offeredModule(sandbox);
    const { config, body } = await sandbox.openCard(MODULE.code);
    holdCrm("SimpleConfig", body);
    expect(config?.registerUrl).toBe(`${module.url}/simple/register`);
    expect(module.requests.map(({ method, path, query }) => [method, path, String(query)])).toEqual([
      ["GET", "/simple/config", ""],
    ]);
  });

  it("posts a signed key with the wanted permissions, which works while the module is being told of it", async () => {
    const sandbox = await freshSandbox();
    const module = await offeredModule(sandbox);
    let worked = false;
    module.answerRegister(async (response, { body }) => {
      const { apiKey } = JSON.parse(new URLSearchParams(String(body)).get("register") ?? "{}");
      worked = await works(sandbox, apiKey);
      answer(response, 200, { success: true, accountUrl: "https://bot.example/settings/1" });
    });
    const outcome = await sandbox.connectInOneStep(MODULE.code);
    const [form] = module.forms("/simple/register");
    const register: unknown = JSON.parse(form?.register ?? "");
    holdCrm("SimpleRegister", register);
    expect(register).toEqual(outcome.sent);
    const { token, apiKey, systemUrl } = outcome.sent ?? {};
    expect([token, systemUrl]).toEqual([oneStepToken(SECRET, apiKey ?? ""), sandbox.crmUrl]);
    expect([worked, outcome.accountUrl, outcome.errorMsg]).toEqual([true, "https://bot.example/settings/1", null]);
  });

  it("signs with the hex HMAC-SHA256 of the key under the secret", () => {
    // The published vector of this function.
    expect(oneStepToken("key", "The quick brown fox jumps over the lazy dog")).toBe(
      "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8",
    );
  });

  it("writes nested fields where the account is set so", async () => {
    const sandbox = await freshSandbox({ behaviour: { registerAs: "fields" } });
    const module = await offeredModule(sandbox);
    const { sent } = await sandbox.connectInOneStep(MODULE.code);
    expect(module.forms("/simple/register")).toEqual([
      { "register[token]": sent?.token, "register[apiKey]": sent?.apiKey, "register[systemUrl]": sandbox.crmUrl },
    ]);
  });

  it.each([
    { status: 401, body: { success: false, errorMsg: "Bad token" }, errorMsg: "Bad token" },
    { status: 200, body: { success: false, errorMsg: "No" }, errorMsg: "No" },
    { status: 200, body: { success: true }, errorMsg: "The module answered 200." },
    { status: 200, body: { success: true, accountUrl: "javascript:alert(1)" }, errorMsg: "The module answered 200." },
    { status: 401, body: {}, errorMsg: "The module answered 401." },
  ])("that ends with $status $body leaves no key behind: $errorMsg", async ({ status, body, errorMsg }) => {
    const sandbox = await freshSandbox();
    const module = await offeredModule(sandbox);
    module.answerRegister((response) => answer(response, status, body));
    const outcome = await sandbox.connectInOneStep(MODULE.code);
    expect([outcome.accountUrl, outcome.errorMsg, keyCount(sandbox)]).toEqual([null, errorMsg, 1]);
    expect(await works(sandbox, outcome.sent?.apiKey ?? "")).toBe(false);
  });

  it.each([
    { success: false, errorMsg: "closed" },
    { success: true, scopes: "all", registerUrl: "https://bot.example/r" },
    { success: true, scopes: [], registerUrl: "/register" },
    null,
  ])("does not begin when the configuration address says %j", async (config) => {
    const sandbox = await freshSandbox();
    const module = await offeredModule(sandbox);
    module.answerConfig((response) => answer(response, 200, config));
    const outcome = await sandbox.connectInOneStep(MODULE.code);
    expect([outcome.sent, outcome.errorMsg]).toEqual([null, "The configuration address makes no sense."]);
    expect([module.forms("/simple/register"), keyCount(sandbox)]).toEqual([[], 1]);
  });

  it("made again has a new key, and the one before is refused", async () => {
    const sandbox = await freshSandbox();
    await offeredModule(sandbox);
    const first = await sandbox.connectInOneStep(MODULE.code);
    const second = await sandbox.connectInOneStep(MODULE.code);
    expect(await works(sandbox, first.sent?.apiKey ?? "")).toBe(false);
    expect(await works(sandbox, second.sent?.apiKey ?? "")).toBe(true);
  });

  it("made again and refused leaves the key before as it was", async () => {
    const sandbox = await freshSandbox();
    const module = await offeredModule(sandbox);
    const first = await sandbox.connectInOneStep(MODULE.code);
    module.answerRegister((response) => answer(response, 500, {}));
    await sandbox.connectInOneStep(MODULE.code);
    expect(await works(sandbox, first.sent?.apiKey ?? "")).toBe(true);
  });

  it("may ask for other permissions before it has answered: the newer key stays", async () => {
    const sandbox = await freshSandbox();
    const module = await offeredModule(sandbox);
    let fresh = "";
    module.answerRegister(async (response, { body }) => {
      const { apiKey } = JSON.parse(new URLSearchParams(String(body)).get("register") ?? "{}");
      await editModule(sandbox, MODULE);
      const url = `${sandbox.crmUrl}/api/v5/integration-modules/${MODULE.code}/update-scopes`;
      const form = new URLSearchParams({ requires: '{"scopes":["order_read"]}' });
      const widened = await fetch(url, { method: "POST", headers: { "x-api-key": apiKey }, body: form });
      fresh = String(((await widened.json()) as { apiKey: string }).apiKey);
      answer(response, 200, { success: true, accountUrl: "https://bot.example/s" });
    });
    await sandbox.connectInOneStep(MODULE.code);
    expect(await works(sandbox, fresh)).toBe(true);
  });

  it.each([
    { forged: { token: "00" }, what: "a wrong signature" },
    { forged: { systemUrl: "https://evil.example" }, what: "another address under a true signature" },
    { forged: { apiKey: "stolen" }, what: "somebody's key, signed" },
  ])("can be forged: $what", async ({ forged }) => {
    const sandbox = await freshSandbox();
    const module = await offeredModule(sandbox);
    const { sent } = await sandbox.connectInOneStep(MODULE.code, forged);
    expect(sent).toMatchObject(forged);
    const [form] = module.forms("/simple/register");
    expect(JSON.parse(form?.register ?? "")).toEqual(sent);
  });

  it("is for modules that offer it", async () => {
    const sandbox = await freshSandbox();
    await offeredModule(sandbox, false);
    await expect(sandbox.connectInOneStep(MODULE.code)).rejects.toThrow(RangeError);
    await expect(sandbox.openCard("nobody")).rejects.toThrow(RangeError);
  });

  it.each([
    { code: "a b", formUrl: "https://bot.example/" },
    { code: "bot", formUrl: "bot.example" },
    { code: "bot", formUrl: "https://bot.example/", oneStep: { configUrl: "/simple/config", secret: "s" } },
  ])("and any other is not offered as $code at $formUrl", async (offer) => {
    const sandbox = await freshSandbox();
    expect(() => sandbox.offerModule({ name: "Bot", ...offer })).toThrow(RangeError);
  });
});
