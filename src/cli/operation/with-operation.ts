import {
  createOperation,
  type ForgottenIn,
  type Operation,
  type Paused,
  type RemovedOne,
} from "../../accounts/operating/operation.ts";
import { createRemoving } from "../../accounts/operating/removing.ts";
import { createCrmApi } from "../../api/crm.ts";
import { createNetwork } from "../../api/network.ts";
import { connectionId } from "../../connection/registering/record.ts";
import { isFileAddress } from "../../store/address.ts";
import { openStore } from "../../store/open.ts";
import { sealedStore } from "../../store/sealed.ts";
import { type Store, StoreError } from "../../store/store.ts";
import type { Settings } from "../../types/settings.ts";
import { programOf } from "../ask-program.ts";
import { accountOf } from "../known-record.ts";
import { type ConfigOption, loadSettings } from "../loading.ts";
import { quietLog } from "../quiet-log.ts";
import { vaultOf } from "../vault-of.ts";
import { type ExitCode, print, type World } from "../world.ts";

/** One thing asked of the operation: by whoever has the store. */
export interface Asking<Answer> {
  /** For the running program: the last part of the path, and the fields of the form. */
  readonly path: "pause" | "resume" | "forget" | "remove";
  readonly fields: Readonly<Record<string, string>>;
  /** For when none runs. */
  readonly here: (operation: Operation) => Promise<Answer>;
  readonly tell: (answer: Answer, settings: Settings) => ExitCode;
}

/** Asks the running program, which has an SQLite file for itself, and does it here when none runs. A PostgreSQL database is everybody's:
 *  whoever works on the connection sees the change there. 1 when the store can't be used. */
export async function withOperation<Answer extends Paused | ForgottenIn | RemovedOne>(
  world: World,
  option: ConfigOption,
  asking: Asking<Answer>,
): Promise<ExitCode> {
  const settings = await loadSettings(world, option);
  if (settings === null) return 1;
  try {
    const answer = (await askProgram<Answer>(world, settings, asking)) ?? (await doHere(world, settings, asking));
    return asking.tell(answer, settings);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    print(world.errors, error.message);
    return 1;
  }
}

async function doHere<Answer>(world: World, settings: Settings, { here }: Asking<Answer>): Promise<Answer> {
  const store = await openStore(settings.storage);
  try {
    const remove = removingHere(world, settings, sealedStore(store, vaultOf(settings)));
    return await here(createOperation({ store, look() {}, at: () => null, remove }));
  } finally {
    await store.close();
  }
}

/** With the keys of the store; only addresses that the running program would ask too are asked. */
function removingHere({ clock, random }: World, settings: Settings, store: Store) {
  const log = quietLog();
  const network = createNetwork({ allowedHosts: settings.service?.allowedCrmHosts ?? [] });
  return createRemoving({
    store,
    ownId: settings.crm === null ? null : connectionId(accountOf(settings)),
    module: settings.module,
    crmOf: (account) => createCrmApi({ ...account, clock, random, log, network }),
    look() {},
    clock,
    log,
  });
}

/** All that is stored of a customer is looked through. */
const PATIENCE_MS = 120_000;

/** Null: nobody has to be asked, or nobody answers. Rejects with StoreError when there is no store. */
async function askProgram<Answer>(
  { fetch }: World,
  settings: Settings,
  { path, fields }: Asking<Answer>,
): Promise<Answer | null> {
  if (!isFileAddress(settings.storage)) return null;
  const store = await openStore(settings.storage, { readOnly: true });
  const program = await programOf(settings, store).finally(store.close);
  if (program === null) return null;
  try {
    const answer = await fetch(`${program.address}/operation/${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${program.token}` },
      body: new URLSearchParams(fields),
      redirect: "error",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    // Another program may have that port by now: then the lock on the store says whether ours runs.
    return answer.ok ? ((await answer.json()) as Answer) : null;
  } catch {
    return null;
  }
}
