import type { Stage } from "../stage.ts";
import { type AccountHands, createAccountHands, type OpenAddress } from "./account.ts";
import { type CustomerHands, createCustomerHands } from "./customer.ts";
import { createMarketHands, type MarketHands } from "./market.ts";
import { createShopHands, type ShopHands } from "./shop.ts";
import { createStaffHands, type StaffHands } from "./staff.ts";

/** Everything that people, messengers and the CRM do to an account. */
export type Hands = CustomerHands & StaffHands & ShopHands & AccountHands & MarketHands;

export function createHands(stage: Stage, openAddress: OpenAddress): Hands {
  return {
    ...createCustomerHands(stage),
    ...createStaffHands(stage),
    ...createShopHands(stage),
    ...createAccountHands(stage, openAddress),
    ...createMarketHands(stage),
  };
}
