import fastifyCookie, { type CookieSerializeOptions } from "@fastify/cookie";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Clock } from "../../clock.ts";
import { isObject, type Json } from "../../types/json.ts";
import type { Vault } from "../../vault.ts";

/** What one browser has shown us, kept in a cookie that only the vault can read: any replica knows it, and none stores it. */
export interface Session {
  /** May this browser see `who` (a connection's id, or ADMIN)? */
  admits(who: string): boolean;
  /** It has shown the key or password of `who`. Forms of before are no longer good. */
  admit(who: string): void;
  dismiss(who: string): void;
  /** Small values until the next `admit` or `dismiss`. @fastify/csrf-protection keeps the secret of its tokens here. */
  get(name: string): string | undefined;
  set(name: string, value: string): void;
  options(): void;
}

/** The operator, among those whom a session admits. */
export const ADMIN = "admin";
export const SESSION_MS = 12 * 3_600_000;
/** Accounts that one browser may have open; the oldest gives way. */
const MOST_PASSES = 8;

export interface SessionOptions {
  readonly vault: Vault;
  readonly clock: Clock;
  /** Is the service reached over https? Then the cookie works in a frame of the CRM, and only over https. */
  readonly isHttps: boolean;
  /** Goes into what the operator's cookie is sealed for: another password ends all of the operator's sessions. */
  readonly adminMark: string;
}

declare module "fastify" {
  interface FastifyRequest {
    /** Of the owner, or of the operator under `/admin` and `/status`; null where there are no sessions. */
    session: Session;
  }
}

interface Pass {
  readonly who: string;
  /** Unix ms. */
  readonly until: number;
}

interface Kept {
  readonly until: number;
  readonly passes: readonly Pass[];
  readonly values: Readonly<Record<string, string>>;
}

/** Opens the session of each request, and sends its cookie when something in it has changed. */
export async function useSessions(server: FastifyInstance, options: SessionOptions): Promise<void> {
  await server.register(fastifyCookie);
  server.decorateRequest("session");
  const opened = new WeakMap<FastifyRequest, ReturnType<typeof openSession>>();
  server.addHook("onRequest", async (request) => {
    const room = roomOf(request, options);
    const session = openSession(readCookie(request, room, options), options.clock);
    opened.set(request, session);
    request.session = session.session;
  });
  server.addHook("onSend", async (request, reply) => {
    const session = opened.get(request);
    if (session?.hasChanged()) sendCookie(reply, roomOf(request, options), session.kept(), options);
  });
}

interface Room {
  readonly cookie: string;
  /** What the cookie is sealed for. */
  readonly context: string;
  readonly attributes: CookieSerializeOptions;
}

/** The operator's pages are never shown in a frame, so their cookie need not go there. */
function roomOf({ url }: FastifyRequest, { isHttps, adminMark }: SessionOptions): Room {
  const prefix = isHttps ? "__Host-" : "";
  const usual: CookieSerializeOptions = { path: "/", httpOnly: true, secure: isHttps, maxAge: SESSION_MS / 1_000 };
  if (/^\/(admin|status)\b/u.test(url)) {
    return {
      cookie: `${prefix}rulebot_admin`,
      context: `session of the operator ${adminMark}`,
      attributes: { ...usual, sameSite: "lax" },
    };
  }
  const framed: CookieSerializeOptions = isHttps ? { sameSite: "none", partitioned: true } : { sameSite: "lax" };
  return { cookie: `${prefix}rulebot`, context: "session of an owner", attributes: { ...usual, ...framed } };
}

function readCookie(request: FastifyRequest, { cookie, context }: Room, { vault }: SessionOptions): Kept | null {
  const sealed = request.cookies[cookie];
  const text = sealed === undefined ? null : vault.open(sealed, context);
  return text === null ? null : readKept(JSON.parse(text));
}

/** What the vault opens was made by us, but perhaps by another version. */
function readKept(kept: Json): Kept | null {
  if (!isObject(kept) || typeof kept.until !== "number" || !Array.isArray(kept.passes) || !isObject(kept.values))
    return null;
  const passes = kept.passes.flatMap((pass) =>
    isObject(pass) && typeof pass.who === "string" && typeof pass.until === "number"
      ? [{ who: pass.who, until: pass.until }]
      : [],
  );
  const values = Object.entries(kept.values).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return { until: kept.until, passes, values: Object.fromEntries(values) };
}

function sendCookie(reply: FastifyReply, { cookie, context, attributes }: Room, kept: Kept, { vault }: SessionOptions) {
  reply.setCookie(cookie, vault.seal(JSON.stringify(kept), context), attributes);
}

function openSession(stored: Kept | null, clock: Clock) {
  const now = clock.now();
  const known = stored !== null && stored.until > now ? stored : null;
  let passes = (known?.passes ?? []).filter(({ until }) => until > now);
  let values = known?.values ?? {};
  let hasChanged = false;
  const keep = (next: readonly Pass[]) => {
    hasChanged = true;
    // Who could have read or planted the secret of before must not know the one that now protects more.
    values = {};
    passes = [...next].slice(-MOST_PASSES);
  };
  const others = (who: string) => passes.filter((pass) => pass.who !== who);
  const session: Session = {
    admits: (who) => passes.some((pass) => pass.who === who),
    admit: (who) => keep([...others(who), { who, until: now + SESSION_MS }]),
    dismiss: (who) => keep(others(who)),
    get: (name) => values[name],
    set(name, value) {
      hasChanged = true;
      values = { ...values, [name]: value };
    },
    options() {},
  };
  return {
    session,
    hasChanged: () => hasChanged,
    kept: (): Kept => ({ until: now + SESSION_MS, passes, values }),
  };
}
