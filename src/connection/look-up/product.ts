import type { Product } from "../../api/crm-reads.ts";
import { listOf, numberOf, textOf } from "../../engine/crm-values.ts";
import type { Offer } from "../../generated/crm-api.ts";
import { fold } from "../../language/text/fold.ts";
import type { LookedUpProduct } from "../../types/looked-up.ts";
import { habitsOrNone } from "./order-words.ts";
import { type LookUpAnswer, type LookUpContext, type LookUpRequest, notFound } from "./request.ts";

/** Products looked through for the best one. */
const MOST = 50;
/** A longer text names no product. */
const LONGEST_NAME = 200;

/** `look_up: product` with `by: {name: ...}` gives `product`: the offer whose name or article is just that, else one that the CRM
 *  finds; of equals one that is in stock, else in the CRM's order. */
export async function lookUpProduct({ by }: LookUpRequest, context: LookUpContext): Promise<LookUpAnswer> {
  const { crm, signal } = context;
  const name = by?.name?.trim() ?? "";
  if (name === "" || name.length > LONGEST_NAME) return notFound("blank");
  const products = await crm.products({ name, active: true }, { attempts: 2, most: MOST, ...(signal && { signal }) });
  const [best] = offersOf(products).sort((left, right) => rank(right, name) - rank(left, name));
  if (best === undefined) return notFound("none");
  const { currency } = await habitsOrNone(context);
  return { outcome: "found", names: { product: lookedUpProduct(best, currency) } };
}

interface Choice {
  readonly product: Product;
  readonly offer: Offer;
}

const offersOf = (products: readonly Product[]): Choice[] =>
  products
    .filter(({ active }) => active !== false)
    .flatMap((product) =>
      listOf(product.offers)
        .filter(({ active }) => active !== false)
        .map((offer) => ({ product, offer })),
    );

/** The better choice has more. */
function rank({ product, offer }: Choice, wanted: string): number {
  const isWanted = (text: unknown) => fold(textOf(text) ?? "") === fold(wanted);
  const exact = [offer.name, offer.article].some(isWanted) ? 4 : [product.name, product.article].some(isWanted) ? 2 : 0;
  return exact + ((numberOf(offer.quantity) ?? 0) > 0 ? 1 : 0);
}

function lookedUpProduct({ product, offer }: Choice, accountCurrency: string | null): LookedUpProduct {
  const prices = listOf(offer.prices);
  const base = prices.find(({ priceType }) => priceType === "base") ?? prices[0];
  return {
    id: offer.id,
    name: textOf(offer.name) ?? textOf(product.name) ?? String(offer.id),
    article: textOf(offer.article) ?? textOf(product.article),
    price: numberOf(offer.price) ?? numberOf(base?.price),
    currency: textOf(base?.currency) ?? accountCurrency,
    url: textOf(product.url),
    img: textOf(listOf(offer.images)[0]) ?? textOf(product.imageUrl),
    quantity: numberOf(offer.quantity) ?? numberOf(product.quantity),
    unit: textOf(offer.unit?.sym) ?? textOf(offer.unit?.name),
  };
}
