import { randomBytes } from "node:crypto";
import { emitBot } from "./frames.ts";
import { changeBot } from "./people.ts";
import { CrmRefusal } from "./refusal.ts";
import type { Bot, Module } from "./rows.ts";
import { nextId, type World } from "./world.ts";

type Fields = Readonly<Record<string, unknown>>;

const BLANK = "This value should not be blank.";
const REQUIRED = ["code", "name", "clientId", "baseUrl"] as const;
const TEXTS = [...REQUIRED, "integrationCode", "logo", "accountUrl"] as const;

const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Sample tokens have 65 hex characters. */
const newToken = (): string => randomBytes(33).toString("hex").slice(0, 65);

function textFault(name: string, value: unknown): string | null {
  if (typeof value !== "string") return "This value should be of type string.";
  if (value.trim() === "") return BLANK;
  if ((name === "baseUrl" || name === "accountUrl") && !/^https?:\/\/[^\s/]/.test(value)) {
    return "This value is not a valid URL.";
  }
  return null;
}

function fieldFaults(code: string, fields: Fields, isNew: boolean): Record<string, string> {
  const faults: Record<string, string> = {};
  for (const name of TEXTS) {
    const given = Object.hasOwn(fields, name);
    const required = isNew && REQUIRED.some((key) => key === name);
    if (!given && required) faults[name] = BLANK;
    const fault = given ? textFault(name, fields[name]) : null;
    if (fault !== null) faults[name] = fault;
  }
  if (fields.code !== undefined && fields.code !== code)
    faults.code = "This value should be equal to the code of the address.";
  if (!/^[A-Za-z0-9_-]+$/.test(code)) faults.code = "This value is not valid.";
  if (fields.active !== undefined && typeof fields.active !== "boolean")
    faults.active = "This value should be of type bool.";
  if (isNew && fields.integrations === undefined) faults.integrations = BLANK;
  return faults;
}

function mgBotPart(fields: Fields): Fields | null {
  if (!isObject(fields.integrations)) return null;
  const part = fields.integrations.mgBot;
  // PHP habit: an empty map may come as an empty list.
  return isObject(part) ? part : Array.isArray(part) ? {} : null;
}

/** Works: switched on, paid for, and chats are enabled. */
export const isLive = (world: World, module: Module): boolean =>
  module.active && !module.freeze && world.account.chatsEnabled;

/** Does the gateway accept its token? */
export const isServed = (world: World, module: Module): boolean =>
  isLive(world, module) || !world.behaviour.gatewayFollows;

function addBot(world: World, now: number, fields: Fields): Bot {
  const bot: Bot = {
    id: nextId(world, "bot"),
    clientId: String(fields.clientId),
    name: String(fields.name),
    avatarUrl: typeof fields.logo === "string" ? fields.logo : "",
    active: true,
    roles: [],
    createdAt: now,
    updatedAt: null,
    deactivatedAt: null,
  };
  world.bots.set(bot.id, bot);
  emitBot(world, now, bot);
  return bot;
}

/** The gateway's side follows the CRM's: the bot of a module that does not work is not active. */
function followed(world: World, now: number, module: Module): void {
  const bot = module.botId === null ? undefined : world.bots.get(module.botId);
  const live = isLive(world, module);
  if (bot === undefined || bot.active === live) return;
  changeBot(world, now, { botId: bot.id, to: { active: live, deactivatedAt: live ? null : now } });
}

function keep(world: World, now: number, module: Module, kind: "module_registered" | "module_changed"): Module {
  world.modules.set(module.code, module);
  world.changes.push({ kind, module });
  followed(world, now, module);
  return module;
}

export interface Edited {
  readonly module: Module;
  /** Address and token are part of the answer. */
  readonly answersToken: boolean;
}

/** `POST /integration-modules/{code}/edit`: makes the module, or changes the given fields of the one that is there.
 *  Throws CrmRefusal. A token is made once and again only when `refreshToken` asks for it. */
export function editModule(world: World, now: number, { code, fields }: { code: string; fields: Fields }): Edited {
  const before = world.modules.get(code);
  const faults = fieldFaults(code, fields, before === undefined);
  if (Object.keys(faults).length > 0) throw new CrmRefusal(400, "Errors in the entity format", faults);
  const part = mgBotPart(fields);
  const active = typeof fields.active === "boolean" ? fields.active : (before?.active ?? false);
  const isBot = part !== null || before?.botId != null;
  if (isBot && active && !world.account.chatsEnabled) {
    throw new CrmRefusal(400, "Failed to activate module", ["Chats are disabled in the account."]);
  }
  const needsBot = isBot && active && before?.botId == null;
  const botId = needsBot ? addBot(world, now, { ...before?.fields, ...fields }).id : (before?.botId ?? null);
  const refresh = part?.refreshToken === true && botId !== null;
  const token = needsBot || refresh ? newToken() : (before?.token ?? null);
  // `freeze` is the CRM's own: what a module writes there is not heard.
  const kept = { ...before?.fields, ...fields };
  const module: Module = { code, fields: kept, active, freeze: before?.freeze ?? false, botId, token };
  keep(world, now, module, before === undefined ? "module_registered" : "module_changed");
  const answersToken = needsBot || refresh || (isBot && active && world.behaviour.editAnswersToken);
  return { module, answersToken };
}

/** The CRM itself switches a module on or off, or freezes it. Throws RangeError when there is none. */
export function setModuleState(
  world: World,
  now: number,
  { code, to }: { code: string; to: Partial<Pick<Module, "active" | "freeze">> },
): Module {
  const before = world.modules.get(code);
  if (before === undefined) throw new RangeError(`no module ${code}`);
  return keep(world, now, { ...before, ...to }, "module_changed");
}

/** Chats go off for the whole account and take every bot module with them; coming back, they bring none. */
export function setChats(world: World, now: number, enabled: boolean): void {
  world.account.chatsEnabled = enabled;
  if (enabled) return;
  for (const module of [...world.modules.values()]) {
    if (module.botId !== null) setModuleState(world, now, { code: module.code, to: { active: false } });
  }
}

/** The module that owns a bot token; undefined: a token of nobody. */
export const moduleOfToken = (world: World, token: string): Module | undefined =>
  [...world.modules.values()].find((module) => module.token === token);
