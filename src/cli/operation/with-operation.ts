import { createOperation, type ForgottenIn, type Operation, type Paused } from "../../accounts/operation.ts";
import { STATUS_ADDRESS, STATUS_TOKEN, WHOLE_PROGRAM } from "../../service/status-facts.ts";
import { isFileAddress } from "../../store/address.ts";
import { openStore } from "../../store/open.ts";
import { type Store, StoreError } from "../../store/store.ts";
import type { Settings } from "../../types/settings.ts";
import { type ConfigOption, loadSettings } from "../loading.ts";
import { type ExitCode, print, type World } from "../world.ts";

/** One thing asked of the operation: by whoever has the store. */
export interface Asking<Answer> {
  /** For the running program: the last part of the path, and the fields of the form. */
  readonly path: "pause" | "resume" | "forget";
  readonly fields: Readonly<Record<string, string>>;
  /** For when none runs. */
  readonly here: (operation: Operation) => Promise<Answer>;
  readonly tell: (answer: Answer, settings: Settings) => ExitCode;
}

/** Asks the running program, which has an SQLite file for itself, and does it here when none runs. A PostgreSQL database is everybody's:
 *  whoever works on the connection sees the change there. 1 when the store can't be used. */
export async function withOperation<Answer extends Paused | ForgottenIn>(
  world: World,
  option: ConfigOption,
  asking: Asking<Answer>,
): Promise<ExitCode> {
  const settings = await loadSettings(world, option);
  if (settings === null) return 1;
  try {
    const answer = (await askProgram<Answer>(world, settings, asking)) ?? (await doHere(settings, asking));
    return asking.tell(answer, settings);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    print(world.errors, error.message);
    return 1;
  }
}

async function doHere<Answer>({ storage }: Settings, { here }: Asking<Answer>): Promise<Answer> {
  const store = await openStore(storage);
  try {
    return await here(createOperation({ store, look() {}, at: () => null }));
  } finally {
    await store.close();
  }
}

/** All that is stored of a customer is looked through. */
const PATIENCE_MS = 120_000;

/** Null: nobody has to be asked, or nobody answers. Rejects with StoreError when there is no store. */
async function askProgram<Answer>(
  { fetch }: World,
  { storage }: Settings,
  { path, fields }: Asking<Answer>,
): Promise<Answer | null> {
  if (!isFileAddress(storage)) return null;
  const program = await programOf(await openStore(storage, { readOnly: true }));
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

/** Where the program that used the store last was to be found. */
async function programOf(store: Store): Promise<{ readonly address: string; readonly token: string } | null> {
  try {
    const token = await store.fact(WHOLE_PROGRAM, STATUS_TOKEN);
    const address = await store.fact(WHOLE_PROGRAM, STATUS_ADDRESS);
    return typeof token === "string" && typeof address === "string" ? { address, token } : null;
  } finally {
    await store.close();
  }
}
