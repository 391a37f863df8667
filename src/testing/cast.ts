import { customerName } from "../sandbox/world/actors.ts";
import { addCustomer } from "../sandbox/world/create.ts";
import type { Customer } from "../sandbox/world/rows.ts";
import { chatOf } from "../sandbox/world/speaking.ts";
import type { World } from "../sandbox/world/world.ts";
import type { Account } from "./account.ts";

/** Who is meant by `as:`: a customer and the chat with them. */
export interface Role {
  readonly customerId: number;
  readonly chatId: number;
}

/** The customers of a test: its own, and others who come by name when they are first named. */
export type Cast = (as: string | undefined) => Role;

export function createCast({ stage }: Account): Cast {
  const [own] = stage.world.customers.values();
  if (own === undefined) throw new TypeError("a test always has its customer");
  const role = (customer: Customer): Role =>
    stage.act((world, now) => ({ customerId: customer.id, chatId: chatOf(world, now, customer).id }));
  return (as) => {
    if (as === undefined || as === customerName(own)) return role(own);
    return role(named(stage.world, as) ?? stage.act((world, now) => newcomer(world, now, as)));
  };
}

const named = (world: World, name: string) =>
  [...world.customers.values()].find((customer) => customerName(customer) === name);

function newcomer(world: World, now: number, name: string): Customer {
  const [channel] = world.channels.values();
  if (channel === undefined) throw new TypeError("a test always has its channel");
  return addCustomer(world, now, { name, channel: channel.type });
}
