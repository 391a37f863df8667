import { createOperation, type Operation, type OperationOptions } from "../accounts/operating/operation.ts";
import { type Alarms, createAlarms } from "../accounts/watching/alarms.ts";
import type { OwnAccount, Shops } from "../accounts/working/shops.ts";
import { createCrmApi } from "../api/crm.ts";
import type { Network } from "../api/network.ts";
import type { Paces } from "../api/pace/paces.ts";
import type { Clock } from "../clock.ts";
import type { RequestDone } from "../connection/connection.ts";
import type { Log } from "../log.ts";
import { createMetrics, type ProgramMetrics } from "../service/metrics.ts";
import type { Store } from "../store/store.ts";
import type { Settings } from "../types/settings.ts";

export interface WatchingOptions {
  readonly settings: Settings;
  readonly store: Store;
  readonly own: OwnAccount | null;
  /** Of accounts that connected by themselves; undefined: there are none. */
  readonly network: Network | undefined;
  /** Asked for when it is needed: it is made after this. */
  readonly shops: () => Shops;
  /** Removes an account for good. */
  readonly remove: OperationOptions["remove"];
  readonly look: () => void;
  readonly paces: Paces;
  /** How the files were read, and which rules are in force. */
  readonly config: () => { readonly isGood: boolean; readonly version: string };
  readonly clock: Clock;
  readonly log: Log;
  /** In [0, 1). */
  readonly random: () => number;
}

/** What looks after the running program: numbers, alarms, and what the operator asks for. */
export interface Watching {
  readonly metrics: ProgramMetrics;
  readonly alarms: Alarms;
  readonly operation: Operation;
  /** For every connection. */
  requested(request: RequestDone): void;
}

export function wireWatching(options: WatchingOptions): Watching {
  const { settings, store, own, network, shops, remove, look, config, paces, clock, log, random } = options;
  const metrics = createMetrics({
    clock,
    log,
    config,
    measures: store.measures,
    vitals: () =>
      shops()
        .all()
        .map((shop) => ({ connectionId: shop.id, ...shop.connection().vitals() })),
  });
  const alarms = createAlarms({
    crmOf: ({ url, apiKey, isOwn }) =>
      createCrmApi({ url, apiKey, paces, clock, random, log, network: isOwn ? undefined : network }),
    own,
    language: settings.language,
    name: settings.module.name,
    clock,
    log,
  });
  return {
    metrics,
    alarms,
    operation: createOperation({ store, look, at: (id) => shops().at(id)?.connection() ?? null, remove }),
    requested(request) {
      metrics.requested(request);
      alarms.requested(request);
    },
  };
}
