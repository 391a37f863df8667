import { createHints } from "../accounts/following/hints.ts";
import { createRemoving } from "../accounts/operating/removing.ts";
import type { Accounts } from "../accounts/types.ts";
import { rulebookFor, ruleSetsFor } from "../accounts/working/rulebook-for.ts";
import { createShops, type OwnAccount, type Shops } from "../accounts/working/shops.ts";
import { createCrmApi } from "../api/crm.ts";
import { createNetwork } from "../api/network.ts";
import { createTurns } from "../connection/lanes/turns.ts";
import { connectionId } from "../connection/registering/record.ts";
import { createStarting } from "../connection/starting.ts";
import { createConnectGate } from "../gateway/connect-gate.ts";
import type { ConnectionRecord } from "../store/store.ts";
import { type Many, wireMany } from "./accounts.ts";
import type { Ground } from "./ground.ts";
import { createTelling } from "./telling.ts";
import { type Watching, wireWatching } from "./watching.ts";

/** The accounts and what goes with them. */
export interface Work {
  /** Null: the file names no account, and there is no sandbox. */
  readonly own: OwnAccount | null;
  readonly shops: Shops;
  /** Null: no accounts connect by themselves. */
  readonly many: Many | null;
  readonly watching: Watching;
  /** For the CRM's callbacks. */
  readonly hint: Accounts["hint"];
}

export function wireWork(ground: Ground): Work {
  const { settings, state, store, look, clock, log, show } = ground;
  const own = ownAccount(ground);
  const many = manyAccounts(ground, { own, shops: () => shops });
  const watching = wireWatching({
    ...ground,
    own,
    network: many?.network,
    shops: () => shops,
    remove: many?.accounts.remove ?? removingWithoutMany(ground, own),
    config: () => ({ isGood: state.faults.length === 0, version: state.books.rulebook.version }),
  });
  const shops = createShops({
    shared: {
      ...ground,
      gate: createConnectGate(clock),
      starting: createStarting(clock),
      turns: createTurns(),
      module: settings.module,
      allowedHosts: settings.http.allowedHosts,
      onDecision(decided) {
        show.decided(decided);
        watching.metrics.decided(decided);
      },
      onRequest: watching.requested,
      onListening: ground.listening.resolve,
    },
    own,
    strangers: many === null ? {} : { network: many.network },
    rulebookOf: rulebookIn(ground),
    onStanding(standing) {
      many?.onStanding(standing);
      watching.alarms.standing(standing);
    },
    ...(many !== null && { onRules: many.onRules }),
  });
  const { hint } = many?.accounts ?? createHints({ store, look, clock, log });
  return { own, shops, many, watching, hint };
}

const rulebookIn =
  ({ state }: Ground) =>
  (record: ConnectionRecord) =>
    rulebookFor(record, state.books);

function ownAccount({ settings, sandbox, secrets, errors, refused }: Ground): OwnAccount | null {
  const { module, language } = settings;
  const crm = settings.crm ?? (sandbox === null ? null : { url: sandbox.crmUrl, apiKey: sandbox.apiKey });
  if (crm === null) return null;
  return {
    id: connectionId({ crmUrl: crm.url, moduleCode: module.code }),
    crm,
    onRegistration: createTelling({ errors, secrets, language }),
    onRefused: () => refused.resolve(REFUSED),
  };
}

/** The file's own account is the only one that connects; the store may know others, from before. */
const removingWithoutMany = (ground: Ground, own: OwnAccount | null) =>
  createRemoving({
    ...ground,
    ownId: own?.id ?? null,
    module: ground.settings.module,
    crmOf: (account) => createCrmApi({ ...ground, ...account, network: createNetwork({ allowedHosts: [] }) }),
  });

/** Exit code of a program whose CRM refuses it. */
const REFUSED = 3;

function manyAccounts(
  ground: Ground,
  { own, shops }: { readonly own: OwnAccount | null; readonly shops: () => Shops },
): Many | null {
  const { settings, vault, state } = ground;
  const { service } = settings;
  if (service === null || vault === null) return null;
  const ending = new AbortController();
  const many = wireMany({
    ...ground,
    settings: { ...settings, service },
    vault,
    module: settings.module,
    own: own === null ? null : { id: own.id, apiKey: own.crm.apiKey },
    ruleSetsFor: (record) => ruleSetsFor(record, state.books),
    rulebookOf: rulebookIn(ground),
    statusOf: async (id) => (await shops().at(id)?.status()) ?? null,
    signal: ending.signal,
  });
  ground.undo(() => {
    ending.abort(new Error("the program ends"));
    many.close();
  });
  return many;
}
