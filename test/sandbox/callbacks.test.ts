import { describe, expect, it } from "vitest";
import { listeningModule, offeredModule } from "../helpers/fake-module.ts";
import { answer } from "../helpers/http-server.ts";
import { editModule, freshSandbox, holdCrm, MODULE } from "../helpers/sandbox.ts";
import { createVirtualClock } from "../helpers/virtual-clock.ts";

const ACTIVITY = "/actions/activity";
const SETTINGS = "/actions/settings";

/** A registered module that hears both callbacks. */
async function listening(options: Parameters<typeof freshSandbox>[0] = {}) {
  const sandbox = await freshSandbox(options);
  const module = await offeredModule(sandbox);
  await editModule(sandbox, listeningModule(module.url));
  const activities = () => module.forms(ACTIVITY).map(({ activity = "" }) => JSON.parse(activity));
  return { sandbox, module, activities };
}

describe("the settings callback", () => {
  it("is a form with what changed, and the account says the same when it is asked", async () => {
    const { sandbox, module } = await listening();
    await sandbox.changeSettings({ timezone: "Europe/Berlin" });
    const [form] = module.forms(SETTINGS);
    holdCrm("SettingsCallbackForm", form);
    const settings = JSON.parse(form?.settings ?? "");
    holdCrm("Settings", settings);
    expect([form?.clientId, Object.keys(settings), settings.timezone.value]).toEqual([
      MODULE.clientId,
      ["timezone"],
      "Europe/Berlin",
    ]);
    const asked = await fetch(`${sandbox.crmUrl}/api/v5/settings`, { headers: { "x-api-key": sandbox.apiKey } });
    expect(await asked.json()).toMatchObject({ settings: { timezone: { value: "Europe/Berlin" } } });
  });

  it("can bring all settings", async () => {
    const { sandbox, module } = await listening();
    await sandbox.sendSettings(MODULE.code);
    const [form] = module.forms(SETTINGS);
    expect(Object.keys(JSON.parse(form?.settings ?? ""))).toEqual(
      expect.arrayContaining(["timezone", "work_times", "system_language"]),
    );
  });
});

describe("callbacks", () => {
  it("are not signed, and can lie in every field", async () => {
    const { sandbox, module } = await listening();
    const lie = { systemUrl: "https://evil.example", activity: '{"active":false,"freeze":false}', billingInfo: "{}" };
    await sandbox.sendActivity(MODULE.code, lie);
    await sandbox.sendActivity(MODULE.code, { clientId: "guess", systemUrl: null, activity: "not json" });
    await sandbox.sendSettings(MODULE.code, { settings: "[" });
    expect(module.forms(ACTIVITY)).toEqual([
      { clientId: MODULE.clientId, ...lie },
      { clientId: "guess", activity: "not json" },
    ]);
    expect(module.forms(SETTINGS)).toEqual([{ clientId: MODULE.clientId, settings: "[" }]);
    expect(sandbox.world.modules.get(MODULE.code)?.active).toBe(true);
    await expect(sandbox.sendActivity("nobody")).rejects.toThrow(RangeError);
  });

  it("come late, in the wrong order and several times where they were held back", async () => {
    const { sandbox, module, activities } = await listening();
    sandbox.holdCallbacks();
    await sandbox.setModule(MODULE.code, { active: false });
    await sandbox.setModule(MODULE.code, { active: true });
    expect([module.forms(ACTIVITY), sandbox.world.callbacks.held?.length]).toEqual([[], 2]);
    await sandbox.releaseCallbacks({ order: "reversed", times: 2 });
    const [on, off] = [
      { active: true, freeze: false },
      { active: false, freeze: false },
    ];
    expect(activities()).toEqual([on, on, off, off]);
    await sandbox.setModule(MODULE.code, { freeze: true });
    expect(activities()).toHaveLength(5);
  });

  it("held back in good order arrive in good order", async () => {
    const { sandbox, activities } = await listening();
    sandbox.holdCallbacks();
    await sandbox.setModule(MODULE.code, { active: false });
    await sandbox.setModule(MODULE.code, { active: true });
    await sandbox.releaseCallbacks();
    expect(activities().map(({ active }) => active)).toEqual([false, true]);
  });

  it.each([
    { callbackAttempts: 1, tries: 1 },
    { callbackAttempts: 3, tries: 3 },
  ])("that fail are tried $tries times", async ({ callbackAttempts, tries }) => {
    const clock = createVirtualClock();
    const sandbox = await freshSandbox({ clock, behaviour: { callbackAttempts } });
    const module = await offeredModule(sandbox);
    // Nothing but `register` can be made to fail in the fake, so that is where the callbacks go.
    await editModule(sandbox, { ...listeningModule(module.url), actions: { activity: "/simple/register" } });
    module.answerRegister((response) => answer(response, 500, {}));
    const told = sandbox.setModule(MODULE.code, { active: false });
    for (let nth = 1; nth < tries; nth += 1) {
      while (clock.slept.filter((ms) => ms === 1000).length < nth) await new Promise(setImmediate);
      await clock.advance(1000);
    }
    await told;
    expect(module.forms("/simple/register")).toHaveLength(tries);
    expect(sandbox.world.callbacks.sent.map(({ status }) => status)).toEqual(Array(tries).fill(500));
  });
});

describe("a renamed account", () => {
  const info = async (url: string) => {
    const response = await fetch(`${url}/api/system-info`, { redirect: "manual" });
    return { status: response.status, where: response.headers.get("location"), text: await response.text() };
  };

  it("has a new public address that answers, beside the old one; the technical one stays", async () => {
    const { sandbox, module } = await listening();
    const url = await sandbox.renameAccount();
    expect(url).toMatch(/^http:\/\/127\.2\.0\.1:\d+$/);
    for (const address of [url, sandbox.crmUrl]) {
      expect(JSON.parse((await info(address)).text)).toMatchObject({ publicUrl: url, technicalUrl: sandbox.crmUrl });
    }
    expect(module.forms(ACTIVITY)).toEqual([]);
    await sandbox.sendActivity(MODULE.code);
    expect(module.forms(ACTIVITY)[0]?.systemUrl).toBe(url);
  });

  it("can leave an old address where no account is", async () => {
    const { sandbox } = await listening();
    const url = await sandbox.renameAccount({ old: "gone" });
    const old = await info(sandbox.crmUrl);
    expect([old.status, JSON.parse(old.text).errorMsg]).toEqual([400, "Account does not exist."]);
    expect((await info(url)).status).toBe(200);
  });

  it("can leave an old address that leads to the new one", async () => {
    const { sandbox } = await listening();
    const url = await sandbox.renameAccount({ old: "moved" });
    const old = await info(sandbox.crmUrl);
    expect([old.status, old.where]).toEqual([301, `${url}/api/system-info`]);
  });

  it("can be renamed again, and to any address of this machine", async () => {
    const { sandbox } = await listening();
    await sandbox.renameAccount({ old: "gone" });
    const third = await sandbox.renameAccount({ old: "gone" });
    expect(new URL(third).hostname).toBe("127.3.0.1");
    const back = await sandbox.renameAccount({ host: "127.4.0.1" });
    expect([(await info(back)).status, (await info(third)).status]).toEqual([200, 200]);
  });
});

describe("the vendor's lists of hosts", () => {
  const list = async (url: string, name: string) => {
    const response = await fetch(`${url}/${name}-domains.json`);
    return (await response.json()) as { createDate: string; domains: { domain: string }[] };
  };

  it("name the zones of the cloud, and no other hosts at first", async () => {
    const sandbox = await freshSandbox();
    const crm = await list(sandbox.crmUrl, "crm");
    expect(crm.createDate).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    expect(crm.domains).toContainEqual({ domain: "retailcrm.es" });
    expect((await list(sandbox.crmUrl, "box")).domains).toEqual([]);
  });

  it("change, and stay where an account has gone", async () => {
    const sandbox = await freshSandbox({ behaviour: { account: "unknown" } });
    sandbox.listDomains("box", ["crm.shop.example"]);
    expect((await list(sandbox.crmUrl, "box")).domains).toEqual([{ domain: "crm.shop.example" }]);
    expect(() => sandbox.listDomains("other" as never, [])).toThrow(RangeError);
  });

  it("fail, and are counted, as any request", async () => {
    const sandbox = await freshSandbox();
    sandbox.faults.add({ kind: "status", status: 502, match: { path: "/crm-domains.json" } });
    expect((await fetch(`${sandbox.crmUrl}/crm-domains.json`)).status).toBe(502);
    expect((await list(sandbox.crmUrl, "crm")).domains).not.toEqual([]);
    expect(sandbox.requests.map(({ path }) => path)).toEqual(["/crm-domains.json", "/crm-domains.json"]);
  });
});
