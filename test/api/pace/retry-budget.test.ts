import fc from "fast-check";
import { expect, it } from "vitest";
import { createRetryBudget } from "../../../src/api/pace/retry-budget.ts";

it("allows ten retries at once, then one for ten requests", () => {
  const budget = createRetryBudget();
  const spent = () => Array.from({ length: 20 }, () => budget.spend()).filter(Boolean).length;
  expect(spent()).toBe(10);
  for (let request = 0; request < 35; request++) budget.earn();
  expect(spent()).toBe(3);
});

it("never allows more than a tenth of all requests and ten, however they fail", () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 2_000 }), (steps) => {
      const budget = createRetryBudget();
      let [requests, retries] = [0, 0];
      for (const isRequest of steps) {
        if (isRequest) {
          requests += 1;
          budget.earn();
        } else if (budget.spend()) retries += 1;
      }
      expect(retries).toBeLessThanOrEqual(requests / 10 + 10);
    }),
  );
});
