import helmet from "@fastify/helmet";
import type { FastifyInstance, FastifyReply } from "fastify";

const TWO_YEARS_SECONDS = 63_072_000;
/** Proxies refuse answers whose headers go beyond some kilobytes. */
const MOST_FRAME_SITES = 100;

/** Nothing from elsewhere, no scripts at all, no frames but those that `frameAncestors` names; forms may lead on to `formTargets`. */
const policy = (frameAncestors: readonly string[], formTargets: readonly string[] = []) => ({
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'"],
    formAction: ["'self'", ...formTargets],
    baseUri: ["'none'"],
    frameAncestors: frameAncestors.length === 0 ? ["'none'"] : [...frameAncestors],
  },
});

/** The security headers of every answer. `isHttps`: browsers are to use https from now on. */
export async function useSecurityHeaders(server: FastifyInstance, isHttps: boolean): Promise<void> {
  await server.register(helmet, {
    contentSecurityPolicy: policy([]),
    strictTransportSecurity: isHttps ? { maxAge: TWO_YEARS_SECONDS } : false,
    crossOriginOpenerPolicy: isHttps,
    originAgentCluster: isHttps,
    referrerPolicy: { policy: "no-referrer" },
    frameguard: { action: "deny" },
  });
  server.addHook("onRequest", async (_request, reply) => {
    reply.header("cache-control", "no-store");
  });
}

/** Lets the page be shown in a frame of these sites: `https://shop.example`, `https://*.example`. What is no such source is
 *  left out, so that no address can write into the header; so are those after the hundredth. `formTargets`: sites of the same kind to
 *  which the answer to a form of the page may send the browser; left out: none. */
export function allowFrames(reply: FastifyReply, sites: readonly string[], formTargets: readonly string[] = []): void {
  const sources = sites.filter(isSource).slice(0, MOST_FRAME_SITES);
  if (sources.length === 0) return;
  // An older header for the same thing, which knows no lists.
  reply.raw.removeHeader("x-frame-options");
  reply.helmet({ contentSecurityPolicy: policy(sources, formTargets.filter(isSource)), frameguard: false });
}

const isSource = (site: string) => /^https?:\/\/(\*\.)?[\w.-]+(:\d+)?$/u.test(site);

/** The sites of all CRM accounts: those of the vendor's cloud, and what `service.allowed_crm_hosts` names. */
export const frameSites = (zones: readonly string[], allowedHosts: readonly string[]): readonly string[] => [
  ...zones.map((zone) => `https://*.${zone}`),
  ...allowedHosts.flatMap((host) => [`https://${host}`, `http://${host}`]),
];
