import type { CrmApi } from "../../api/crm.ts";
import { crmHours } from "../../language/hours/crm-hours.ts";
import { isEverOpen } from "../../language/hours/hours.ts";
import type { Log } from "../../log.ts";
import type { Hours } from "../../types/hours.ts";
import { isObject, type Json } from "../../types/json.ts";
import type { Rulebook } from "../../types/rule.ts";

/** The account's own working hours, for `hours: {office: crm}`. Null: no rule needs them, or the CRM did not tell them: what
 *  was known of them stays. */
export async function accountHours(
  { crm, log }: { readonly crm: Pick<CrmApi, "settings">; readonly log: Log },
  rulebook: Rulebook,
  signal: AbortSignal,
): Promise<Hours | null> {
  if (!Object.values(rulebook.hours).includes("crm")) return null;
  try {
    const hours = crmHours((await crm.settings({ attempts: 2, signal })) as unknown as Json);
    if (!isEverOpen(hours)) log.warn({}, "hours are taken from the account, but it has set none: it counts as closed");
    return hours;
  } catch (error) {
    if (signal.aborted) return null;
    log.warn({ err: error }, "hours are taken from the account, but its settings can't be read");
    return null;
  }
}

/** Hours as they were kept; null: these are none. */
export function readHours(kept: Json): Hours | null {
  return isObject(kept) && isObject(kept.week) && isObject(kept.dates) ? (kept as unknown as Hours) : null;
}
