import type { FastifyInstance, FastifyRequest } from "fastify";
import { createServer, type Server, type ServerParts } from "../http/server.ts";
import type { Stage } from "../stage.ts";
import { widenKey } from "../world/keys.ts";
import { editModule } from "../world/modules.ts";
import { CrmRefusal } from "../world/refusal.ts";
import type { Notification } from "../world/rows.ts";
import type { World } from "../world/world.ts";
import {
  credentialsAnswer,
  crmChannels,
  crmPage,
  crmUser,
  editAnswer,
  filterUsers,
  moduleAnswer,
  settingsAnswer,
} from "./answers.ts";
import { DOMAIN_LISTS, domainList } from "./domain-lists.ts";
import { addGuards, isOutside } from "./guards.ts";
import { asRecord, checkKey } from "./key.ts";
import { addShopMethods } from "./shop-routes.ts";

/** Failures in the CRM's words. */
function sayCrmError(_status: number, error: Error): unknown {
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

type StageOf = (request: FastifyRequest) => Stage;

function addServiceMethods({ app }: Server, stageOf: StageOf): void {
  app.get("/api/api-versions", async (request) => {
    const { world } = stageOf(request);
    checkKey(world, request, null);
    return { success: true, versions: world.behaviour.versions };
  });
  app.get("/api/credentials", async (request) => ({
    success: true,
    ...credentialsAnswer(checkKey(stageOf(request).world, request, null)),
  }));
  app.get("/api/system-info", async (request) => {
    const { urls } = stageOf(request).world;
    return { success: true, systemVersion: "8.7.77", publicUrl: urls.crm, technicalUrl: urls.technical };
  });
  for (const [path, name] of DOMAIN_LISTS) app.get(path, async (request) => domainList(stageOf(request).world, name));
}

function addModuleMethods({ app }: Server, stageOf: StageOf): void {
  const path = "/api/v5/integration-modules/:code";
  app.get(path, async (request) => {
    const { world } = stageOf(request);
    checkKey(world, request, "integration_read");
    return { success: true, integrationModule: moduleAnswer(world, knownModule(world, codeOf(request))) };
  });
  app.post(`${path}/edit`, async (request, reply) => {
    const { world, act } = stageOf(request);
    checkKey(world, request, "integration_write");
    const code = codeOf(request);
    const fields = formJson(request, "integrationModule");
    const isNew = !world.modules.has(code);
    const { module, answersToken } = act((changed, now) => editModule(changed, now, { code, fields }));
    return reply.code(isNew ? 201 : 200).send(editAnswer(world, module, answersToken));
  });
  app.post(`${path}/update-scopes`, async (request) => {
    const { world, act } = stageOf(request);
    checkKey(world, request, "integration_write");
    const { code } = knownModule(world, codeOf(request));
    const { scopes } = formJson(request, "requires");
    return { success: true, apiKey: act((changed) => widenKey(changed, code, scopes)).key };
  });
}

function addReadMethods({ app }: Server, stageOf: StageOf): void {
  app.get("/api/v5/users", async (request) => {
    const { world } = stageOf(request);
    checkKey(world, request, "user_read");
    const query = asRecord(request.query);
    const { pagination, rows } = crmPage(filterUsers(world, query), query);
    return { success: true, pagination, users: rows.map(crmUser) };
  });
  app.get("/api/v5/settings", async (request) => {
    const { world } = stageOf(request);
    checkKey(world, request, "reference_read");
    return { success: true, settings: settingsAnswer(world) };
  });
  app.get("/api/v5/reference/mg-channels", async (request) => {
    const { world } = stageOf(request);
    checkKey(world, request, "reference_read");
    return { success: true, mgChannels: crmChannels(world) };
  });
}

function addNotifications({ app }: Server, stageOf: StageOf): void {
  app.post("/api/v5/notifications/send", async (request) => {
    const stage = stageOf(request);
    checkKey(stage.world, request, "integration_write");
    const notification = notificationOf(formJson(request, "notification"));
    stage.act((world) => {
      world.notifications.push(notification);
      world.changes.push({ kind: "notification", notification });
    });
    return { success: true };
  });
}

/** A known method asked for with the wrong verb is 405, anything else unknown 404. */
function crmNotFound(app: FastifyInstance, request: FastifyRequest): CrmRefusal {
  const [path = "/"] = request.url.split("?");
  const other = request.method === "GET" ? "POST" : "GET";
  const known =
    app.hasRoute({ method: other, url: path }) || /\/integration-modules\/[^/]+(\/(edit|update-scopes))?$/.test(path);
  return known ? new CrmRefusal(405, "Method Not Allowed") : new CrmRefusal(404, "API method not found");
}

/** What the CRM needs of its surroundings; the rest follows from it. */
export type CrmParts = Pick<ServerParts, "tenantOf" | "log">;

/** The CRM methods that a bot uses. */
export function createCrm({ tenantOf, log }: CrmParts): Server {
  const parts = { server: "crm", tenantOf, log, isOutside, sayError: sayCrmError, notFound: crmNotFound } as const;
  const server = createServer(parts);
  const { app } = server;
  const stageOf: StageOf = (request) => tenantOf(request.raw).stage;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (_request, body, done) =>
    done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  );
  app.addContentTypeParser("*", { parseAs: "string" }, (_request, _body, done) => done(null, undefined));
  addGuards(app, tenantOf);
  addServiceMethods(server, stageOf);
  addModuleMethods(server, stageOf);
  addReadMethods(server, stageOf);
  addShopMethods(server, stageOf);
  addNotifications(server, stageOf);
  return server;
}
