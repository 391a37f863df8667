import type { Server, ServerParts } from "../http/server.ts";
import { crmPage } from "./answers.ts";
import { crmCustomer, filterCustomers } from "./customers.ts";
import { byCode, DIRECTORIES } from "./directories.ts";
import { asRecord, checkKey } from "./key.ts";
import { crmOrder, filterOrders } from "./orders.ts";
import { crmProduct, filterProducts } from "./products.ts";

/** What a bot reads to answer customers: orders, customers, products and directories. */
export function addShopMethods({ app }: Server, { stage: { world } }: ServerParts): void {
  app.get("/api/v5/orders", async (request) => {
    checkKey(world, request, "order_read");
    const query = asRecord(request.query);
    const { pagination, rows } = crmPage(filterOrders(world, query), query);
    return { success: true, pagination, orders: rows.map((order) => crmOrder(world, order)) };
  });
  app.get("/api/v5/customers", async (request) => {
    checkKey(world, request, "customer_read");
    const query = asRecord(request.query);
    const { pagination, rows } = crmPage(filterCustomers(world, query), query);
    return { success: true, pagination, customers: rows.map((customer) => crmCustomer(world, customer)) };
  });
  app.get("/api/v5/store/products", async (request) => {
    checkKey(world, request, "store_read");
    const query = asRecord(request.query);
    const { pagination, rows } = crmPage(filterProducts(world, query), query);
    return { success: true, pagination, products: rows.map(crmProduct) };
  });
  for (const [name, { key, rows }] of Object.entries(DIRECTORIES)) {
    app.get(`/api/v5/reference/${name}`, async (request) => {
      checkKey(world, request, "reference_read");
      return { success: true, [key]: byCode(rows(world.directories)) };
    });
  }
}
