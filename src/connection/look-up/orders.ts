import { numberSpellings } from "../../engine/order-number.ts";
import { type BehindChat, type InSight, ordersInSight, plainEmail, type Typed } from "../../engine/orders.ts";
import type { Order } from "../../generated/crm-api.ts";
import { phoneEnding } from "../../language/same-phone.ts";
import { linkedCustomers } from "./behind-chat.ts";
import { lookedUpOrder } from "./order-shape.ts";
import { orderWords } from "./order-words.ts";
import { type LookUpAnswer, type LookUpContext, type LookUpRequest, notFound } from "./request.ts";

/** Orders of one customer that are looked through for the newest: the CRM does not promise an order of its pages. */
const MOST_OF_ONE = 200;
/** Orders that `orders` shows. */
const MOST_SHOWN = 20;

/** `look_up: order` gives `order`; `look_up: orders` gives `orders`, newest first. Who may see which: engine/orders.ts. */
export async function lookUpOrders(request: LookUpRequest, context: LookUpContext): Promise<LookUpAnswer> {
  const typed = typedIn(request);
  if (typed === null) return notFound("blank");
  const seen = await look(typed, context);
  if (seen.why !== null) return notFound(seen.why);
  const words = await orderWords(context);
  const shown = seen.orders.slice(0, MOST_SHOWN).map((order) => lookedUpOrder(order, words));
  const [newest] = shown;
  if (newest === undefined) return notFound("none");
  return { outcome: "found", names: request.kind === "orders" ? { orders: shown } : { order: newest } };
}

/** Null: something was to be typed and is blank. The customer's newest order would be no answer to that. */
function typedIn({ by }: LookUpRequest): Typed | null {
  if (by === null) return { number: null, phone: null, email: null };
  const [number, phone, email] = [by.number, by.phone, by.email].map((value) => value?.trim() || null);
  if (by.number !== undefined ? numberSpellings(number ?? "").length === 0 : !phone && !email) return null;
  return { number: number ?? null, phone: phone ?? null, email: email ?? null };
}

async function look(typed: Typed, context: LookUpContext): Promise<InSight> {
  const { asker, country, clock, chatId, tries } = context;
  const behind = await behindChat(typed, context);
  const orders = await candidates(typed, behind, context);
  const asked = { orders, asker, behind, typed, country, now: clock.now() };
  if (asker === "manager") return ordersInSight({ ...asked, tries: [] });
  return tries.counting({ chatId, now: asked.now }, (made) => ordersInSight({ ...asked, tries: made }));
}

async function behindChat(typed: Typed, context: LookUpContext): Promise<BehindChat> {
  const isManagers = context.asker === "manager" && (typed.number ?? typed.phone ?? typed.email) !== null;
  const linked = isManagers ? [] : await linkedCustomers(context);
  const { phone = null, email = null } = context.customer ?? {};
  return { crmIds: linked.map(({ id }) => id), phone, email };
}

/** More than may be seen, perhaps: what the CRM finds by number, by what a manager typed, or for the customer. */
async function candidates(typed: Typed, behind: BehindChat, context: LookUpContext): Promise<readonly Order[]> {
  const { crm, asker, signal, country } = context;
  const options = { attempts: 2, most: MOST_OF_ONE, ...(signal && { signal }) };
  if (typed.number !== null) return crm.orders({ numbers: numberSpellings(typed.number) }, options);
  const isManagers = asker === "manager" && (typed.phone ?? typed.email) !== null;
  const who = isManagers ? { crmIds: [], phone: typed.phone, email: typed.email } : behind;
  const lists = await Promise.all([
    ...who.crmIds.map((customerId) => crm.orders({ customerId }, options)),
    who.phone === null ? [] : crm.orders({ customer: phoneEnding(who.phone, country) }, options),
    plainEmail(who.email) === null ? [] : crm.orders({ email: who.email ?? "" }, options),
  ]);
  const found = new Map(lists.flat().map((order) => [order.id, order]));
  // Of a manager's search all is shown that fits; without one, only what is of the customer behind the chat.
  return isManagers ? [...found.values()] : ofCustomer([...found.values()], behind, context);
}

/** A CRM that does not know a filter would give everyone's orders, also to a manager who asked for one customer's. */
function ofCustomer(orders: readonly Order[], behind: BehindChat, { country, clock }: LookUpContext): readonly Order[] {
  const typed = { number: null, phone: null, email: null };
  return ordersInSight({ orders, asker: "customer", behind, typed, tries: [], country, now: clock.now() }).orders;
}
