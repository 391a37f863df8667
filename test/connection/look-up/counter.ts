import { onTestFinished } from "vitest";
import { createCrmApi } from "../../../src/api/crm.ts";
import { createReferenceCache } from "../../../src/api/reference-cache.ts";
import { lookUp } from "../../../src/connection/look-up/look-up.ts";
import { createOrderTries } from "../../../src/connection/look-up/order-tries.ts";
import type { LookUpAnswer, LookUpContext, LookUpRequest } from "../../../src/connection/look-up/request.ts";
import type { Sandbox, SandboxOptions } from "../../../src/sandbox/index.ts";
import type { Store } from "../../../src/store/store.ts";
import { freshSandbox } from "../../helpers/sandbox.ts";
import { createTestLog, type TestLog } from "../../helpers/test-log.ts";
import { openTestStore } from "../../helpers/test-store.ts";
import { createHastyClock } from "../../helpers/virtual-clock.ts";

/** Look-ups at a real CRM: the sandbox's. */
export interface Counter {
  readonly sandbox: Sandbox;
  readonly store: Store;
  readonly log: TestLog;
  /** As the customer Marta Lind, unless the context says otherwise. */
  ask(request: LookUpRequest, context?: Partial<LookUpContext>): Promise<LookUpAnswer>;
  /** Paths of the CRM asked so far, with what was asked there. */
  asked(): readonly string[];
}

/** The messenger's profile of Marta Lind, who is linked to her CRM customer. */
export const MARTA = { id: 8120, phone: "+34600123456", email: null };
/** Somebody the CRM knows nothing of. */
export const STRANGER = { id: 9999, phone: null, email: null };

export const START = Date.parse("2026-06-30T10:00:00Z");

export async function openCounter(options: SandboxOptions = {}): Promise<Counter> {
  const sandbox = await freshSandbox({ ...options, behaviour: { crmPerSecond: 1_000, ...options.behaviour } });
  const log = createTestLog();
  const clock = createHastyClock();
  const { crmUrl: url, apiKey } = sandbox;
  const crm = createCrmApi({ url, apiKey, clock, random: () => 0, log: log.log });
  const store = await openTestStore();
  onTestFinished(async () => {
    crm.close();
    await store.close();
  });
  const usual: LookUpContext = {
    crm,
    reference: createReferenceCache({ crm, clock }),
    tries: createOrderTries(store, "shop"),
    clock: { now: () => START },
    log: log.log,
    asker: "customer",
    chatId: 5301,
    customer: MARTA,
    country: null,
  };
  return {
    sandbox,
    store,
    log,
    ask: (request, context = {}) => lookUp(request, { ...usual, ...context }),
    asked: () =>
      sandbox.requests.map(({ path, query }) => `${path.replace("/api/v5", "")}?${decodeURIComponent(query)}`),
  };
}
