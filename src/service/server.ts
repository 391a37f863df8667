import type { IncomingMessage } from "node:http";
import { type FastifyInstance, type FastifyReply, fastify } from "fastify";
import type { ServiceOptions, Timeouts } from "./options.ts";
import { createSite } from "./pages/site.ts";
import { addAlone } from "./routes/alone.ts";
import { addAssets } from "./routes/assets.ts";
import { addCallbacks } from "./routes/callbacks.ts";
import { addFailures } from "./routes/failures.ts";
import { addOperation } from "./routes/operation.ts";
import { addProbes } from "./routes/probes.ts";
import { useSecurityHeaders } from "./security/headers.ts";
import { USUAL_LIMITS, useLimits } from "./security/limits.ts";

export type { ManyAccounts, Metrics, Readiness, ServiceOptions } from "./options.ts";

export interface Service {
  readonly port: number;
  close(): Promise<void>;
}

/** The address is taken, or may not be used. `message` is for the operator. */
export class ServiceError extends Error {
  override readonly name = "ServiceError";
}

const MAX_BODY_BYTES = 64 * 1024;
const MAX_HEADER_BYTES = 16 * 1024;
const MOST_HEADERS = 100;
const MOST_SOCKETS = 2_000;
/** A socket on which nothing moves; longer than the CRM may take to answer us while a visitor waits. */
const IDLE_SOCKET_MS = 120_000;

export const USUAL_TIMEOUTS: Timeouts = { headersMs: 5_000, requestMs: 10_000, checkEveryMs: 1_000 };

/** Everything over HTTP: probes, the CRM's callbacks, and the pages. Rejects with ServiceError when the port can't be had. */
export async function startService(options: ServiceOptions): Promise<Service> {
  const server = await createServer(options);
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

/** The server without its port: for tests. */
export async function createServer(options: ServiceOptions): Promise<FastifyInstance> {
  const site = createSite(options);
  const server = bareServer(options, site.base);
  const limits = options.limits ?? USUAL_LIMITS;
  addFailures(server, site, options.log);
  await useSecurityHeaders(server, site.isHttps);
  await useLimits(server);
  addAssets(server, site);
  addCallbacks(server, options.onHint, limits);
  const { operation, statusToken } = options;
  if (operation !== undefined) addOperation(server, { operation, statusToken, limits });
  if (options.many === null) {
    addProbes(server, { ...options, limits, isOperator: () => false });
    addAlone(server, site);
  } else {
    const { addMany } = await import("./routes/many.ts");
    await addMany(server, options, { many: options.many, site, limits });
  }
  return server;
}

/** fastify with every limit set, reading forms and nothing else. */
function bareServer(options: ServiceOptions, base: string): FastifyInstance {
  const { headersMs, requestMs, checkEveryMs } = options.timeouts ?? USUAL_TIMEOUTS;
  const server = fastify({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: requestMs,
    connectionTimeout: IDLE_SOCKET_MS,
    forceCloseConnections: true,
    logger: false,
    trustProxy: options.trustedProxies.length === 0 ? false : [...options.trustedProxies],
    http: {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: headersMs,
      connectionsCheckingInterval: checkEveryMs,
    },
    rewriteUrl: (request) => withoutBase(request, base),
    // Before any route or hook: an address that cannot be read. fastify would repeat it.
    frameworkErrors: (_error, _request, reply) => sendBare(reply),
  });
  server.server.maxHeadersCount = MOST_HEADERS;
  server.server.maxConnections = MOST_SOCKETS;
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (_request, body, done) =>
    done(null, new URLSearchParams(String(body))),
  );
  // Anything else is a request without fields; what it needs is then missing.
  server.addContentTypeParser("*", { parseAs: "buffer" }, (_request, _body, done) => done(null, null));
  return server;
}

const sendBare = (reply: FastifyReply) =>
  reply
    .code(404)
    .headers({ "cache-control": "no-store", "x-content-type-options": "nosniff" })
    .send({ error: "There is no such page." });

/** A proxy may leave the path of `module.public_url` in front of ours, or take it away. */
function withoutBase({ url = "/" }: IncomingMessage, base: string): string {
  return base !== "" && url.startsWith(`${base}/`) ? url.slice(base.length) : url;
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
