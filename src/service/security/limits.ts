import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance, FastifyRequest, RouteShorthandOptions } from "fastify";

/** How often one visitor (address, or /64 of IPv6), and all together for one client id, may ask: requests a minute. */
export interface Limits {
  /** Whatever tries a key or a password: connect, sign-in, the operator's login. */
  readonly tries: number;
  /** The CRM's callbacks (of one visitor only those about clients that nobody here has) and one-step addresses. */
  readonly callbacks: number;
  /** Any page. */
  readonly pages: number;
}

export const USUAL_LIMITS: Limits = { tries: 10, callbacks: 120, pages: 300 };

const MINUTE_MS = 60_000;
/** Visitors remembered per limit; beyond it the oldest is forgotten. */
const MOST_VISITORS = 10_000;

/** Too many requests: answered with 429 and `Retry-After`. */
export class TooManyError extends Error {
  override readonly name = "TooManyError";
  readonly statusCode = 429;
  readonly afterSeconds: number;
  constructor(afterMs: number) {
    super("too many requests");
    this.afterSeconds = Math.max(1, Math.ceil(afterMs / 1_000));
  }
}

/** Counts requests per visitor and minute; routes name their limit with `limited`. */
export async function useLimits(server: FastifyInstance): Promise<void> {
  const quiet = { "x-ratelimit-limit": false, "x-ratelimit-remaining": false, "x-ratelimit-reset": false };
  await server.register(rateLimit, {
    global: false,
    timeWindow: MINUTE_MS,
    cache: MOST_VISITORS,
    addHeaders: quiet,
    addHeadersOnExceeding: quiet,
    errorResponseBuilder: (_request, { ttl }) => new TooManyError(ttl),
  });
}

/** The option of a route that may be asked so often a minute by one visitor. */
export const limited = (perMinute: number): Pick<RouteShorthandOptions, "config"> => ({
  config: { rateLimit: { max: perMinute, timeWindow: MINUTE_MS } },
});

/** Counts for one client id, whoever asks. Call the result once the id is known; it rejects with TooManyError. */
export function limitPerClient(server: FastifyInstance, perMinute: number) {
  const clients = new WeakMap<FastifyRequest, string>();
  const count = server.createRateLimit({
    max: perMinute,
    timeWindow: MINUTE_MS,
    keyGenerator: (request) => clients.get(request) ?? "",
  });
  return async (request: FastifyRequest, clientId: string): Promise<void> => {
    clients.set(request, clientId);
    refuseBeyond(await count(request));
  };
}

/** What one visitor may ask in vain. Both reject with TooManyError. */
export interface LimitOfVain {
  /** Has this visitor asked in vain too often already? Counts nothing. */
  check(request: FastifyRequest): Promise<void>;
  /** It has asked in vain. */
  count(request: FastifyRequest): Promise<void>;
}

/** Counts per visitor, but only what turns out to be in vain: whoever asks well may ask for many. */
export function limitInVain(server: FastifyInstance, perMinute: number): LimitOfVain {
  const limit = server.createRateLimit({ max: perMinute, timeWindow: MINUTE_MS });
  return {
    async check(request) {
      const counted = await limit(request, { increment: false });
      const isUsedUp = !counted.isAllowed && counted.remaining === 0;
      if (isUsedUp) throw new TooManyError(counted.ttl);
    },
    count: async (request) => refuseBeyond(await limit(request)),
  };
}

type Counted = Awaited<ReturnType<ReturnType<FastifyInstance["createRateLimit"]>>>;

function refuseBeyond(counted: Counted): void {
  if (!counted.isAllowed && counted.isExceeded) throw new TooManyError(counted.ttl);
}
