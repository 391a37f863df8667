import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Hub } from "../gateway/hub.ts";
import type { CustomerHands } from "../hands/customer.ts";
import type { ShopHands } from "../hands/shop.ts";
import type { StaffHands } from "../hands/staff.ts";
import type { Stage } from "../stage.ts";
import { messageRow } from "../world/chat-shapes.ts";
import { Refusal } from "../world/refusal.ts";
import type { Fault, FaultKind, Faults, Match } from "./faults.ts";

/** The stand-in over HTTP, for programs in other languages: `/sandbox/...` on both servers. Only for this machine, and
 *  never for pages in a browser. Not recorded, not limited, not struck by faults. */
export interface ControlParts {
  readonly stage: Stage;
  readonly faults: Faults;
  readonly hub: Hub;
  readonly hands: CustomerHands & StaffHands & ShopHands;
}

type Kind = "text" | "number" | "flag" | "object" | "list" | "name";
type HandName = keyof (CustomerHands & StaffHands & ShopHands);

/** What each action takes, in order; `?` may be left out. Actions that are not here cannot be asked for. */
const ACTIONS: Readonly<Record<HandName, readonly (Kind | `${Kind}?`)[]>> = {
  customerSays: ["text", "object?"],
  customerSends: ["object"],
  customerEdits: ["number", "text"],
  customerDeletes: ["number"],
  customerRestores: ["number"],
  newCustomer: ["object"],
  changeCustomer: ["number", "object"],
  channelSays: ["text", "object?"],
  customerSaidUnheard: ["list", "object?"],
  managerSays: ["text", "object?"],
  managerCommands: ["text", "object?"],
  otherBotSays: ["text", "object?"],
  setOnline: ["name", "flag"],
  changePerson: ["name", "object"],
  assignByManager: ["name", "object?"],
  unassignByManager: ["object?"],
  closeByManager: ["object?"],
  openDialogByManager: ["object?"],
  tagByManager: ["list", "object?"],
  untagByManager: ["list", "object?"],
  joinChat: ["name", "object?"],
  leaveChat: ["name", "object?"],
  deleteChat: ["number"],
  changeChannel: ["name", "object"],
  messageFails: ["number", "text"],
  messageSeen: ["number"],
  setModule: ["text", "object"],
  setChats: ["flag"],
  newCrmCustomer: ["object"],
  newOrder: ["object"],
  changeOrder: ["text", "text"],
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const IS: Readonly<Record<Kind, (value: unknown) => boolean>> = {
  text: (value) => typeof value === "string",
  number: (value) => typeof value === "number",
  flag: (value) => typeof value === "boolean",
  object: isObject,
  list: (value) => Array.isArray(value) && value.every((item) => typeof item === "string"),
  name: (value) => typeof value === "string" || typeof value === "number",
};

const bad = (words: string) => new Refusal(400, [words]);

function checkArguments(name: HandName, given: readonly unknown[]): void {
  const wanted = ACTIONS[name];
  const fits = wanted.every((kind, index) => {
    const optional = kind.endsWith("?");
    const plain = (optional ? kind.slice(0, -1) : kind) as Kind;
    return given[index] === undefined ? optional : IS[plain](given[index]);
  });
  if (!fits || given.length > wanted.length) throw bad(`${name} takes [${wanted.join(", ")}]`);
}

const isAction = (name: string): name is HandName => Object.hasOwn(ACTIONS, name);

async function perform({ hands }: ControlParts, name: string, given: unknown): Promise<unknown> {
  if (!isAction(name)) throw new Refusal(404, [`no action ${name}; there are ${Object.keys(ACTIONS).join(", ")}`]);
  const list = given === undefined ? [] : given;
  if (!Array.isArray(list)) throw bad("the body must be the list of arguments");
  checkArguments(name, list);
  const action: (...given: never[]) => unknown = hands[name];
  try {
    return (await action(...(list as never[]))) ?? {};
  } catch (error) {
    // An unknown name is the caller's mistake here, not a fault of the stand-in.
    throw error instanceof RangeError ? bad(error.message) : error;
  }
}

const KINDS: readonly FaultKind[] = [
  ...(["status", "html", "hang", "slow", "truncate"] as const),
  ...(["reset_before", "reset_after", "close_before", "close_after"] as const),
];

/** JSON has no patterns: `path: {"pattern": "^/api"}` stands for one, and so does `body`. */
function readMatch(raw: unknown): Match {
  if (raw === undefined) return {};
  if (!isObject(raw)) throw bad("match must be an object");
  const patterns = ["path", "body"].flatMap((name) => {
    const value = raw[name];
    return isObject(value) ? [[name, readPattern(name, value.pattern)] as const] : [];
  });
  return { ...(raw as Match), ...Object.fromEntries(patterns) };
}

function readPattern(name: string, pattern: unknown): RegExp {
  try {
    return new RegExp(String(pattern));
  } catch {
    throw bad(`match.${name}.pattern is not a pattern`);
  }
}

function readFault(raw: unknown): Fault {
  if (!isObject(raw)) throw bad("the body must be a fault");
  const kind = KINDS.find((known) => known === raw.kind);
  if (kind === undefined) throw bad(`kind must be one of ${KINDS.join(", ")}`);
  return { ...(raw as Omit<Fault, "kind" | "match">), kind, match: readMatch(raw.match) };
}

function disturb(hub: Hub, raw: unknown): void {
  const { close, cut, deafen, send } = isObject(raw) ? raw : {};
  if (typeof close === "number") hub.disconnect({ code: close });
  else if (cut === true) hub.disconnect({ abrupt: true });
  else if (deafen === true) hub.deafen();
  else if (typeof send === "string") hub.sendRaw(send);
  else throw bad('the body must be one of {"close": 1001}, {"cut": true}, {"deafen": true}, {"send": "text"}');
}

/** From this machine, and not from a page that a browser shows. */
function checkCaller(request: FastifyRequest): void {
  const local = /^(::ffff:)?127\.|^::1$/.test(request.ip);
  if (!local || request.headers.origin !== undefined) throw new Refusal(403, ["only for programs on this machine"]);
}

/** What can be read: the account's rows, without keys and tokens. */
function readable({ stage: { world } }: ControlParts) {
  const { people, channels, customers, chats, dialogs, bots, commands, crmCustomers, orders, products } = world;
  const rows = Object.entries({
    ...{ people, channels, customers, chats, dialogs, bots, commands },
    ...{ crmCustomers, orders, products },
  });
  const modules = [...world.modules.values()].map(({ token: _token, ...module }) => module);
  return { ...Object.fromEntries(rows.map(([name, map]) => [name, [...map.values()]])), modules };
}

function addRoutes(app: FastifyInstance, parts: ControlParts): void {
  const { faults, hub, stage } = parts;
  app.get("/sandbox/world", async () => readable(parts));
  app.get("/sandbox/messages", async () =>
    [...stage.world.messages.values()]
      .filter(({ deleted }) => !deleted)
      .map((message) => messageRow(stage.world, message)),
  );
  app.get("/sandbox/faults", async () => faults.list());
  app.post("/sandbox/faults", async (request) => {
    faults.add(readFault(request.body));
    return {};
  });
  app.delete("/sandbox/faults", async () => {
    faults.clear();
    return {};
  });
  app.post("/sandbox/sockets", async (request) => {
    disturb(hub, request.body);
    return {};
  });
  app.post<{ Params: { action: string } }>("/sandbox/do/:action", async (request) =>
    perform(parts, request.params.action, request.body),
  );
}

/** Adds the control address to a server. */
export function addControl(app: FastifyInstance, parts: ControlParts): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("application/json", { parseAs: "string" }, (_request, body, done) => {
      try {
        done(null, String(body) === "" ? undefined : JSON.parse(String(body)));
      } catch {
        done(bad("the body is not valid JSON"));
      }
    });
    scope.addHook("onRequest", async (request) => checkCaller(request));
    scope.setErrorHandler((error: Error, _request, reply) => {
      if (error instanceof Refusal) return reply.code(error.status).send({ errors: error.errors });
      const status = "statusCode" in error && typeof error.statusCode === "number" ? error.statusCode : 500;
      return reply.code(status).send({ errors: [error.message] });
    });
    addRoutes(scope, parts);
  });
}
