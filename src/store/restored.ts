import type { Store } from "./store.ts";
import { WHOLE_PROGRAM } from "./whole-program.ts";

/** Fact of the whole program in a copy that was taken beside a running bot: when (Unix ms); null: it has been settled. */
export const COPIED = "copied_at";
/** The same, once the copy is in use, until somebody has been told. */
export const RESTORED = "restored_from";

/** When the backup was taken (Unix ms) that the store was restored from, told once; null: it was not, or that was told already.
 *  Rejects with StoreError. */
export async function restoredFrom(store: Pick<Store, "fact" | "saveFact">): Promise<number | null> {
  const at = await store.fact(WHOLE_PROGRAM, RESTORED);
  if (typeof at !== "number") return null;
  await store.saveFact(WHOLE_PROGRAM, RESTORED, null);
  return at;
}
