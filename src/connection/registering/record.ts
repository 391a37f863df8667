import { randomBytes } from "node:crypto";
import type { ConnectionRecord, Store } from "../../store/store.ts";

/** What makes one account ours: its address, and the code under which our module stands there. */
export interface Account {
  readonly crmUrl: string;
  readonly moduleCode: string;
}

/** The name of a connection in the store and in the log: host, path and module code. Another account or another module
 *  is another connection, so that the chats of two accounts never mix in one store. */
export function connectionId({ crmUrl, moduleCode }: Account): string {
  const { host, pathname } = new URL(crmUrl);
  return `${host}${pathname.replace(/\/+$/, "")}/${moduleCode}`;
}

/** 64 hex characters: knowing it is the only proof with which the CRM opens the settings page (crm-api.md 4c). */
const newClientId = () => randomBytes(32).toString("hex");

/** A record for an account that was never connected; its `clientId` is made here, once. */
export function newRecord(account: Account): ConnectionRecord {
  return {
    id: connectionId(account),
    crmUrl: account.crmUrl,
    clientId: newClientId(),
    moduleCode: account.moduleCode,
    gatewayUrl: null,
    token: null,
    botId: null,
    apiKey: null,
    language: null,
    timezone: null,
    ruleSet: null,
    enabled: true,
    paused: false,
  };
}

/** The stored record of the account. A new one is stored before anything is sent, so that a start which dies
 *  half-way comes back with the same `clientId`. */
export async function openRecord(store: Store, account: Account): Promise<ConnectionRecord> {
  const known = await store.connection(connectionId(account));
  if (known !== null) return known;
  return await store.addConnection(newRecord(account));
}
