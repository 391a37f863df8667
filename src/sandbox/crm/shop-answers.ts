import type { World } from "../world/world.ts";
import { crmPage } from "./answers.ts";
import { crmCustomer, filterCustomers } from "./customers.ts";
import { byCode, DIRECTORIES } from "./directories.ts";
import { crmOrder, filterOrders } from "./orders.ts";
import { crmProduct, filterProducts } from "./products.ts";

type Query = Readonly<Record<string, unknown>>;

/** One method by which a bot reads what it answers customers with. `answer` throws CrmRefusal for a wrong query. */
export interface ShopRead {
  readonly path: string;
  /** The permission that it needs. */
  readonly scope: string;
  answer(world: World, query: Query): object;
}

const directories = Object.entries(DIRECTORIES).map(
  ([name, { key, rows }]): ShopRead => ({
    path: `/api/v5/reference/${name}`,
    scope: "reference_read",
    answer: (world) => ({ success: true, [key]: byCode(rows(world.directories)) }),
  }),
);

/** Orders, customers, products and directories. */
export const SHOP_READS: readonly ShopRead[] = [
  {
    path: "/api/v5/orders",
    scope: "order_read",
    answer(world, query) {
      const { pagination, rows } = crmPage(filterOrders(world, query), query);
      return { success: true, pagination, orders: rows.map((order) => crmOrder(world, order)) };
    },
  },
  {
    path: "/api/v5/customers",
    scope: "customer_read",
    answer(world, query) {
      const { pagination, rows } = crmPage(filterCustomers(world, query), query);
      return { success: true, pagination, customers: rows.map((customer) => crmCustomer(world, customer)) };
    },
  },
  {
    path: "/api/v5/store/products",
    scope: "store_read",
    answer(world, query) {
      const { pagination, rows } = crmPage(filterProducts(world, query), query);
      return { success: true, pagination, products: rows.map(crmProduct) };
    },
  },
  ...directories,
];
