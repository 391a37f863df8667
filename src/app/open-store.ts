import type { Log, SecretKeeper } from "../log.ts";
import { openStore } from "../store/open.ts";
import { restoredFrom } from "../store/restored.ts";
import { resealAll, sealedStore } from "../store/sealed.ts";
import type { Store, StoreError } from "../store/store.ts";
import type { Vault } from "../vault.ts";

/** A database that is started together with the program is waited for so long. */
const PATIENCE_MS = 60_000;

export interface OpeningOptions {
  readonly address: string;
  /** Keys and tokens lie encrypted by it; null: nothing is encrypted. */
  readonly vault: Vault | null;
  readonly secrets: SecretKeeper;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** The store of the running program. Rejects with StoreError. */
export async function openProgramStore({ address, vault, secrets, log, signal }: OpeningOptions): Promise<Store> {
  const patience = {
    forMs: PATIENCE_MS,
    signal,
    onWait: ({ message }: StoreError) => log.warn({ forMs: PATIENCE_MS }, `${message} Waiting for it.`),
  };
  const store = await openStore(address, { patience });
  try {
    await seal(store, vault, log);
    const savedAt = await restoredFrom(store);
    if (savedAt !== null) {
      const saved = new Date(savedAt).toISOString();
      log.warn(
        { saved },
        "the store is a backup: what waited when it was saved is not done again, and nothing is caught up with",
      );
    }
  } catch (error) {
    await store.close();
    throw error;
  }
  return sealedStore(store, vault, secrets);
}

async function seal(store: Store, vault: Vault | null, log: Log): Promise<void> {
  const { sealed, unreadable } = await resealAll(store, vault);
  if (sealed > 0) log.info({ connections: sealed }, "keys and tokens were encrypted with the present key");
  if (unreadable.length > 0) {
    const where = vault === null ? "set service.encryption_key to it" : "name it in service.old_encryption_keys";
    log.error(
      { connections: unreadable },
      `the API keys of these connections cannot be decrypted with the encryption key that is set: if the one before is known, ${where} and start again; if it is lost, each account has to be connected again`,
    );
  }
}
