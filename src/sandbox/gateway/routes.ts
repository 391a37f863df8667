import type { FastifyInstance, FastifyRequest } from "fastify";
import { OPERATIONS } from "../../generated/bot-operations.ts";
import { createServer, isControl, type Server, type ServerParts } from "../http/server.ts";
import { validateRequest } from "../http/validation.ts";
import type { Stage } from "../stage.ts";
import { isServed, moduleOfToken } from "../world/modules.ts";
import { badRequest, notFound, Refusal } from "../world/refusal.ts";
import type { Bot } from "../world/rows.ts";
import type { World } from "../world/world.ts";
import { readUpload } from "./form.ts";
import { handlers } from "./operations/index.ts";
import type { Handler, HttpOperation, Request } from "./operations/operation.ts";

const ROOT = "/api/bot/v1";

/** Failures in the gateway's words. */
const sayGatewayError = (_status: number, error: Error): unknown => ({
  errors: error instanceof Refusal ? error.errors : [error.message],
});

const gatewayNotFound = (): Refusal => new Refusal(404, ["not found"]);

/** Whose token came with the request. 401: nobody's; 403: its module is off, frozen, or chats are disabled. */
function authorised(world: World, request: FastifyRequest): Bot {
  const header = request.headers["x-bot-token"];
  const module = moduleOfToken(world, typeof header === "string" ? header : "");
  const bot = module?.botId == null ? undefined : world.bots.get(module.botId);
  if (module === undefined || bot === undefined) throw new Refusal(401, ["unauthorized"]);
  if (!isServed(world, module)) throw new Refusal(403, ["access denied"]);
  return bot;
}

/** Whether the events of this action leave before the answer to the request that caused it. */
function echoesFirst(world: World): boolean {
  const wanted = world.behaviour.echo;
  world.turns.echo += 1;
  return wanted === "alternate" ? world.turns.echo % 2 === 1 : wanted === "before";
}

type Act = <Result>(happen: (world: World, now: number) => Result) => Result;

function actFor(stage: Stage, server: Server, request: FastifyRequest): Act {
  return (happen) => {
    const { result, release } = stage.hold(happen);
    if (echoesFirst(stage.world)) release();
    else server.afterAnswer(request, release);
    return result;
  };
}

const asRecord = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? { ...value } : {};

function addRoute(server: Server, tenantOf: ServerParts["tenantOf"], id: HttpOperation): void {
  const { method, path, multipart } = OPERATIONS[id];
  const handler: Handler<never> = handlers[id];
  const url = ROOT + path.replace(/\{(\w+)\}/g, ":$1");
  server.app.route({
    method,
    url,
    async handler(request) {
      const { stage } = tenantOf(request.raw);
      const parts = { params: asRecord(request.params), query: asRecord(request.query), body: request.body };
      const bot = authorised(stage.world, request);
      validateRequest(id, parts);
      const upload = multipart ? await readUpload(request.body, request.headers["content-type"]) : null;
      const act = actFor(stage, server, request);
      const whole = { ...parts, world: stage.world, bot, upload, act };
      // The description has just been met: from here on the types made from it are true.
      return handler(whole as unknown as Request<never>);
    },
  });
}

/** JSON bodies, an empty one allowed; forms as bytes; everything else is refused with 415. */
function addParsers(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, body, done) => {
    try {
      done(null, String(body).trim() === "" ? undefined : JSON.parse(String(body)));
    } catch {
      done(badRequest("request body is not valid JSON"));
    }
  });
  app.addContentTypeParser(/^multipart\/form-data/, { parseAs: "buffer" }, (_request, body, done) => done(null, body));
}

function addRateLimit(app: FastifyInstance, tenantOf: ServerParts["tenantOf"]): void {
  app.addHook("onRequest", async (request, reply) => {
    const token = request.headers["x-bot-token"];
    if (typeof token !== "string") return;
    const { rate, stage } = tenantOf(request.raw);
    if (rate.allow(token, stage.clock.now())) return;
    const { retryAfterSeconds } = stage.world.behaviour;
    if (retryAfterSeconds !== null) reply.header("retry-after", retryAfterSeconds);
    throw new Refusal(429, ["too many requests"]);
  });
}

/** Where uploaded files are fetched, as the temporary addresses promise. No token comes with it. */
export const FILES = "/files/";

/** What the gateway needs of its surroundings; the rest follows from it. */
export type GatewayParts = Pick<ServerParts, "tenantOf" | "log">;

/** The gateway's REST side. */
export function createGateway({ tenantOf, log }: GatewayParts): Server {
  const words = { sayError: sayGatewayError, notFound: gatewayNotFound };
  const server = createServer({ server: "gateway", tenantOf, log, isOutside: isControl, ...words });
  const { app } = server;
  addParsers(app);
  addRateLimit(app, tenantOf);
  for (const id of Object.keys(handlers) as HttpOperation[]) addRoute(server, tenantOf, id);
  app.get(`${ROOT}/ws`, async (request) => {
    authorised(tenantOf(request.raw).stage.world, request);
    throw badRequest("websocket upgrade expected");
  });
  app.get(`${FILES}:id`, async (request, reply) => {
    const id = String(asRecord(request.params).id);
    const file = tenantOf(request.raw).stage.world.files.get(id);
    if (file?.bytes == null) throw notFound("file", id);
    return reply.type(file.mime).send(file.bytes);
  });
  return server;
}
