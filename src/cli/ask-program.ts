import { STATUS_ADDRESS, STATUS_TOKEN, WHOLE_PROGRAM } from "../service/status-facts.ts";
import type { Store } from "../store/store.ts";
import type { JsonObject } from "../types/json.ts";
import type { World } from "./world.ts";

const PATIENCE_MS = 3_000;

/** What the running program says of its connections, as in `/status`; null: it does not answer. */
export async function askProgram({ fetch }: World, store: Store): Promise<readonly JsonObject[] | null> {
  const token = await store.fact(WHOLE_PROGRAM, STATUS_TOKEN);
  const address = await store.fact(WHOLE_PROGRAM, STATUS_ADDRESS);
  if (typeof token !== "string" || typeof address !== "string") return null;
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
