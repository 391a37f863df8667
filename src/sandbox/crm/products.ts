import type { Offer, Product } from "../world/shop-rows.ts";
import type { World } from "../world/world.ts";
import { isFlag, passes, readFilters } from "./filters.ts";

const FILTERS = { name: "one", active: "one", ids: "many", offerIds: "many", sites: "many" } as const;

/** Products by the filters of `/store/products`; `name` is searched in articles too. */
export function filterProducts(world: World, query: Readonly<Record<string, unknown>>): readonly Product[] {
  const given = readFilters(query, FILTERS);
  return [...world.products.values()].filter(
    (product) =>
      passes(given.name, (wanted) => isCalled(product, wanted)) &&
      passes(given.active, (flag) => isFlag(flag, product.active)) &&
      passes(given.ids, (id) => product.id === Number(id)) &&
      passes(given.offerIds, (id) => product.offers.some((offer) => offer.id === Number(id))) &&
      passes(given.sites, (site) => site === "shop"),
  );
}

function isCalled({ name, article, offers }: Product, wanted: string): boolean {
  const texts = [name, article, ...offers.flatMap((offer) => [offer.name, offer.article])];
  return texts.some((text) => text.toLowerCase().includes(wanted.trim().toLowerCase()));
}

/** A product as it is read, with its offers. */
export function crmProduct(product: Product) {
  const prices = product.offers.map(({ price }) => price);
  return {
    id: product.id,
    name: product.name,
    type: "product",
    article: product.article,
    externalId: product.article.toLowerCase(),
    url: product.url,
    minPrice: Math.min(...prices),
    maxPrice: Math.max(...prices),
    quantity: product.offers.reduce((sum, { quantity }) => sum + quantity, 0),
    active: product.active,
    markable: false,
    groups: [],
    offers: product.offers.map((offer) => crmOffer(offer, product.active)),
  };
}

const crmOffer = ({ id, name, article, price, quantity, image }: Offer, active: boolean) => ({
  id,
  name,
  externalId: article.toLowerCase(),
  xmlId: article.toLowerCase(),
  article,
  price,
  prices: [{ priceType: "base", price, ordering: 991, currency: "EUR" }],
  quantity,
  active,
  images: image === null ? [] : [image],
  properties: [],
  unit: { code: "pc", name: "Piece", sym: "pc" },
});
