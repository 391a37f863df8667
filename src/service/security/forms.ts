import csrfProtection from "@fastify/csrf-protection";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

/** The field of every form of ours that proves it was made for this browser. */
export const FORM_TOKEN = "_csrf";

/** A form came that is not ours, was made for another session, or too long ago. Answered with 403. */
export class ForeignFormError extends Error {
  override readonly name = "ForeignFormError";
  readonly statusCode = 403;
}

/** Tokens of forms, bound to the session: their secret is in its cookie, and goes with a sign-in. */
export async function useFormTokens(server: FastifyInstance): Promise<void> {
  await server.register(csrfProtection, {
    sessionPlugin: "@fastify/secure-session", // it asks for get, set and options only: those of our own session
    getToken: ({ body }) => formOf(body).get(FORM_TOKEN) ?? "",
    logLevel: "debug",
  });
}

/** For the preHandler of each POST of ours: refuses what another site sent in the visitor's name.
 *  `ownOrigin`: where the operator says that we are (`module.public_url`). */
export const onlyOwnForms = (server: FastifyInstance, ownOrigin: string) => [
  async (request: FastifyRequest) => {
    if (isForeign(request, ownOrigin)) throw new ForeignFormError("a form of another site");
  },
  server.csrfProtection,
];

/** The fields of a form; none when the body is something else. */
export const formOf = (body: unknown): URLSearchParams =>
  body instanceof URLSearchParams ? body : new URLSearchParams();

/** The token for a form on the page that is being made. */
export const formToken = (reply: FastifyReply): string => reply.generateCsrf();

/** Browsers of today say themselves where a request began. Older ones send its origin, which is "null" under our own
 *  `Referrer-Policy: no-referrer`; then the token alone decides. */
function isForeign({ headers, host }: FastifyRequest, ownOrigin: string): boolean {
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none") return true;
  const { origin } = headers;
  if (origin === undefined || origin === "null") return false;
  return origin !== ownOrigin && (!URL.canParse(origin) || new URL(origin).host !== host);
}
