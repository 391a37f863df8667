import type { SecretKeeper } from "../log.ts";
import { isSealed, type Vault } from "../vault.ts";
import { type ConnectionRecord, type Store, StoreError } from "./store.ts";

/** The fields that lie sealed in the database. */
const SEALED = ["apiKey", "token"] as const;
type SealedField = (typeof SEALED)[number];
type Secrets = Partial<Pick<ConnectionRecord, SealedField>>;

/** The same store with API keys and bot tokens encrypted at rest; whoever uses it sees plain values. A connection whose secrets can't
 *  be opened rejects with StoreError and is left out of `connections()`, so that it harms no other; `resealAll` names these
 *  at the start. Values from before there was a key are read as they are. `vault` null: no key is set, so nothing is sealed,
 *  and what is sealed is never handed out. Every secret read or written is told to `secrets`. */
export function sealedStore(store: Store, vault: Vault | null, secrets?: SecretKeeper): Store {
  const opened = (record: ConnectionRecord): ConnectionRecord => {
    const plain = { ...record, ...openedSecrets(record, vault) };
    tell(plain, secrets);
    return plain;
  };
  const sealed = (id: string, change: Secrets): Secrets => {
    tell(change, secrets);
    return vault === null ? change : sealedSecrets(id, change, vault);
  };
  const openedOrNull = (record: ConnectionRecord | null) => (record === null ? null : opened(record));
  return {
    ...store,
    async connections() {
      const records = await store.connections();
      return records.filter((record) => isReadable(record, vault)).map(opened);
    },
    connection: async (id) => openedOrNull(await store.connection(id)),
    connectionOfClient: async (clientId) => openedOrNull(await store.connectionOfClient(clientId)),
    addConnection: async (record) => opened(await store.addConnection({ ...record, ...sealed(record.id, record) })),
    saveAccess: (id, access) => store.saveAccess(id, { ...access, ...sealed(id, access) }),
    changeConnection: (id, wishes) => store.changeConnection(id, { ...wishes, ...sealed(id, wishes) }),
    under: (lease) => sealedStore(store.under(lease), vault, secrets),
  };
}

/** What `resealAll` found. `sealed` counts the connections whose secrets were sealed (anew); `unreadable` are the ids of those whose
 *  key is not among ours. */
export interface Resealed {
  readonly sealed: number;
  readonly unreadable: readonly string[];
}

/** At the start: what is not sealed by the first key, or not at all, is sealed by it. `store` is the one underneath: not a
 *  `sealedStore`. Rejects with StoreError. */
export async function resealAll(store: Store, vault: Vault): Promise<Resealed> {
  const records = await store.connections();
  const unreadable = records.filter((record) => !isReadable(record, vault)).map(({ id }) => id);
  const outdated = records.filter(({ id }) => !unreadable.includes(id)).filter((record) => isOutdated(record, vault));
  for (const { id } of outdated) await resealOne(store, vault, id);
  return { sealed: outdated.length, unreadable };
}

/** Reads the record again just before it is written: another replica may have changed it meanwhile. */
async function resealOne(store: Store, vault: Vault, id: string): Promise<void> {
  const record = await store.connection(id);
  if (record === null || !isOutdated(record, vault)) return;
  const { token, apiKey } = sealedSecrets(id, openedSecrets(record, vault), vault);
  if (token !== undefined) await store.saveAccess(id, { token });
  if (apiKey !== undefined && apiKey !== null) await store.changeConnection(id, { apiKey });
}

const isOutdated = (record: ConnectionRecord, vault: Vault) =>
  SEALED.some((field) => {
    const value = record[field];
    return value !== null && !vault.isCurrent(value);
  });

/** A sealed value belongs to its row and its column. */
const contextOf = (id: string, field: SealedField) => `connection ${id} ${field}`;

function sealedSecrets(id: string, plain: Secrets, vault: Vault): Secrets {
  return mapSecrets(plain, (text, field) => vault.seal(text, contextOf(id, field)));
}

/** Throws StoreError when one can't be opened. */
function openedSecrets(record: ConnectionRecord, vault: Vault | null): Secrets {
  return mapSecrets(record, (text, field) => {
    const plain = openOne(record.id, field, { text, vault });
    if (plain === null) throw unreadable(record.id, vault);
    return plain;
  });
}

const isReadable = (record: ConnectionRecord, vault: Vault | null) =>
  SEALED.every((field) => {
    const text = record[field];
    return text === null || openOne(record.id, field, { text, vault }) !== null;
  });

function openOne(id: string, field: SealedField, { text, vault }: { text: string; vault: Vault | null }) {
  if (!isSealed(text)) return text;
  return vault === null ? null : vault.open(text, contextOf(id, field));
}

function unreadable(id: string, vault: Vault | null): StoreError {
  const advice =
    vault === null
      ? "Set service.encryption_key to the key they were encrypted with."
      : "Add the key they were encrypted with to service.old_encryption_keys and start again.";
  return new StoreError(`The API key and token of the connection ${id} cannot be decrypted. ${advice}`);
}

/** The secret fields that are named, each changed; null stays null. */
function mapSecrets(fields: Secrets, change: (text: string, field: SealedField) => string): Secrets {
  return Object.fromEntries(
    SEALED.flatMap((field) => {
      const value = fields[field];
      if (value === undefined) return [];
      return [[field, value === null ? null : change(value, field)]];
    }),
  );
}

function tell(fields: Secrets, secrets: SecretKeeper | undefined): void {
  for (const field of SEALED) {
    const value = fields[field];
    if (typeof value === "string") secrets?.add(value);
  }
}
