import { createHash } from "node:crypto";
import type { CustomerRef, Order } from "../generated/crm-api.ts";
import { digitsOf, samePhone } from "../language/same-phone.ts";
import { listOf, textOf } from "./crm-values.ts";
import { plainNumber } from "./order-number.ts";

/** The customer behind a chat, as far as the service itself knows: the CRM customers linked to the messenger's profile, and the
 *  profile's own phone and e-mail. Never what was typed. */
export interface BehindChat {
  readonly crmIds: readonly number[];
  readonly phone: string | null;
  readonly email: string | null;
}

/** What was typed, or stands in the rule; null: nothing. */
export interface Typed {
  readonly number: string | null;
  readonly phone: string | null;
  readonly email: string | null;
}

/** One guess at somebody's order. `key` tells guesses apart without telling what was typed; `at` is Unix ms. */
export interface OrderTry {
  readonly key: string;
  readonly at: number;
}

export interface Asked {
  /** What the CRM found, in any order; more than was asked for does no harm. */
  readonly orders: readonly Order[];
  readonly asker: "customer" | "manager";
  readonly behind: BehindChat;
  readonly typed: Typed;
  /** Guesses made in this chat. */
  readonly tries: readonly OrderTry[];
  /** Unix ms. */
  readonly now: number;
  /** Where phone numbers without a country are at home (ISO 3166), unless the order says it itself. */
  readonly country: string | null;
}

/** `orders`: those that may be shown, newest first. `why` there are none: nothing of the kind is there; something is, but it is
 *  not for this reader; too many guesses. For logs alone: towards the customer all three are "not found". */
export interface InSight {
  readonly orders: readonly Order[];
  readonly why: "none" | "not_theirs" | "too_many_tries" | null;
  /** The guesses that still count, with this one. */
  readonly tries: readonly OrderTry[];
}

export const MOST_TRIES = 3;
export const TRIES_WINDOW_MS = 60 * 60_000;

/** Which orders may be seen (spec 4.1 "Orders"). Managers: all. The customer: their own, by number alone; any other only when
 *  the typed number and the typed phone (or e-mail) are those of that same order, with three guesses per chat and hour. The
 *  same guess again counts once: it tells nothing new. */
export function ordersInSight({ orders, asker, behind, typed, tries, now, country }: Asked): InSight {
  const recent = recentTries(tries, now);
  const asked = typed.number === null ? orders : orders.filter((order) => hasNumber(order, typed.number));
  const seen = (shown: readonly Order[], counted = recent): InSight => ({
    orders: newestFirst(shown),
    why: shown.length > 0 ? null : asked.length === 0 ? "none" : "not_theirs",
    tries: counted,
  });
  if (asker === "manager") return seen(asked.filter((order) => isOfContact(order, typed, country)));
  const own = asked.filter((order) => isTheirs(order, behind, country));
  if (typed.number === null) return seen(own.filter((order) => isOfContact(order, typed, country)));
  if (own.length > 0 || !hasContact(typed)) return seen(own);
  const counted = withTry(recent, { key: keyOf(typed), at: now });
  if (counted === null) return { orders: [], why: "too_many_tries", tries: recent };
  return seen(
    asked.filter((order) => isOfContact(order, typed, country)),
    counted,
  );
}

/** The tries that count at `now`. */
export const recentTries = (tries: readonly OrderTry[], now: number): readonly OrderTry[] =>
  tries.filter(({ at }) => at > now - TRIES_WINDOW_MS);

/** Null: one too many. */
function withTry(recent: readonly OrderTry[], guess: OrderTry): readonly OrderTry[] | null {
  if (recent.some(({ key }) => key === guess.key)) return recent;
  return recent.length >= MOST_TRIES ? null : [...recent, guess];
}

function keyOf({ number, phone, email }: Typed): string {
  const parts = [plainNumber(number), digitsOf(phone ?? ""), plainEmail(email)];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}

const hasNumber = (order: Order, wanted: string | null) => {
  const number = plainNumber(textOf(order.number));
  return number !== null && number === plainNumber(wanted);
};

const hasContact = ({ phone, email }: Typed) => phone !== null || email !== null;

/** Was it placed with the typed phone or e-mail? Without any typed, every order will do. */
function isOfContact(order: Order, typed: Typed, country: string | null): boolean {
  return !hasContact(typed) || hasPhone(order, typed.phone, country) || hasEmail(order, typed.email);
}

function isTheirs(order: Order, { crmIds, phone, email }: BehindChat, country: string | null): boolean {
  const people = buyers(order).flatMap(({ id }) => (typeof id === "number" ? [id] : []));
  return people.some((id) => crmIds.includes(id)) || hasPhone(order, phone, country) || hasEmail(order, email);
}

/** The person who ordered. A company is not one: all its people would see each other's orders. */
function buyers(order: Order): readonly CustomerRef[] {
  return [order.customer, order.contact].filter(
    (buyer): buyer is CustomerRef => buyer != null && buyer.type !== "customer_corporate",
  );
}

/** The phone the order was placed with; where it has none, those of the person who ordered. */
function hasPhone(order: Order, phone: string | null, country: string | null): boolean {
  const own = textOf(order.phone);
  const theirs = buyers(order).flatMap(({ phones }) => listOf(phones).map(({ number }) => textOf(number)));
  const home = textOf(order.countryIso) ?? country;
  return (own === null ? theirs : [own]).some((number) => samePhone(number, phone, home));
}

function hasEmail(order: Order, email: string | null): boolean {
  const own = plainEmail(textOf(order.email));
  const theirs = buyers(order).map((buyer) => plainEmail(textOf(buyer.email)));
  const wanted = plainEmail(email);
  return wanted !== null && (own === null ? theirs : [own]).includes(wanted);
}

/** Case does not matter in practice, whatever the standard says of the part before the @. */
export function plainEmail(email: string | null): string | null {
  const plain = email?.trim().toLowerCase() ?? "";
  return plain.includes("@") ? plain : null;
}

/** The CRM's moments are of one zone and sort as text. */
function newestFirst(orders: readonly Order[]): readonly Order[] {
  const key = ({ createdAt }: Order) => textOf(createdAt) ?? "";
  return [...orders].sort((left, right) => {
    const [a, b] = [key(left), key(right)];
    return a === b ? right.id - left.id : a < b ? 1 : -1;
  });
}
