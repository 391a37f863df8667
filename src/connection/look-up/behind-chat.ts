import { listOf, textOf } from "../../engine/crm-values.ts";
import type { Customer as CrmCustomer } from "../../generated/crm-api.ts";
import type { LookUpContext } from "./request.ts";

/** The CRM customers that are linked to the messenger's profile behind the chat; as a rule one. Rejects with ApiError. */
export async function linkedCustomers({
  crm,
  customer,
  signal,
}: Pick<LookUpContext, "crm" | "customer" | "signal">): Promise<readonly CrmCustomer[]> {
  if (customer === null) return [];
  const found = await crm.customers({ mgCustomerId: customer.id }, { attempts: 2, ...(signal && { signal }) });
  // A CRM that does not know the filter would give everyone.
  return found.filter((row) => isLinked(row, customer.id));
}

function isLinked({ mgCustomerId, mgCustomers }: CrmCustomer, id: number): boolean {
  return textOf(mgCustomerId) === String(id) || listOf(mgCustomers).some(({ externalId }) => externalId === id);
}
