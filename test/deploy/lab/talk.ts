import { setTimeout as sleep } from "node:timers/promises";
import type { Sandbox } from "../../../src/sandbox/index.ts";
import { type Audit, audit } from "../../faults/lab/audit.ts";
import { saidIn } from "../../faults/lab/stand.ts";

/** Customers of several accounts who write without waiting for answers, spread evenly over time. */
export interface Talk {
  stop(): void;
  /** Waits until everything is answered, or nothing is said any more; then a little longer, for what would come twice. */
  settled(): Promise<Outcome>;
}

export interface TalkOptions {
  /** Messages, over all accounts. */
  readonly perSecond: number;
  /** What was written before: the first message is `q<from + 1>`. */
  readonly from?: number;
}

export interface Outcome {
  readonly asked: number;
  readonly lost: number;
  readonly doubled: number;
  readonly outOfOrder: number;
  /** Of 95 % of the answers, in ms. */
  readonly p95: number;
}

const CUSTOMERS = 5;
const QUIET_MS = 15_000;
const AFTER_MS = 2_000;

export function startTalk(accounts: readonly Sandbox[], { perSecond, from = 0 }: TalkOptions): Talk {
  const people = accounts.flatMap((account) =>
    Array.from({ length: CUSTOMERS }, (_none, at) => ({
      account,
      customer: account.newCustomer({ name: `Customer ${at + 1}`, channel: "telegram" }).id,
    })),
  );
  let written = from;
  const timer = setInterval(() => {
    const one = people[written % people.length];
    written += 1;
    one?.account.customerSays(`q${written}`, { customer: one.customer });
  }, 1_000 / perSecond);
  return {
    stop: () => clearInterval(timer),
    async settled() {
      clearInterval(timer);
      let quietSince = Date.now();
      let count = -1;
      for (;;) {
        const found = accounts.map((account) => audit(saidIn(account)));
        const said = sum(accounts.map((account) => saidIn(account).length));
        if (said !== count) quietSince = Date.now();
        count = said;
        const quietMs = found.every(({ lost }) => lost.length === 0) ? AFTER_MS : QUIET_MS;
        if (Date.now() - quietSince >= quietMs) return outcomeOf(found);
        await sleep(200);
      }
    },
  };
}

const outcomeOf = (audits: readonly Audit[]): Outcome => ({
  asked: sum(audits.map(({ asked }) => asked)),
  lost: sum(audits.map(({ lost }) => lost.length)),
  doubled: sum(audits.map(({ doubled }) => doubled.length)),
  outOfOrder: sum(audits.map(({ outOfOrder }) => outOfOrder.length)),
  p95: Math.max(...audits.map(({ latencyMs }) => latencyMs.p95)),
});

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** What nobody may see in a trial. */
export const CLEAN = { lost: 0, doubled: 0, outOfOrder: 0 };
