import { expect, it } from "vitest";
import { orderWords } from "../../../src/connection/look-up/order-words.ts";
import { createTestLog } from "../../helpers/test-log.ts";

const never = () => new Promise<never>(() => {});

it("a directory that the CRM does not give in time leaves its codes as they are; the others give their words", async () => {
  const log = createTestLog();
  const reference = {
    statuses: async () => [{ code: "new", name: "New", group: "new" }],
    statusGroups: async () => [],
    deliveryTypes: never,
    paymentTypes: async () => [{ code: "cash", name: "Cash" }],
    paymentStatuses: never,
    habits: never,
  };
  expect(await orderWords({ reference, log: log.log }, 1)).toEqual({
    statuses: new Map([["new", { name: "New", group: "new" }]]),
    deliveries: new Map(),
    payments: new Map([["cash", "Cash"]]),
    paymentStatuses: new Map(),
    habits: { currency: null, timezone: null },
  });
  expect(log.text()).toContain("the CRM takes too long");
});
