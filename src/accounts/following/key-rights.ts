import { createHash } from "node:crypto";
import type { CrmApi } from "../../api/crm.ts";
import type { Clock } from "../../clock.ts";
import { missingScopes } from "../../connection/registering/scopes.ts";
import type { ConnectionRecord } from "../../store/store.ts";
import { isObject, type Json, type JsonObject } from "../../types/json.ts";
import type { Rulebook } from "../../types/rule.ts";
import { within } from "../deadline.ts";
import { neededRights } from "./needed-rights.ts";

export interface KeyRightsOptions {
  readonly crmOf: (account: { readonly url: string; readonly apiKey: string }) => CrmApi;
  readonly rulebookOf: (record: ConnectionRecord) => Pick<Rulebook, "rules" | "teams">;
  readonly clock: Clock;
}

/** A person may wait for the answer, and other accounts do. */
const WHOLE_MS = 20_000;
const ATTEMPTS = 2;

/** Rights that the account's rules need, beyond those for registering. */
export const neededBy = ({ rulebookOf }: Pick<KeyRightsOptions, "rulebookOf">, record: ConnectionRecord) =>
  neededRights(rulebookOf(record));

/** Which of the rights that the account's rules need this key lacks. The CRM is asked, if they need any. Rejects with ApiError. */
export async function lackingRights(
  options: KeyRightsOptions,
  { record, apiKey }: { readonly record: ConnectionRecord; readonly apiKey: string },
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const { crmOf, clock } = options;
  const needed = neededBy(options, record);
  if (needed.length === 0) return [];
  const crm = crmOf({ url: record.crmUrl, apiKey });
  try {
    return await within({ clock, ms: WHOLE_MS }, async (late) => {
      const either = signal === undefined ? late : AbortSignal.any([signal, late]);
      return missingScopes(await crm.credentials({ attempts: ATTEMPTS, signal: either }), needed);
    });
  } finally {
    crm.close();
  }
}

/** Tells a key from the next one, and says nothing of it. */
const markOf = (apiKey: string) => createHash("sha256").update(apiKey).digest("hex").slice(0, 16);

/** What the store keeps of rights of a key: nothing secret. */
export const rightsFact = (apiKey: string, scopes: readonly string[], at: number): JsonObject => ({
  at,
  key: markOf(apiKey),
  scopes: [...scopes],
});

/** What is kept of the rights of this key, and since when (Unix ms); null: nothing, or it is about another key. */
export function readRights(
  fact: Json,
  apiKey: string,
): { readonly at: number; readonly scopes: readonly string[] } | null {
  if (!isObject(fact) || typeof fact.at !== "number" || fact.key !== markOf(apiKey)) return null;
  const { at, scopes } = fact;
  return { at, scopes: Array.isArray(scopes) ? scopes.filter((scope) => typeof scope === "string") : [] };
}
