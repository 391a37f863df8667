import type { Audit } from "./audit.ts";
import { NONE } from "./limit.ts";

/** What nearly every fault asks for: each customer's message answered once, in order. */
export const ONCE = { "messages lost": NONE, "answered twice": NONE, "answered out of order": NONE } as const;

export const once = ({ lost, doubled, outOfOrder }: Audit): Record<keyof typeof ONCE, number> => ({
  "messages lost": lost.length,
  "answered twice": doubled.length,
  "answered out of order": outOfOrder.length,
});

/** Several audits as one set of figures. */
export function onceInAll(audits: readonly Audit[]): Record<keyof typeof ONCE, number> {
  const sum = (count: (audit: Audit) => number) => audits.reduce((total, audit) => total + count(audit), 0);
  return {
    "messages lost": sum(({ lost }) => lost.length),
    "answered twice": sum(({ doubled }) => doubled.length),
    "answered out of order": sum(({ outOfOrder }) => outOfOrder.length),
  };
}
