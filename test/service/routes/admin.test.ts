import { describe, expect, it } from "vitest";
import { accountView, createFakeAccounts } from "../fake-accounts.ts";
import { type HouseOptions, openHouse, PASSWORD, READY, textOf } from "../visitor.ts";

const MADRID = accountView();
const LISBON = accountView({
  connectionId: "lisbon.simla.com/rulebot",
  clientId: "d".repeat(64),
  crmUrl: "https://lisbon.simla.com",
  standing: "needs_reconnect",
});
const PAGE_OF_MADRID = "/admin/account?id=shop.simla.com%2Frulebot";

async function signedIn(over: HouseOptions = {}) {
  const house = await openHouse({ accounts: createFakeAccounts(MADRID, LISBON), ...over });
  const operator = house.visitor();
  await operator.get("/admin/login");
  const answer = await operator.post("/admin/login", { password: PASSWORD });
  return { ...house, operator, answer };
}

describe("the operator's login", () => {
  it("leads to the list of accounts", async () => {
    const { answer } = await signedIn();
    expect([answer.statusCode, answer.headers.location]).toEqual([303, "/admin"]);
  });

  it.each(["", "the operator's passwor", "another password"])("refuses the password '%s'", async (password) => {
    const operator = (await openHouse()).visitor();
    await operator.get("/admin/login");
    const page = await operator.post("/admin/login", { password });
    expect(page.statusCode).toBe(403);
    expect(textOf(page.body)).toContain("This is not the password.");
    expect((await operator.get("/admin")).headers.location).toBe("/admin/login");
  });

  it.each(["/admin", PAGE_OF_MADRID])("stands before %s", async (path) => {
    const answer = await (await openHouse({ accounts: createFakeAccounts(MADRID) })).visitor().get(path);
    expect([answer.statusCode, answer.headers.location]).toEqual([303, "/admin/login"]);
  });

  it.each(["pause", "resume"])("stands before the switch: %s", async (action) => {
    const { visitor, accounts } = await openHouse({ accounts: createFakeAccounts(MADRID) });
    const stranger = visitor();
    await stranger.get("/admin/login"); // a form token of his own
    const answer = await stranger.post(`/admin/account/${action}?id=shop.simla.com%2Frulebot`);
    expect([answer.statusCode, answer.headers.location]).toEqual([303, "/admin/login"]);
    expect(accounts.asked).toEqual([]);
  });

  it("is ended by signing out", async () => {
    const { operator } = await signedIn();
    await operator.get("/admin");
    await operator.post("/admin/logout");
    expect((await operator.get("/admin")).statusCode).toBe(303);
  });

  it("is ended by another password, without any list of sessions", async () => {
    const { operator } = await signedIn();
    const changed = await openHouse({ many: { adminPassword: "a changed password" } });
    const cookie = [...operator.cookies].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("; ");
    expect((await changed.visitor().get("/admin", { cookie })).statusCode).toBe(303);
    const same = await openHouse();
    expect((await same.visitor().get("/admin", { cookie })).statusCode).toBe(200);
  });

  it("opens /status too", async () => {
    const { operator, visitor } = await signedIn();
    expect((await operator.get("/status")).json()).toEqual({ connections: [] });
    expect((await visitor().get("/status")).statusCode).toBe(401);
  });
});

describe("the list of accounts", () => {
  it("shows each with its state, by address", async () => {
    const { operator } = await signedIn();
    const text = textOf((await operator.get("/admin")).body);
    expect(text).toContain("Accounts: 2");
    expect(text.indexOf("lisbon.simla.com The CRM no longer accepts the API key.")).toBeGreaterThan(0);
    expect(text.indexOf("shop.simla.com The bot is working.")).toBeGreaterThan(text.indexOf("lisbon"));
  });

  it("finds accounts by a part of the address", async () => {
    const { operator } = await signedIn();
    const text = textOf((await operator.get("/admin?q=LISB")).body);
    expect(text).toContain("lisbon.simla.com");
    expect(text).not.toContain("shop.simla.com");
    expect(textOf((await operator.get("/admin?q=paris")).body)).toContain("No account has this in its address.");
  });

  it("shows a hundred on a page, with links that keep what was sought", async () => {
    const many = Array.from({ length: 250 }, (_, index) =>
      accountView({
        connectionId: `${index}/rulebot`,
        clientId: `${index}`,
        crmUrl: `https://shop-${index}.simla.com`,
      }),
    );
    const { operator } = await signedIn({ accounts: createFakeAccounts(...many) });
    const page = (await operator.get("/admin?q=shop&page=2")).body;
    expect(page.match(/<tr><td>/gu)).toHaveLength(100);
    expect(textOf(page)).toContain("Page 2 of 3");
    expect(page).toContain('href="/admin?page=3&amp;q=shop" rel="next"');
    expect((await operator.get("/admin?page=nonsense")).statusCode).toBe(200);
  });

  it("says where the configuration has faults", async () => {
    const configErrors = ['rules/a.yaml:7:9  I do not know "mesage_has".'];
    const { operator } = await signedIn({ readiness: () => ({ ...READY, configErrors }) });
    expect((await operator.get("/admin")).body).toContain(
      "<code>rules/a.yaml:7:9  I do not know &#34;mesage_has&#34;.</code>",
    );
  });
});

describe("the page of one account", () => {
  const status = {
    bot: { id: 4, name: "Helper" },
    socket: { state: "waiting", since: "2026-05-03T10:00:00.000Z", reason: "ECONNREFUSED" },
    catch_up: { gap: true, lost: { too_old: 2, too_many: 3 } },
    queues: { inbox: 11, outbox: 12, unknown: 13, waitingRuns: 14 },
    rules: { count: 15 },
  };

  it("shows state, socket, gap, queues and unknown sends", async () => {
    const { operator } = await signedIn({ accounts: createFakeAccounts({ ...MADRID, status, standing: "gateway" }) });
    const text = textOf((await operator.get(PAGE_OF_MADRID)).body);
    expect(text).toContain("The chats do not answer at the moment.");
    expect(text).toContain("Socket waiting for the next attempt, since 3 May 2026 at 10:00 (UTC) (ECONNREFUSED)");
    expect(text).toContain("Gap filled when the bot works again Messages that could not be recovered 5");
    expect(text).toContain(
      "Events to decide 11 Calls to send 12 Sent without a sure answer 13 Rules that wait 14 Rules 15",
    );
  });

  it("says that another process works on the account", async () => {
    const { operator } = await signedIn();
    expect(textOf((await operator.get(PAGE_OF_MADRID)).body)).toContain("No more is known in this process");
  });

  it("pauses the bot and lets it go on", async () => {
    const { operator, accounts } = await signedIn();
    await operator.get(PAGE_OF_MADRID);
    const paused = await operator.post("/admin/account/pause?id=shop.simla.com%2Frulebot");
    expect(paused.headers.location).toBe(`${PAGE_OF_MADRID}&news=paused`);
    const page = await operator.get(`${PAGE_OF_MADRID}&news=paused`);
    expect(textOf(page.body)).toContain("The bot is paused in this account.");
    expect(page.body).toContain('action="/admin/account/resume?id=');
    await operator.post("/admin/account/resume?id=shop.simla.com%2Frulebot");
    expect(accounts.asked).toEqual([
      ["pause", "shop.simla.com/rulebot", true],
      ["pause", "shop.simla.com/rulebot", false],
    ]);
  });

  it("does not exist for an unknown id", async () => {
    const { operator } = await signedIn();
    await operator.get("/admin");
    expect((await operator.get("/admin/account?id=none")).statusCode).toBe(404);
    expect((await operator.post("/admin/account/pause?id=none")).statusCode).toBe(404);
  });
});

describe("removing an account", () => {
  const REMOVE = "/admin/account/remove?id=shop.simla.com%2Frulebot";

  it("is asked about on a page of its own, and done by its button alone", async () => {
    const { operator, accounts } = await signedIn();
    expect((await operator.get(PAGE_OF_MADRID)).body).toContain(`href="${REMOVE}"`);
    const page = (await operator.get(REMOVE)).body;
    expect(textOf(page)).toContain("Remove shop.simla.com?");
    expect(textOf(page)).toContain("The owner can connect the account again; the bot then begins anew.");
    expect(accounts.asked).toEqual([]);
    const answer = await operator.post(REMOVE);
    expect([answer.statusCode, answer.headers.location]).toEqual([303, "/admin?news=removed"]);
    expect(accounts.asked).toEqual([["remove", "shop.simla.com/rulebot"]]);
    const text = textOf((await operator.get("/admin?news=removed")).body);
    expect(text).toContain("The account is removed, with all that was stored of it.");
    expect(text).toContain("Accounts: 1");
    expect((await operator.get(REMOVE)).statusCode).toBe(404);
    expect((await operator.post(REMOVE)).statusCode).toBe(404);
  });

  it("says that the owner has to switch the module off, where we could not", async () => {
    const { operator, accounts } = await signedIn();
    accounts.moduleEnd = "left_on";
    await operator.get(REMOVE);
    const { location } = (await operator.post(REMOVE)).headers;
    expect(textOf((await operator.get(String(location))).body)).toContain("could not be switched off in the CRM");
  });

  it.each(["es", "ru"])("speaks %s", async (lang) => {
    const { operator } = await signedIn();
    const page = (await operator.get(`${REMOVE}&lang=${lang}`)).body;
    expect(page).toContain(`href="${PAGE_OF_MADRID}&amp;lang=${lang}"`);
    expect(textOf(page)).not.toContain("Remove");
    expect((await operator.post(REMOVE, { lang })).headers.location).toBe(`/admin?news=removed&lang=${lang}`);
  });

  it("is for the operator, with a form of ours", async () => {
    const { operator, accounts, visitor } = await signedIn();
    const stranger = visitor();
    expect((await stranger.get(REMOVE)).headers.location).toBe("/admin/login");
    await stranger.get("/admin/login");
    expect((await stranger.post(REMOVE)).headers.location).toBe("/admin/login");
    await operator.get(REMOVE);
    expect((await operator.post(REMOVE, { _csrf: "another" })).statusCode).toBe(403);
    expect((await operator.post(REMOVE, {}, { "sec-fetch-site": "cross-site" })).statusCode).toBe(403);
    expect(accounts.asked).toEqual([]);
  });

  it("is not offered for the account of the file, nor done", async () => {
    const { operator, accounts } = await signedIn({ accounts: createFakeAccounts(accountView({ isOwn: true })) });
    const page = (await operator.get(PAGE_OF_MADRID)).body;
    expect(page).not.toContain(REMOVE);
    expect(textOf(page)).toContain("This account is named under crm: in the file");
    expect((await operator.post(REMOVE)).statusCode).toBe(404);
    expect(accounts.asked).toEqual([]);
  });
});
