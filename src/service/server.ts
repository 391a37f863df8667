import { timingSafeEqual } from "node:crypto";
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from "fastify";
import type { Log } from "../log.ts";
import type { JsonObject } from "../types/json.ts";

/** May traffic come? `ready` is the store's and the rulebook's affair alone: neither the CRM nor the gateway makes a restart
 *  useful (reliability.md P15). The rest tells the operator about the last reload. */
export interface Readiness {
  readonly ready: boolean;
  readonly draining: boolean;
  /** 1: the last reading of the files was taken over; 0: it had faults and the rules before go on. */
  readonly configLastReloadSuccess: 0 | 1;
  /** `file:line:column  cause` of each fault of the last reading. */
  readonly configErrors: readonly string[];
}

export interface ServiceOptions {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  readonly log: Log;
  readonly readiness: () => Readiness;
  readonly status: () => Promise<JsonObject>;
  /** Opens `/status`. */
  readonly statusToken: string;
  /** The CRM calls back: the module of this client id may have been switched on or off. It is a hint only, since nothing signs
   *  it. False: nobody here has that id. */
  readonly onActivity: (clientId: string) => boolean;
}

export interface Service {
  readonly port: number;
  close(): Promise<void>;
}

/** The address is taken, or may not be used. `message` is for the operator. */
export class ServiceError extends Error {
  override readonly name = "ServiceError";
}

const MAX_BODY_BYTES = 64 * 1024;
const REQUEST_MS = 10_000;

/** Health, readiness and status over HTTP. Rejects with ServiceError when the port can't be had. */
export async function startService(options: ServiceOptions): Promise<Service> {
  const server = createServer(options);
  try {
    await server.listen({ host: options.host, port: options.port });
  } catch (error) {
    await server.close();
    throw new ServiceError(refusalText(error, options), { cause: error });
  }
  const address = server.server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : options.port,
    close: () => server.close(),
  };
}

function createServer(options: ServiceOptions): FastifyInstance {
  const server = fastify({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_MS,
    forceCloseConnections: true,
    logger: false,
  });
  server.setNotFoundHandler((_request, reply) => reply.code(404).send({ error: "There is no such page." }));
  server.setErrorHandler((error, request, reply) => sendError(options.log, { error, request, reply }));
  server.addHook("onSend", async (_request, reply) => {
    reply.header("cache-control", "no-store").header("x-content-type-options", "nosniff");
  });
  server.get("/healthz", async () => ({ ok: true }));
  server.get("/readyz", async (_request, reply) => sendReadiness(reply, options.readiness()));
  // A form, as the CRM sends it (crm-api.md section 5).
  server.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (_request, body, done) =>
    done(null, new URLSearchParams(String(body))),
  );
  server.post("/actions/activity", async ({ body }, reply) => {
    const clientId = body instanceof URLSearchParams ? body.get("clientId") : null;
    if (clientId !== null && options.onActivity(clientId)) return { success: true };
    return reply.code(404).send({ success: false, errorMsg: "Unknown clientId" });
  });
  server.get("/status", async (request, reply) => {
    if (isAllowed(request, options.statusToken)) return options.status();
    return reply.code(401).header("www-authenticate", "Bearer").send({ error: "A bearer token is needed." });
  });
  return server;
}

function sendReadiness(reply: FastifyReply, { ready, draining, ...config }: Readiness): FastifyReply {
  return reply.code(ready && !draining ? 200 : 503).send({
    ready: ready && !draining,
    draining,
    config_last_reload_success: config.configLastReloadSuccess,
    config_errors: config.configErrors,
  });
}

function isAllowed({ headers }: FastifyRequest, token: string): boolean {
  const given = Buffer.from(headers.authorization ?? "");
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** The caller learns the status only; what went wrong inside is in the log. */
function sendError(
  log: Log,
  { error, request, reply }: { error: unknown; request: FastifyRequest; reply: FastifyReply },
): FastifyReply {
  const status = error instanceof Error && "statusCode" in error ? Number(error.statusCode) : 500;
  if (status >= 400 && status < 500) return reply.code(status).send({ error: "The request was not understood." });
  log.error({ err: error, path: request.routeOptions.url ?? null }, "a page failed");
  return reply.code(500).send({ error: "Something went wrong here. The log says what." });
}

function refusalText(error: unknown, { host, port }: ServiceOptions): string {
  const code = error instanceof Error && "code" in error ? error.code : null;
  if (code === "EADDRINUSE")
    return `Port ${port} is taken by another program. Stop it, or choose another port: http.port, or PORT in the environment.`;
  if (code === "EACCES") return `Port ${port} may not be used. Choose one above 1024 in http.port.`;
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
    return `This machine has no address "${host}". Change http.host.`;
  return `The address ${host}:${port} can't be used (${error instanceof Error ? error.message : "unknown cause"}).`;
}
