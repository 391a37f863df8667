import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Log } from "../../log.ts";
import type { Site } from "../pages/site.ts";
import type { Words } from "../pages/words/index.ts";
import { allowFrames } from "../security/headers.ts";
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
export const sendNotFound = (site: Site, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> =>
  send(site, { request, reply, status: 404 });

interface Answer {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly status: number;
}

async function send(site: Site, { request, reply, status }: Answer): Promise<FastifyReply> {
  const failure = FAILURE_OF[status] ?? (status < 500 ? "request" : "failed");
  if (!wantsPage(request)) return reply.code(status).send({ error: IN_JSON[failure] });
  const words = site.words(request);
  const title = words.errors[`${failure}Title` satisfies keyof Words["errors"]];
  const way = ownersPage(request);
  // Where the CRM shows our pages in a frame it shows what went wrong with them, too.
  if (way !== null) allowFrames(reply, await site.frameSites().catch(() => []));
  // What does not exist does not exist in a tab of its own either.
  const link =
    way === null || way === "" || failure === "notFound"
      ? null
      : { href: site.hrefOf(request, way), text: words.common.openAlone, target: "_blank" };
  return site.show(request, reply, { page: "message", status, data: { title, lines: [words.errors[failure]], link } });
}

/** The page for owners that this request was about, as it is opened anew (empty: nobody can tell which); null: none of theirs. */
function ownersPage({ url }: FastifyRequest): string | null {
  const [path = ""] = url.split("?");
  if (path === "/" || path === "/connect") return "/";
  const [, first, clientId = ""] = path.split("/");
  if (first !== "settings") return null;
  return /^[\w-]{1,100}$/u.test(clientId) ? `/settings/${clientId}` : "";
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
