import type { SecretKeeper } from "../log.ts";
import { isSealed, type Vault } from "../vault.ts";
import type { ConnectionRecord, Store } from "./store.ts";

/** The fields that lie sealed in the database. */
const SEALED = ["apiKey", "token"] as const;
type SealedField = (typeof SEALED)[number];
type Secrets = Partial<Pick<ConnectionRecord, SealedField>>;

/** The same store with API keys and bot tokens encrypted at rest; whoever uses it sees plain values. What can't be opened is null: the CRM
 *  gives a token again, and a connection whose API key is lost says so (`unreadable`) until it is given another one; `resealAll`
 *  names these at the start. Values from before there was a key are read as they are. `vault` null: no key is set, so nothing is
 *  sealed, and what is sealed is never handed out. Every secret read or written is told to `secrets`. */
export function sealedStore(store: Store, vault: Vault | null, secrets?: SecretKeeper): Store {
  const opened = (record: ConnectionRecord): ConnectionRecord => {
    const plain = openedSecrets(record, vault);
    tell(plain, secrets);
    return { ...record, ...plain, ...(isLost(record, vault) && { unreadable: true }) };
  };
  const sealed = (id: string, change: Secrets): Secrets => {
    tell(change, secrets);
    return vault === null ? change : sealedSecrets(id, change, vault);
  };
  const openedOrNull = (record: ConnectionRecord | null) => (record === null ? null : opened(record));
  return {
    ...store,
    connections: async () => (await store.connections()).map(opened),
    connection: async (id) => openedOrNull(await store.connection(id)),
    connectionOfClient: async (clientId) => openedOrNull(await store.connectionOfClient(clientId)),
    addConnection: async (record) => opened(await store.addConnection({ ...record, ...sealed(record.id, record) })),
    saveAccess: (id, access) => store.saveAccess(id, { ...access, ...sealed(id, access) }),
    changeConnection: (id, wishes) => store.changeConnection(id, { ...wishes, ...sealed(id, wishes) }),
    under: (lease) => sealedStore(store.under(lease), vault, secrets),
  };
}

/** What `resealAll` found. `sealed` counts the connections whose secrets were sealed (anew); `unreadable` are the ids of those whose
 *  API key can't be opened. */
export interface Resealed {
  readonly sealed: number;
  readonly unreadable: readonly string[];
}

/** At the start: what is not sealed by the first key, or not at all, is sealed by it. `vault` null: no key is set, and it is only looked
 *  for what is sealed. `store` is the one underneath: not a `sealedStore`. Rejects with StoreError. */
export async function resealAll(store: Store, vault: Vault | null): Promise<Resealed> {
  const records = await store.connections();
  const unreadable = records.filter((record) => isLost(record, vault)).map(({ id }) => id);
  if (vault === null) return { sealed: 0, unreadable };
  const outdated = records.filter((record) => isOutdated(record, vault));
  for (const { id } of outdated) await resealOne(store, vault, id);
  return { sealed: outdated.length, unreadable };
}

/** Reads the record again just before it is written: another replica may have changed it meanwhile. */
async function resealOne(store: Store, vault: Vault, id: string): Promise<void> {
  const record = await store.connection(id);
  if (record === null) return;
  const { token, apiKey } = sealedSecrets(id, outdatedSecrets(record, vault), vault);
  if (token !== undefined && token !== null) await store.saveAccess(id, { token });
  if (apiKey !== undefined && apiKey !== null) await store.changeConnection(id, { apiKey });
}

/** What is not sealed by the first key, opened; what can't be opened is left out, and stays as it lies. */
function outdatedSecrets(record: ConnectionRecord, vault: Vault): Secrets {
  const plain = Object.entries(openedSecrets(record, vault)).filter(([field, value]) => {
    const lies = record[field as SealedField];
    return value !== null && lies !== null && !vault.isCurrent(lies);
  });
  return Object.fromEntries(plain);
}

const isOutdated = (record: ConnectionRecord, vault: Vault) => Object.keys(outdatedSecrets(record, vault)).length > 0;

/** A sealed value belongs to its row and its column. */
const contextOf = (id: string, field: SealedField) => `connection ${id} ${field}`;

function sealedSecrets(id: string, plain: Secrets, vault: Vault): Secrets {
  return mapSecrets(plain, (text, field) => vault.seal(text, contextOf(id, field)));
}

/** Null as well where one can't be opened. */
const openedSecrets = (record: ConnectionRecord, vault: Vault | null): Secrets =>
  mapSecrets(record, (text, field) => openOne(record.id, field, { text, vault }));

const isLost = ({ id, apiKey }: ConnectionRecord, vault: Vault | null) =>
  apiKey !== null && openOne(id, "apiKey", { text: apiKey, vault }) === null;

function openOne(id: string, field: SealedField, { text, vault }: { text: string; vault: Vault | null }) {
  if (!isSealed(text)) return text;
  return vault === null ? null : vault.open(text, contextOf(id, field));
}

/** The secret fields that are named, each changed; null stays null. */
function mapSecrets(fields: Secrets, change: (text: string, field: SealedField) => string | null): Secrets {
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
