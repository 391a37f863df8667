import type { CrmApi } from "../../api/crm.ts";
import type { Log } from "../../log.ts";
import type { Json } from "../../types/json.ts";
import type { Rulebook } from "../../types/rule.ts";

/** E-mails and groups of the staff, which the CRM alone knows; null: it does not tell them. Only teams that are written with them need
 *  the right to read users: without it the rest works. */
export async function crmUsers(
  { crm, log }: { readonly crm: Pick<CrmApi, "users">; readonly log: Log },
  rulebook: Rulebook,
  signal: AbortSignal,
): Promise<Json> {
  // A CRM that hangs is not to be asked again for what nobody needs.
  const attempts = needsCrmUsers(rulebook) ? 2 : 1;
  try {
    return (await crm.users({ attempts, signal })) as unknown as Json;
  } catch (error) {
    if (signal.aborted) return null;
    if (needsCrmUsers(rulebook))
      log.warn({ err: error }, "teams name e-mails or groups, but the CRM's users can't be read (right user_read)");
    else log.debug({ err: error }, "the CRM's users can't be read; no team needs them");
    return null;
  }
}

const needsCrmUsers = ({ teams }: Rulebook) =>
  Object.values(teams).some(({ people, crmGroup }) => crmGroup !== null || people.some((name) => name.includes("@")));
