import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Log } from "../../log.ts";
import type { Site } from "../pages/site.ts";
import type { Words } from "../pages/words/index.ts";
import { TooManyError } from "../security/limits.ts";

type Failure = "notFound" | "tooMany" | "form" | "request" | "failed";

/** What went wrong, as a page for browsers and as JSON for everyone else. The caller learns no more than the kind; what went
 *  wrong inside is in the log. */
export function addFailures(server: FastifyInstance, site: Site, log: Log): void {
  server.setNotFoundHandler((request, reply) => sendNotFound(site, request, reply));
  server.setErrorHandler((error, request, reply) => {
    const status = statusOf(error);
    if (status >= 500) log.error({ err: error, path: request.routeOptions.url ?? null }, "a page failed");
    if (error instanceof TooManyError && !reply.hasHeader("retry-after"))
      reply.header("retry-after", String(error.afterSeconds));
    return send(site, { request, reply, status: status >= 500 ? 500 : status });
  });
}

/** The same for whatever does not exist, be it a page or an account. */
export const sendNotFound = (site: Site, request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  send(site, { request, reply, status: 404 });

interface Answer {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly status: number;
}

function send(site: Site, { request, reply, status }: Answer): FastifyReply {
  const failure = FAILURE_OF[status] ?? (status < 500 ? "request" : "failed");
  if (!wantsPage(request)) return reply.code(status).send({ error: IN_JSON[failure] });
  const { errors } = site.words(request);
  const title = errors[`${failure}Title` satisfies keyof Words["errors"]];
  return site.show(request, reply, { page: "message", status, data: { title, lines: [errors[failure]] } });
}

const FAILURE_OF: Readonly<Record<number, Failure>> = { 403: "form", 404: "notFound", 429: "tooMany" };

const IN_JSON: Readonly<Record<Failure, string>> = {
  notFound: "There is no such page.",
  tooMany: "Too many requests.",
  form: "The form was not made here.",
  request: "The request was not understood.",
  failed: "Something went wrong here. The log says what.",
};

const wantsPage = ({ headers }: FastifyRequest) => headers.accept?.includes("text/html") === true;

/** Errors of fastify and its plugins carry the status of their cause; anything else is ours. */
function statusOf(error: unknown): number {
  const status = error instanceof Error && "statusCode" in error ? Number(error.statusCode) : 500;
  return status >= 400 && status < 600 ? status : 500;
}
