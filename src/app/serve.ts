import { statusOf } from "../accounts/working/shops.ts";
import { inParts } from "../in-parts.ts";
import { type Service, startService } from "../service/server.ts";
import { STATUS_ADDRESS } from "../service/status-facts.ts";
import { isFileAddress } from "../store/address.ts";
import { WHOLE_PROGRAM } from "../store/whole-program.ts";
import type { JsonObject } from "../types/json.ts";
import type { Ground } from "./ground.ts";
import { configStatus, openStatusToken, readinessOf } from "./program-state.ts";
import { addressOf } from "./telling.ts";
import type { Work } from "./work.ts";

/** The status of a thousand accounts must not have the store for itself. */
const TOLD_AT_ONCE = 20;

/** Everything over HTTP, from now on. Rejects with StoreError or ServiceError. */
export async function serve(ground: Ground, work: Work): Promise<Service> {
  const { settings, store, log, clock, state } = ground;
  const { many, watching } = work;
  const statusToken = await openStatusToken(ground);
  ground.secrets.add(statusToken);
  const service = await startService({
    ...settings.http,
    log,
    clock,
    publicUrl: settings.module.publicUrl,
    name: settings.module.name,
    language: settings.language,
    statusToken,
    readiness: () => readinessOf(state, state.replica?.isStoreUsable() ?? true),
    status: () => statusIn(ground, work),
    metrics: { token: settings.http.metricsToken, read: watching.metrics.read },
    // Only commands beside an SQLite file ask for it; a database that many share they change themselves.
    ...(hasFile(ground) && { operation: watching.operation }),
    onHint: work.hint,
    many: many?.pages ?? null,
  });
  ground.undo(service.close);
  await store.saveFact(WHOLE_PROGRAM, STATUS_ADDRESS, addressOf(settings, service));
  return service;
}

const hasFile = ({ settings, sandbox }: Ground) => sandbox === null && isFileAddress(settings.storage);

async function statusIn({ store, state }: Ground, { own, many, shops }: Work): Promise<JsonObject> {
  const ids = own !== null && many === null ? [own.id] : (await store.connections()).map(({ id }) => id);
  const connections = await inParts(ids, TOLD_AT_ONCE, (id) => statusOf(shops.at(id), id));
  return { config: configStatus(state.faults), connections };
}
