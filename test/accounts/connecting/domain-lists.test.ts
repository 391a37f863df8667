import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BUNDLED_LISTS, createDomainLists, DOMAIN_LIST_URLS } from "../../../src/accounts/connecting/domain-lists.ts";
import { createOutside } from "../../../src/api/outside.ts";
import { openStore } from "../../../src/store/open.ts";
import { type Store, StoreError } from "../../../src/store/store.ts";
import type { Json } from "../../../src/types/json.ts";
import { answer, type Responder, startHttpServer, type TestServer } from "../../helpers/http-server.ts";
import { createTestLog } from "../../helpers/test-log.ts";
import { createVirtualClock } from "../../helpers/virtual-clock.ts";

const HOUR = 3_600_000;
const MINUTE = 60_000;
const list = (...domains: string[]): Json => ({
  createDate: "2026-01-01 00:00:00",
  domains: domains.map((domain) => ({ domain })),
});

let store: Store;
beforeEach(async () => {
  store = await openStore(":memory:");
});
afterEach(() => store.close());

/** The vendor's two lists, which can be made to fail, and a program that asks for them. */
function vendor(over: { store?: Pick<Store, "fact" | "saveFact"> } = {}) {
  const clock = createVirtualClock();
  const asked: string[] = [];
  const answers: Record<string, Json | Error> = {
    [DOMAIN_LIST_URLS.cloud]: list("retailcrm.ru", "new-zone.example"),
    [DOMAIN_LIST_URLS.own]: list("crm.shop.example"),
  };
  const log = createTestLog();
  const start = () =>
    createDomainLists({
      store: over.store ?? store,
      clock,
      log: log.log,
      async fetch(url) {
        asked.push(url);
        const found = answers[url] ?? null;
        if (found instanceof Error) throw found;
        return found;
      },
    });
  return { clock, asked, answers, start, log, lists: start() };
}

const NEW = { cloud: ["retailcrm.ru", "new-zone.example"], own: ["crm.shop.example"] };

describe("the vendor's lists of CRM hosts", () => {
  it("are asked for once an hour, and once however many people wait", async () => {
    const { lists, asked, clock } = vendor();
    const [one, other] = await Promise.all([lists(), lists()]);
    expect(one).toMatchObject(NEW);
    expect(other).toBe(one);
    expect(asked).toEqual([DOMAIN_LIST_URLS.cloud, DOMAIN_LIST_URLS.own]);
    await clock.advance(HOUR - 1);
    await lists();
    expect(asked).toHaveLength(2);
    await clock.advance(1);
    await lists();
    expect(asked).toHaveLength(4);
  });

  it("follow what the vendor changes", async () => {
    const { lists, answers, clock } = vendor();
    await lists();
    answers[DOMAIN_LIST_URLS.cloud] = list("other-zone.example");
    answers[DOMAIN_LIST_URLS.own] = list();
    await clock.advance(HOUR);
    expect(await lists()).toMatchObject({ cloud: ["other-zone.example"], own: [] });
  });

  it("are the last good ones when the vendor does not answer, and then asked for again after a minute", async () => {
    const { lists, answers, asked, clock, log } = vendor();
    await lists();
    answers[DOMAIN_LIST_URLS.cloud] = new Error("timeout");
    answers[DOMAIN_LIST_URLS.own] = list("crm.other.example");
    await clock.advance(HOUR);
    expect(await lists()).toMatchObject({ cloud: NEW.cloud, own: ["crm.other.example"] });
    expect(log.text()).toContain("the vendor's list of CRM hosts could not be read; the last one is used");
    await lists();
    expect(asked).toHaveLength(4);
    answers[DOMAIN_LIST_URLS.cloud] = list("later.example");
    await clock.advance(MINUTE);
    expect(await lists()).toMatchObject({ cloud: ["later.example"] });
  });

  it("outlive a restart, and are shared by the replicas of one store", async () => {
    const { lists, start, answers, asked, clock } = vendor();
    await lists();
    expect(await start()()).toMatchObject(NEW);
    expect(asked).toHaveLength(2);
    await clock.advance(2 * HOUR);
    answers[DOMAIN_LIST_URLS.cloud] = new Error("timeout");
    answers[DOMAIN_LIST_URLS.own] = new Error("timeout");
    expect(await start()()).toMatchObject(NEW);
  });

  it("are the bundled ones for a program that has never reached the vendor", async () => {
    const { lists, answers } = vendor();
    answers[DOMAIN_LIST_URLS.cloud] = new Error("timeout");
    answers[DOMAIN_LIST_URLS.own] = new Error("timeout");
    expect(await lists()).toMatchObject(BUNDLED_LISTS);
    expect(await store.fact("", "crm_domains")).toBeNull();
  });

  it.each([
    { answered: null },
    { answered: "<html>" },
    { answered: [] },
    { answered: {} },
    { answered: { domains: "retailcrm.ru" } },
    { answered: { domains: [] } },
    { answered: { domains: [{ domain: "ru" }, { domain: 5 }, "simla.com", null] } },
  ])("are not replaced by $answered", async ({ answered }) => {
    const { lists, answers } = vendor();
    answers[DOMAIN_LIST_URLS.cloud] = answered;
    expect((await lists()).cloud).toEqual(BUNDLED_LISTS.cloud);
  });

  it("take what is a name and leave the rest", async () => {
    const { lists, answers } = vendor();
    answers[DOMAIN_LIST_URLS.own] = { domains: [{ domain: "CRM.Shop.example" }, { domain: "com" }, { domain: 7 }, 8] };
    expect((await lists()).own).toEqual(["crm.shop.example"]);
  });

  it("can be had while the store cannot be used", async () => {
    const broken = () => Promise.reject(new StoreError("the disk is full"));
    const { lists } = vendor({ store: { fact: broken, saveFact: broken } });
    expect(await lists()).toMatchObject(NEW);
  });
});

describe("the way to the vendor's lists", () => {
  let server: TestServer;
  afterEach(() => server.stop());

  async function over(respond: Responder) {
    server = await startHttpServer(respond);
    const outside = createOutside({ allowedHosts: [`127.0.0.1:${server.port}`], limitMs: 2_000 });
    const lists = createDomainLists({
      store,
      clock: createVirtualClock(),
      log: createTestLog().log,
      fetch: (url) => outside.call({ url }),
      urls: { cloud: `${server.url}/crm-domains.json`, own: `${server.url}/box-domains.json` },
    });
    return lists().finally(outside.close);
  }

  it("is a plain GET without any key", async () => {
    const found = await over((response, { path }) =>
      answer(response, 200, list(path === "/crm-domains.json" ? "zone.example" : "crm.shop.example")),
    );
    expect(found).toMatchObject({ cloud: ["zone.example"], own: ["crm.shop.example"] });
    for (const { headers } of server.requests) expect(headers).not.toHaveProperty("x-api-key");
  });

  it.each<{ what: string; respond: Responder }>([
    { what: "a huge list", respond: (response) => response.end(JSON.stringify(list("x.example".repeat(200_000)))) },
    { what: "an answer that never ends", respond: (response) => response.writeHead(200).write('{"domains":[') },
    { what: "a redirect", respond: (response) => response.writeHead(302, { location: "/elsewhere" }).end() },
    { what: "a failure", respond: (response) => answer(response, 503, {}) },
    { what: "a web page", respond: (response) => response.end("<html></html>") },
  ])("ends at $what with the bundled list", async ({ respond }) => {
    expect(await over(respond)).toMatchObject(BUNDLED_LISTS);
    expect(server.requests).toHaveLength(2);
  });
});
