import { chatRow } from "../../world/chat-shapes.ts";
import { channelRow, customerRow, memberRow, userRow } from "../../world/shapes.ts";
import type { World } from "../../world/world.ts";
import { fits, flag, page } from "../listing.ts";
import type { Handler, Handlers } from "./operation.ts";

const typeOf = (world: World, channelId: number) => world.channels.get(channelId)?.type;

const listUsers: Handler<"listUsers"> = ({ world, query }) => {
  const rows = [...world.people.values()].filter(
    (row) =>
      fits(flag(query.active), row.active) &&
      fits(flag(query.online), row.online) &&
      fits(query.external_id, String(row.crmId)),
  );
  return page(rows, query, world.behaviour).map(userRow);
};

const listCustomers: Handler<"listCustomers"> = ({ world, query }) => {
  const rows = [...world.customers.values()].filter(
    (row) =>
      fits(query.channel_id, row.channelId) &&
      fits(query.channel_type, typeOf(world, row.channelId)) &&
      fits(query.external_id, row.externalId),
  );
  return page(rows, query, world.behaviour).map(customerRow);
};

const listMembers: Handler<"listMembers"> = ({ world, query }) => {
  const rows = [...world.members.values()].filter(
    (row) => fits(query.chat_id, row.chatId) && fits(query.user_id, row.userId) && fits(query.state, row.state),
  );
  return page(rows, query, world.behaviour).map(memberRow);
};

const listChannels: Handler<"listChannels"> = ({ world, query }) => {
  const rows = [...world.channels.values()].filter(
    (row) => fits(flag(query.active), row.active) && (query.types?.includes(row.type) ?? true),
  );
  return page(rows, query, world.behaviour).map(channelRow);
};

const listChats: Handler<"listChats"> = ({ world, query }) => {
  const rows = [...world.chats.values()].filter(
    (row) =>
      fits(query.channel_id, row.channelId) &&
      fits(query.channel_type, typeOf(world, row.channelId)) &&
      fits(query.customer_id, row.customerId) &&
      fits(query.customer_external_id, world.customers.get(row.customerId)?.externalId),
  );
  return page(rows, query, world.behaviour).map((row) => chatRow(world, row));
};

/** Lists of people, channels and chats. */
export const peopleOperations: Handlers<"listUsers" | "listCustomers" | "listMembers" | "listChannels" | "listChats"> =
  {
    listUsers,
    listCustomers,
    listMembers,
    listChannels,
    listChats,
  };
