import { collectDefaultMetrics, Registry } from "prom-client";
import type { Clock } from "../clock.ts";
import type { RequestDone } from "../connection/connection.ts";
import type { Decided } from "../connection/deciding/deciding.ts";
import type { Vitals } from "../connection/serving/vitals.ts";
import type { Log } from "../log.ts";
import type { Measure } from "../store/store.ts";
import { createConfigMetrics } from "./metrics/config.ts";
import { createConnectionMetrics } from "./metrics/connections.ts";
import { createDecisionMetrics } from "./metrics/decisions.ts";
import { createRequestMetrics } from "./metrics/requests.ts";

export interface MetricsOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** The connections at work in this process. */
  readonly vitals: () => readonly (Vitals & { readonly connectionId: string })[];
  /** Of the store. */
  readonly measures: () => Promise<readonly Measure[]>;
  /** `isGood`: the last reading of the files was taken over; `version` is that of the rules in force. */
  readonly config: () => { readonly isGood: boolean; readonly version: string };
}

/** What the program counts of itself, for Prometheus. No label ever holds a secret or a customer's words: labels are ids of
 *  connections and rules, statuses, and fixed words. */
export interface ProgramMetrics {
  decided(decided: Decided): void;
  requested(request: RequestDone): void;
  /** The files were read again; `isGood`: and taken over. */
  reloaded(isGood: boolean): void;
  /** Everything, in the text form of Prometheus. Never rejects because of the store: what it would tell is then left out. */
  read(): Promise<{ readonly contentType: string; readonly text: string }>;
}

/** Of its own registry: nothing else in the process is told of. */
export function createMetrics(options: MetricsOptions): ProgramMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const config = createConfigMetrics(registry, options.config);
  const connections = createConnectionMetrics(registry, options);
  const decisions = createDecisionMetrics(registry);
  const requests = createRequestMetrics(registry);
  return {
    decided: decisions.count,
    requested: requests.count,
    reloaded: config.reloaded,
    async read() {
      const here = options.vitals();
      config.collect();
      await connections.collect(here);
      decisions.tidy(new Map(here.map(({ connectionId, ruleIds }) => [connectionId, ruleIds])));
      requests.tidy(new Set(here.map(({ connectionId }) => connectionId)));
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}
