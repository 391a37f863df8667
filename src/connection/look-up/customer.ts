import { listOf, numberOf, textOf } from "../../engine/crm-values.ts";
import { plainEmail } from "../../engine/orders.ts";
import type { Customer } from "../../generated/crm-api.ts";
import { phoneEnding, samePhone } from "../../language/same-phone.ts";
import type { LookedUpCustomer } from "../../types/looked-up.ts";
import { linkedCustomers } from "./behind-chat.ts";
import { momentOf } from "./order-shape.ts";
import { habitsOrNone } from "./order-words.ts";
import { type LookUpAnswer, type LookUpContext, type LookUpRequest, notFound } from "./request.ts";

interface Wanted {
  readonly phone: string | null;
  readonly email: string | null;
}

/** `look_up: customer` gives `customer`: the CRM's customer behind the chat, by link, else by the profile's own e-mail or phone.
 *  A manager's command may name another by phone or e-mail; a customer's words never lead to somebody else. */
export async function lookUpCustomer(request: LookUpRequest, context: LookUpContext): Promise<LookUpAnswer> {
  const typed = { phone: request.by?.phone?.trim() || null, email: request.by?.email?.trim() || null };
  if (request.by !== null && typed.phone === null && typed.email === null) return notFound("blank");
  const isManagers = request.by !== null && context.asker === "manager";
  const found = isManagers ? await search(typed, context) : await behind(context);
  // What a customer typed can only narrow: to themselves, or to nobody.
  const fitting = request.by === null ? found : found.filter((row) => fits(row, typed, context.country));
  const [first] = fitting;
  if (first === undefined) return notFound(found.length > 0 ? "not_theirs" : "none");
  const { timezone } = await habitsOrNone(context);
  return { outcome: "found", names: { customer: lookedUpCustomer(first, timezone) } };
}

async function behind(context: LookUpContext): Promise<readonly Customer[]> {
  const linked = await linkedCustomers(context);
  if (linked.length > 0 || context.customer === null) return linked;
  return search(context.customer, context);
}

/** The CRM searches by pieces of text; only rows that really have the e-mail or phone count. */
async function search({ phone, email }: Wanted, context: LookUpContext): Promise<readonly Customer[]> {
  const { crm, signal, country } = context;
  const options = { attempts: 2, ...(signal && { signal }) };
  const byEmail = plainEmail(email) === null ? [] : await crm.customers({ email: email ?? "" }, options);
  const byPhone = phone === null ? [] : await crm.customers({ name: phoneEnding(phone, country) }, options);
  const found = new Map([...byEmail, ...byPhone].map((row) => [row.id, row]));
  return [...found.values()].filter((row) => fits(row, { phone, email }, country));
}

function fits(row: Customer, { phone, email }: Wanted, country: string | null): boolean {
  const hasEmail = plainEmail(email) !== null && plainEmail(textOf(row.email)) === plainEmail(email);
  const home = textOf(row.address?.countryIso) ?? country;
  return hasEmail || listOf(row.phones).some(({ number }) => samePhone(textOf(number), phone, home));
}

function lookedUpCustomer(row: Customer, timezone: string | null): LookedUpCustomer {
  const phones = listOf(row.phones).map(({ number }) => textOf(number));
  return {
    crm_id: row.id,
    first_name: textOf(row.firstName),
    last_name: textOf(row.lastName),
    phone: phones.find((phone) => phone !== null) ?? null,
    email: textOf(row.email),
    created_at: momentOf(row.createdAt, timezone),
    orders_count: numberOf(row.ordersCount),
    total: numberOf(row.totalSumm),
    vip: row.vip === true,
  };
}
