import { readStatusToken, STATUS_ADDRESS, STATUS_TOKEN } from "../service/status-facts.ts";
import type { Store } from "../store/store.ts";
import { WHOLE_PROGRAM } from "../store/whole-program.ts";
import type { JsonObject } from "../types/json.ts";
import type { Settings } from "../types/settings.ts";
import { vaultOf } from "./vault-of.ts";
import type { World } from "./world.ts";

const PATIENCE_MS = 3_000;

/** What the running program says of its connections, as in `/status`; null: it does not answer. */
export async function askProgram(
  { fetch }: World,
  settings: Settings,
  store: Store,
): Promise<readonly JsonObject[] | null> {
  const program = await programOf(settings, store);
  if (program === null) return null;
  const { address, token } = program;
  try {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`${address}/status`, { headers, signal: AbortSignal.timeout(PATIENCE_MS) });
    if (!answer.ok) return null;
    const { connections } = (await answer.json()) as { connections?: readonly JsonObject[] };
    return connections ?? [];
  } catch {
    return null;
  }
}

/** Where the program that used the store last was to be found, and what opens its doors. Null: there was none, or its token is sealed with a
 *  key that the files do not name. */
export async function programOf(
  settings: Settings,
  store: Pick<Store, "fact">,
): Promise<{ readonly address: string; readonly token: string } | null> {
  const token = readStatusToken(await store.fact(WHOLE_PROGRAM, STATUS_TOKEN), vaultOf(settings));
  const address = await store.fact(WHOLE_PROGRAM, STATUS_ADDRESS);
  return token !== null && typeof address === "string" ? { address, token } : null;
}
