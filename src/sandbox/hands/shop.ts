import type { Stage } from "../stage.ts";
import { addCrmCustomer, addOrder, changeOrderStatus } from "../world/shop.ts";
import type { CrmCustomer, Order } from "../world/shop-rows.ts";
import type { CrmCustomerSeed, OrderSeed } from "../world/shop-seed.ts";

/** What happens in the CRM itself. All of it throws RangeError for unknown names and codes. */
export interface ShopHands {
  newCrmCustomer(seed: CrmCustomerSeed): CrmCustomer;
  newOrder(seed: OrderSeed): Order;
  /** By its number, to the status of that code. */
  changeOrder(number: string, status: string): Order;
}

export const createShopHands = (stage: Stage): ShopHands => ({
  newCrmCustomer: (seed) => stage.act((world, now) => addCrmCustomer(world, now, seed)),
  newOrder: (seed) => stage.act((world, now) => addOrder(world, now, seed)),
  changeOrder: (number, status) => stage.act((world, now) => changeOrderStatus(world, now, { number, status })),
});
