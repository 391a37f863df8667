import { describe, expect, it, onTestFinished } from "vitest";
import { OutsideError } from "../../src/api/outside.ts";
import { createFetch, type FetchOptions } from "../../src/connection/deciding/fetch.ts";
import type { Json, JsonObject } from "../../src/types/json.ts";
import { CONNECTION, failure, openDesk } from "./desk.ts";

const ABOUT = { chatId: 7, limitMs: 60_000 };

const nothing = async () => [];

/** Directories of which only the ways of delivery have something. */
const referenceWith = (deliveryTypes: FetchOptions["reference"]["deliveryTypes"]): FetchOptions["reference"] => ({
  statuses: nothing,
  statusGroups: nothing,
  deliveryTypes,
  paymentTypes: nothing,
  paymentStatuses: nothing,
  habits: async () => ({ currency: "EUR", timezone: null }),
});

async function fetching(over: Partial<FetchOptions> = {}) {
  const { store, clock, log } = await openDesk();
  onTestFinished(() => store.close());
  const called: JsonObject[] = [];
  const fetch = createFetch({
    connectionId: CONNECTION,
    store,
    clock,
    log: log.log,
    country: () => null,
    crm: { orders: nothing, customers: nothing, products: nothing },
    reference: referenceWith(async () => [{ code: "courier", name: "Courier", active: true }]),
    tries: { counting: async (_of, look) => look([]) } as FetchOptions["tries"],
    outside: {
      async call(request): Promise<Json> {
        called.push(request);
        return { count: 3 };
      },
      close() {},
    },
    ...over,
  });
  return { fetch, called, log };
}

const lookUp = (what: string, by: JsonObject = {}) =>
  ({ kind: "look_up", args: { what, by, asker: "customer", chat_id: 7, customer_id: 8120 } }) as const;

describe("fetching for a run", () => {
  it("gives what was looked up", async () => {
    const { fetch } = await fetching();
    expect(await fetch(lookUp("delivery_types"), ABOUT)).toMatchObject({
      ok: true,
      body: { found: [{ code: "courier", name: "Courier" }] },
    });
  });

  it("gives an empty answer where nothing is found", async () => {
    const { fetch } = await fetching();
    expect(await fetch(lookUp("product", { name: "tea" }), ABOUT)).toEqual({ ok: true, body: {} });
  });

  it("says so when the CRM refuses", async () => {
    const refuse = async () => {
      throw failure({ kind: "refused", status: 403 });
    };
    const { fetch } = await fetching({ crm: { orders: refuse, customers: refuse, products: refuse } });
    expect(await fetch(lookUp("product", { name: "tea" }), ABOUT)).toEqual({
      ok: false,
      reason: "the CRM refuses it; look_up: product needs the rights store_read of the API key",
    });
  });

  it("does not know other things", async () => {
    const { fetch } = await fetching();
    expect(await fetch(lookUp("weather"), ABOUT)).toEqual({
      ok: false,
      reason: "nothing of that kind can be looked up",
    });
  });

  it("calls another service with what the rule says", async () => {
    const { fetch, called } = await fetching();
    const args = { url: "https://shop.example/", method: "GET", headers: {}, body: null };
    expect(await fetch({ kind: "http", args }, ABOUT)).toEqual({ ok: true, body: { count: 3 } });
    expect(called).toEqual([args]);
  });

  it.each([
    {
      error: new OutsideError("shop.example answered with status 500"),
      reason: "shop.example answered with status 500",
    },
    { error: new Error("a secret"), reason: "it could not be fetched" },
  ])("never rejects: $reason", async ({ error, reason }) => {
    const call = async () => {
      throw error;
    };
    const { fetch } = await fetching({ outside: { call, close() {} } });
    expect(await fetch({ kind: "http", args: { url: "https://shop.example/" } }, ABOUT)).toEqual({ ok: false, reason });
  });
});

it("is given up without an outcome when the program ends", async () => {
  const lastCall = new AbortController();
  const call = (_request: JsonObject, signal?: AbortSignal) =>
    new Promise<Json>((_resolve, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
  const { fetch } = await fetching({ outside: { call, close() {} }, lastCall: lastCall.signal });
  const fetched = fetch({ kind: "http", args: { url: "https://stock.example" } }, ABOUT);
  lastCall.abort();
  expect(await fetched).toBeNull();
});

it("of a directory that the CRM never gives ends with its time, and the reading goes on for others", async () => {
  const reading = Promise.withResolvers<readonly []>();
  const { fetch, log } = await fetching({ reference: referenceWith(() => reading.promise) });
  expect(await fetch(lookUp("delivery_types"), { chatId: 7, limitMs: 5 })).toEqual({
    ok: false,
    reason: "it took too long",
  });
  expect(log.text()).toContain("it took too long");
  reading.reject(new Error("the CRM is gone"));
});

it("of a directory is given up without an outcome when the program ends", async () => {
  const lastCall = new AbortController();
  const { fetch } = await fetching({
    reference: referenceWith(() => new Promise<never>(() => {})),
    lastCall: lastCall.signal,
  });
  const fetched = fetch(lookUp("delivery_types"), ABOUT);
  lastCall.abort();
  expect(await fetched).toBeNull();
  expect(await fetch(lookUp("delivery_types"), ABOUT)).toBeNull();
});
