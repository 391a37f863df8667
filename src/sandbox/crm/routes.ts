import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { RateLimit } from "../http/rates.ts";
import { CONTROL_PREFIX, createServer, type Server, type ServerParts } from "../http/server.ts";
import { editModule } from "../world/modules.ts";
import { CrmRefusal } from "../world/refusal.ts";
import type { Notification } from "../world/rows.ts";
import type { World } from "../world/world.ts";
import { crmChannels, crmPage, crmUser, editAnswer, filterUsers, moduleAnswer, settingsAnswer } from "./answers.ts";
import { asRecord, checkKey, keyOf } from "./key.ts";
import { addShopMethods } from "./shop-routes.ts";

/** Failures in the CRM's words. */
export function sayCrmError(_status: number, error: Error): unknown {
  const errors = error instanceof CrmRefusal && error.errors !== null ? { errors: error.errors } : {};
  return { success: false, errorMsg: error.message, ...errors };
}

/** The JSON object in a form field. A JSON body instead of a form is the commonest mistake, and is refused like this. */
function formJson(request: FastifyRequest, field: string): Record<string, unknown> {
  const text = asRecord(request.body)[field];
  if (typeof text !== "string") throw new CrmRefusal(400, `Parameter '${field}' is missing`);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Said below: text that is not JSON and JSON that is not an object are one mistake.
  }
  throw new CrmRefusal(400, "Errors in the entity format");
}

const codeOf = (request: FastifyRequest): string => String(asRecord(request.params).code);

function knownModule(world: World, code: string) {
  const module = world.modules.get(code);
  if (module === undefined) throw new CrmRefusal(404, "Not found");
  return module;
}

function notificationOf(fields: Record<string, unknown>): Notification {
  const { type, message, userGroups } = fields;
  const errors: Record<string, string> = {};
  if (type !== "api.info" && type !== "api.error") errors.type = "The value you selected is not a valid choice.";
  if (typeof message !== "string" || message.trim() === "") errors.message = "This value should not be blank.";
  if (Object.keys(errors).length > 0) throw new CrmRefusal(400, "Errors in the entity format", errors);
  return {
    type: String(type),
    message: String(message),
    userGroups: Array.isArray(userGroups) ? userGroups.map(String) : [],
  };
}

function addServiceMethods({ app }: Server, { stage: { world } }: ServerParts): void {
  app.get("/api/api-versions", async (request) => {
    checkKey(world, request, null);
    return { success: true, versions: ["3.0", "4.0", "5.0"] };
  });
  app.get("/api/credentials", async (request) => {
    checkKey(world, request, null);
    const credentials = ["/api/integration-modules/{code}", "/api/integration-modules/{code}/edit"];
    return { success: true, scopes: world.scopes, credentials, siteAccess: "access_full", sitesAvailable: [] };
  });
  app.get("/api/system-info", async () => ({
    success: true,
    systemVersion: "8.7.77",
    publicUrl: world.urls.crm,
    technicalUrl: world.urls.crm,
  }));
}

function addModuleMethods({ app }: Server, { stage }: ServerParts): void {
  const { world } = stage;
  const path = "/api/v5/integration-modules/:code";
  app.get(path, async (request) => {
    checkKey(world, request, "integration_read");
    return { success: true, integrationModule: moduleAnswer(world, knownModule(world, codeOf(request))) };
  });
  app.post(`${path}/edit`, async (request, reply) => {
    checkKey(world, request, "integration_write");
    const code = codeOf(request);
    const fields = formJson(request, "integrationModule");
    const isNew = !world.modules.has(code);
    const { module, answersToken } = stage.act((changed, now) => editModule(changed, now, { code, fields }));
    return reply.code(isNew ? 201 : 200).send(editAnswer(world, module, answersToken));
  });
  app.post(`${path}/update-scopes`, async (request) => {
    checkKey(world, request, "integration_write");
    knownModule(world, codeOf(request));
    throw new CrmRefusal(400, "Not enabled simple connection");
  });
}

function addReadMethods({ app }: Server, { stage: { world } }: ServerParts): void {
  app.get("/api/v5/users", async (request) => {
    checkKey(world, request, "user_read");
    const query = asRecord(request.query);
    const { pagination, rows } = crmPage(filterUsers(world, query), query);
    return { success: true, pagination, users: rows.map(crmUser) };
  });
  app.get("/api/v5/settings", async (request) => {
    checkKey(world, request, "reference_read");
    return { success: true, settings: settingsAnswer(world) };
  });
  app.get("/api/v5/reference/mg-channels", async (request) => {
    checkKey(world, request, "reference_read");
    return { success: true, mgChannels: crmChannels(world) };
  });
}

function addNotifications({ app }: Server, { stage }: ServerParts): void {
  app.post("/api/v5/notifications/send", async (request) => {
    checkKey(stage.world, request, "integration_write");
    const notification = notificationOf(formJson(request, "notification"));
    stage.act((world) => {
      world.notifications.push(notification);
      world.changes.push({ kind: "notification", notification });
    });
    return { success: true };
  });
}

/** An address that no account has: GETs say so in JSON, POSTs in a web page. */
function refuseUnknownAccount(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (request.method === "GET") return reply.code(400).send({ success: false, errorMsg: "Account does not exist." });
  return reply
    .code(405)
    .type("text/html; charset=utf-8")
    .send("<!DOCTYPE html><html><body>Method Not Allowed</body></html>");
}

function addGuards(app: FastifyInstance, { stage: { world, clock } }: ServerParts, rate: RateLimit): void {
  app.addHook("onRequest", async (request, reply) => {
    if (request.url.startsWith(CONTROL_PREFIX)) return;
    if (world.behaviour.account === "unknown") return refuseUnknownAccount(request, reply);
  });
  // The key may be in the form, so it is counted once the body is known.
  app.addHook("preHandler", async (request, reply) => {
    const key = keyOf(request);
    if (request.url.startsWith(CONTROL_PREFIX) || key === null || rate.allow(key, clock.now())) return;
    if (world.behaviour.retryAfterSeconds !== null) reply.header("retry-after", world.behaviour.retryAfterSeconds);
    throw new CrmRefusal(503, "Rate limit exceeded");
  });
}

/** A known method asked for with the wrong verb is 405, anything else unknown 404. */
export function crmNotFound(app: FastifyInstance, request: FastifyRequest): CrmRefusal {
  const [path = "/"] = request.url.split("?");
  const other = request.method === "GET" ? "POST" : "GET";
  const known =
    app.hasRoute({ method: other, url: path }) || /\/integration-modules\/[^/]+(\/(edit|update-scopes))?$/.test(path);
  return known ? new CrmRefusal(405, "Method Not Allowed") : new CrmRefusal(404, "API method not found");
}

/** The CRM methods that a bot uses. */
export function createCrm(parts: ServerParts, rate: RateLimit): Server {
  const server = createServer(parts);
  const { app } = server;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (_request, body, done) =>
    done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  );
  app.addContentTypeParser("*", { parseAs: "string" }, (_request, _body, done) => done(null, undefined));
  addGuards(app, parts, rate);
  addServiceMethods(server, parts);
  addModuleMethods(server, parts);
  addReadMethods(server, parts);
  addShopMethods(server, parts);
  addNotifications(server, parts);
  return server;
}
