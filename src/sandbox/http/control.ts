import type { IncomingMessage } from "node:http";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Hub } from "../gateway/hub.ts";
import type { Hands } from "../hands/index.ts";
import type { Stage } from "../stage.ts";
import { messageRow } from "../world/chat-shapes.ts";
import { Refusal } from "../world/refusal.ts";
import { isObject, perform } from "./actions.ts";
import { FAULT_KINDS, type Fault, type Faults, type Match } from "./faults.ts";

/** The stand-in over HTTP, for programs in other languages: `/sandbox/...` on both servers. Only for this machine, and
 *  never for pages in a browser. Not recorded, not limited, not struck by faults. */
export interface ControlParts {
  readonly stage: Stage;
  readonly faults: Faults;
  readonly hub: Hub;
  readonly hands: Hands;
}

const bad = (words: string) => new Refusal(400, [words]);

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
  const kind = FAULT_KINDS.find((known) => known === raw.kind);
  if (kind === undefined) throw bad(`kind must be one of ${FAULT_KINDS.join(", ")}`);
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

type PartsOf = (request: IncomingMessage) => ControlParts;

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
  const lists = Object.fromEntries(rows.map(([name, map]) => [name, [...map.values()]]));
  return { ...lists, modules, notifications: world.notifications, callbacks: world.callbacks };
}

function addReading(app: FastifyInstance, partsOf: PartsOf): void {
  app.get("/sandbox/world", async (request) => readable(partsOf(request.raw)));
  app.get("/sandbox/messages", async (request) => {
    const { world } = partsOf(request.raw).stage;
    return [...world.messages.values()].filter(({ deleted }) => !deleted).map((message) => messageRow(world, message));
  });
  app.get("/sandbox/faults", async (request) => partsOf(request.raw).faults.list());
}

function addActing(app: FastifyInstance, partsOf: PartsOf): void {
  app.post("/sandbox/faults", async (request) => {
    partsOf(request.raw).faults.add(readFault(request.body));
    return {};
  });
  app.delete("/sandbox/faults", async (request) => {
    partsOf(request.raw).faults.clear();
    return {};
  });
  app.post("/sandbox/sockets", async (request) => {
    disturb(partsOf(request.raw).hub, request.body);
    return {};
  });
  app.post<{ Params: { action: string } }>("/sandbox/do/:action", async (request, reply) => {
    const done = await perform(partsOf(request.raw).hands, request.params.action, request.body);
    // A key or an address is JSON too, not plain text.
    return reply.type("application/json").send(JSON.stringify(done));
  });
}

/** Adds the control address to a server; each request is about the account that it comes to. */
export function addControl(app: FastifyInstance, partsOf: PartsOf): void {
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
    addReading(scope, partsOf);
    addActing(scope, partsOf);
  });
}
