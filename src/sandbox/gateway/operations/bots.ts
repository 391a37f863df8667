import { changeBot } from "../../world/people.ts";
import { badRequest, Refusal } from "../../world/refusal.ts";
import type { Command } from "../../world/rows.ts";
import { botRow, commandRow, savedCommand } from "../../world/shapes.ts";
import { nextId, type World } from "../../world/world.ts";
import { fits, flag, page } from "../listing.ts";
import type { Handler, Handlers } from "./operation.ts";

const listBots: Handler<"listBots"> = ({ world, bot, query }) => {
  const self = flag(query.self) === true ? true : undefined;
  const rows = [...world.bots.values()].filter(
    (row) =>
      fits(self, row.id === bot.id) &&
      fits(flag(query.active), row.active) &&
      (query.role ?? []).every((role) => row.roles.includes(role)),
  );
  return page(rows, query, world.behaviour).map((row) => botRow(row, bot.id));
};

const updateBot: Handler<"updateBot"> = ({ bot, body, act }) => {
  const { name, avatar_url, roles } = body;
  if (name !== undefined && name.trim() === "") throw badRequest("name: this value should not be blank");
  const to = {
    ...(name === undefined ? {} : { name: name.trim() }),
    ...(avatar_url === undefined ? {} : { avatarUrl: avatar_url ?? "" }),
    ...(roles === undefined ? {} : { roles }),
  };
  act((world, now) => changeBot(world, now, { botId: bot.id, to }));
  return {};
};

const commandOf = (world: World, botId: number, name: string): Command | undefined =>
  [...world.commands.values()].find((command) => command.botId === botId && command.name === name);

const listCommands: Handler<"listCommands"> = ({ world, bot, query }) => {
  const rows = [...world.commands.values()].filter((row) => row.botId === bot.id && fits(query.name, row.name));
  return page(rows, query, world.behaviour).map(commandRow);
};

const createOrUpdateCommand: Handler<"createOrUpdateCommand"> = ({ bot, params, body, act }) => {
  const name = params.command_name;
  if (body.name !== undefined && body.name !== name) throw badRequest("name: must be the same as in the address");
  return act((world, now) => {
    const known = commandOf(world, bot.id, name);
    const description = body.description?.trim() ?? known?.description ?? "";
    if (description === "") throw badRequest("description: this value should not be blank");
    const command: Command =
      known === undefined
        ? { id: nextId(world, "command"), botId: bot.id, name, description, createdAt: now, updatedAt: null }
        : { ...known, description, updatedAt: now };
    world.commands.set(command.id, command);
    world.changes.push({ kind: "command_set", command });
    return savedCommand(command);
  });
};

const deleteCommand: Handler<"deleteCommand"> = ({ bot, params, act }) => {
  act((world) => {
    const known = commandOf(world, bot.id, params.command_name);
    if (known === undefined) throw new Refusal(404, [`command ${params.command_name} not found`]);
    world.commands.delete(known.id);
    world.changes.push({ kind: "command_deleted", command: known });
  });
  return {};
};

/** The calling bot, the others, and its slash commands. */
export const botOperations: Handlers<
  "listBots" | "updateBot" | "listCommands" | "createOrUpdateCommand" | "deleteCommand"
> = {
  listBots,
  updateBot,
  listCommands,
  createOrUpdateCommand,
  deleteCommand,
};
