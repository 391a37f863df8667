import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { isControl, type ServerParts } from "../http/server.ts";
import type { Stage } from "../stage.ts";
import { isPage } from "../web/paths.ts";
import { CrmRefusal } from "../world/refusal.ts";
import { DOMAIN_LISTS } from "./domain-lists.ts";
import { keyOf } from "./key.ts";

/** An address that no account has: GETs say so in JSON, POSTs in a web page. */
function refuseUnknownAccount(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (request.method === "GET") return reply.code(400).send({ success: false, errorMsg: "Account does not exist." });
  return reply
    .code(405)
    .type("text/html; charset=utf-8")
    .send("<!DOCTYPE html><html><body>Method Not Allowed</body></html>");
}

const pathOf = ({ url }: FastifyRequest): string => url.split("?")[0] ?? url;

/** Pages for browsers and the control address; both have their own rules. */
export const isOutside = (path: string): boolean => isControl(path) || isPage(path);

/** Refuses what comes to an address without an account, and sends on what comes to one that moved. */
function checkAddress({ world }: Stage, request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined {
  const old = world.oldHosts.get(request.headers.host ?? "");
  if (world.behaviour.account === "unknown" || old === "gone") return refuseUnknownAccount(request, reply);
  if (old === "moved") return reply.redirect(`${world.urls.crm}${request.url}`, 301);
  return undefined;
}

/** What is refused before any method is looked for: a wrong address, a version that is not there, too many requests of a key. */
export function addGuards(app: FastifyInstance, tenantOf: ServerParts["tenantOf"]): void {
  app.addHook("onRequest", async (request, reply) => {
    const path = pathOf(request);
    // The lists are the vendor's, not the account's.
    if (isControl(path) || DOMAIN_LISTS.has(path)) return;
    const { stage } = tenantOf(request.raw);
    const refused = checkAddress(stage, request, reply);
    if (refused !== undefined) return refused;
    const isFifth = path.startsWith("/api/v5/");
    if (isFifth && !stage.world.behaviour.versions.includes("5.0")) throw new CrmRefusal(404, "API method not found");
  });
  // The key may be in the form, so it is counted once the body is known.
  app.addHook("preHandler", async (request, reply) => {
    const key = keyOf(request);
    if (isOutside(pathOf(request)) || key === null) return;
    const { rate, stage } = tenantOf(request.raw);
    if (rate.allow(key, stage.clock.now())) return;
    const { retryAfterSeconds } = stage.world.behaviour;
    if (retryAfterSeconds !== null) reply.header("retry-after", retryAfterSeconds);
    throw new CrmRefusal(503, "Rate limit exceeded");
  });
}
