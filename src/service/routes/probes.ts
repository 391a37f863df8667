import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Metrics, Readiness, ServiceOptions } from "../options.ts";
import { type Limits, limitInVain } from "../security/limits.ts";

export interface ProbeOptions extends Pick<ServiceOptions, "readiness" | "status" | "statusToken" | "metrics"> {
  /** Is the operator signed in at this browser? */
  readonly isOperator: (request: FastifyRequest) => boolean;
  readonly limits: Pick<Limits, "tries">;
}

/** `/healthz`, `/readyz`, `/status`, `/metrics`: for machines, in JSON or the metrics' own text. */
export function addProbes(server: FastifyInstance, options: ProbeOptions): void {
  const refuse = refusing(server, options.limits);
  server.get("/healthz", async () => ({ ok: true }));
  server.get("/readyz", async (_request, reply) => sendReadiness(reply, options.readiness()));
  server.get("/status", async (request, reply) => {
    if (isBearer(request, options.statusToken) || options.isOperator(request)) return options.status();
    return refuse(request, reply);
  });
  if (options.metrics !== null) addMetrics(server, options.metrics, refuse);
}

function addMetrics(server: FastifyInstance, { token, read }: Metrics, refuse: Refuse): void {
  server.get("/metrics", async (request, reply) => {
    if (token !== null && !isBearer(request, token)) return refuse(request, reply);
    const { contentType, text } = await read();
    return reply.type(contentType).send(text);
  });
}

function sendReadiness(reply: FastifyReply, { ready, draining, ...config }: Readiness): FastifyReply {
  return reply.code(ready && !draining ? 200 : 503).send({
    ready: ready && !draining,
    draining,
    config_last_reload_success: config.configLastReloadSuccess,
    config_errors: config.configErrors,
  });
}

type Refuse = ReturnType<typeof refusing>;

/** The answer to whoever has not the token: 401, and 429 to a visitor who tries one after the other. The right token is never counted. */
export function refusing(server: FastifyInstance, { tries }: Pick<Limits, "tries">) {
  const wrong = limitInVain(server, tries);
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    await wrong.count(request);
    return reply.code(401).header("www-authenticate", "Bearer").send({ error: "A bearer token is needed." });
  };
}

export const isBearer = ({ headers }: FastifyRequest, token: string) =>
  isSame(headers.authorization ?? "", `Bearer ${token}`);

/** Compares in a time that says nothing about where the two differ, nor about how long the secret is. */
export const isSame = (given: string, secret: string): boolean => timingSafeEqual(digest(given), digest(secret));

const digest = (text: string) => createHash("sha256").update(text).digest();
