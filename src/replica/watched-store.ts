import { LeaseLost } from "../store/leases.ts";
import type { Store } from "../store/store.ts";

/** The store of one connection, which tells when it learns that somebody else has taken the connection over. Whoever asked gets
 *  the LeaseLost all the same. */
export function watchedStore(store: Store, onLost: () => void): Store {
  const watch = (value: unknown) => {
    if (typeof value !== "function") return value;
    return async (...given: readonly unknown[]) => {
      try {
        return await value(...given);
      } catch (error) {
        if (error instanceof LeaseLost) onLost();
        throw error;
      }
    };
  };
  const methods = Object.entries(store).map(([name, value]) => [name, name === "under" ? value : watch(value)]);
  return Object.fromEntries(methods) as unknown as Store;
}
