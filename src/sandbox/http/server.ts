import type { IncomingMessage } from "node:http";
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { Log } from "../../log.ts";
import type { RequestRecord } from "../changes.ts";
import type { Stage } from "../stage.ts";
import type { CrmRefusal, Refusal } from "../world/refusal.ts";
import { type Fault, type Faults, type FaultyRequest, isApplied } from "./faults.ts";
import type { RateLimit } from "./rates.ts";
import { strikeAfter, strikeBefore } from "./strikes.ts";

/** One account, as a server sees it. */
export interface Tenant {
  readonly stage: Stage;
  readonly faults: Faults;
  /** Of this server's requests, by key or token. */
  readonly rate: RateLimit;
}

/** What both servers share. `sayError` writes a failure in that service's own words. */
export interface ServerParts {
  readonly server: "crm" | "gateway";
  /** Whose request it is: a server may work for many accounts. */
  readonly tenantOf: (request: IncomingMessage) => Tenant;
  readonly log: Log | null;
  /** Is this path no part of the service: neither recorded, limited nor struck? */
  isOutside(path: string): boolean;
  sayError(status: number, error: Error): unknown;
  /** What to say of an address that is none of the service's. */
  notFound(app: FastifyInstance, request: FastifyRequest): Refusal | CrmRefusal;
}

/** What is remembered of a request while it is served. */
interface Served {
  readonly tenant: Tenant;
  readonly record: RequestRecord;
  fault: Fault | null;
  /** Events that wait for the answer to be on its way. */
  readonly later: (() => void)[];
}

const BODY_LIMIT = 50 * 1024 * 1024;

/** The control address is no part of the services. */
export const isControl = (path: string): boolean => path.startsWith("/sandbox/");

export interface Server {
  readonly app: FastifyInstance;
  /** Runs `task` once the answer has left, or will never leave. */
  afterAnswer(request: FastifyRequest, task: () => void): void;
}

const split = (url: string): { path: string; query: string } => {
  const [path = "/", ...rest] = url.split("?");
  return { path, query: rest.join("?") };
};

function recordOf(server: ServerParts["server"], stage: Stage, request: FastifyRequest): RequestRecord {
  const { path, query } = split(request.url);
  const keyInQuery = new URLSearchParams(query).has("apiKey");
  return { server, method: request.method, path, query, at: stage.clock.now(), keyInQuery, body: null, status: null };
}

function begin(parts: ServerParts, request: FastifyRequest): Served {
  const tenant = parts.tenantOf(request.raw);
  const record = recordOf(parts.server, tenant.stage, request);
  tenant.stage.report({ kind: "request", request: record });
  const { server, method, path } = record;
  return { tenant, record, fault: takeFault(tenant, { server, method, path }), later: [] };
}

function takeFault({ faults, stage }: Tenant, request: FaultyRequest): Fault | null {
  const fault = faults.take(request);
  if (fault !== null) stage.report({ kind: "fault", fault: fault.kind, path: request.path });
  return fault;
}

function release(served: Served): void {
  for (const task of served.later.splice(0)) task();
}

const shown = (body: unknown): unknown => (Buffer.isBuffer(body) ? `[${body.length} bytes]` : (body ?? null));

function answerError(parts: ServerParts, error: Error, reply: FastifyReply): FastifyReply {
  const known = error as FastifyError;
  const own = "status" in error && typeof error.status === "number" ? error.status : undefined;
  const status = own ?? known.statusCode ?? 500;
  if (status >= 500 && own === undefined) parts.log?.error({ err: error }, "the sandbox failed");
  const told = status >= 500 && own === undefined ? new Error("internal server error") : error;
  return reply.code(status).send(parts.sayError(status, told));
}

/** False when the request ends here. */
async function goesOn({ fault, tenant }: Served, reply: FastifyReply): Promise<boolean> {
  if (fault === null || isApplied(fault)) return true;
  return await strikeBefore(fault, reply, tenant.stage.clock);
}

function addHooks(app: FastifyInstance, parts: ServerParts, served: WeakMap<FastifyRequest, Served>): void {
  app.addHook("onRequest", async (request, reply) => {
    if (parts.isOutside(split(request.url).path)) return;
    const state = begin(parts, request);
    served.set(request, state);
    reply.raw.once("close", () => release(state));
    if (!(await goesOn(state, reply))) return reply;
  });
  app.addHook("preHandler", async (request, reply) => {
    const state = served.get(request);
    if (state === undefined) return;
    state.record.body = shown(request.body);
    if (state.fault !== null) return;
    state.fault = takeFault(state.tenant, state.record);
    if (!(await goesOn(state, reply))) return reply;
  });
  app.addHook("onSend", async (request, reply, payload) => {
    const state = served.get(request);
    if (state?.fault == null || !isApplied(state.fault)) return payload;
    release(state);
    return await strikeAfter(state.fault, { reply, payload: String(payload ?? ""), clock: state.tenant.stage.clock });
  });
  app.addHook("onResponse", async (request, reply) => {
    const state = served.get(request);
    if (state === undefined) return;
    state.record.status = reply.statusCode;
    state.tenant.stage.report({ kind: "answered", request: state.record });
  });
}

/** A server with recording, faults and errors; its routes are added by the caller. Closing it cuts what still hangs. */
export function createServer(parts: ServerParts): Server {
  const app = fastify({ forceCloseConnections: true, bodyLimit: BODY_LIMIT, routerOptions: { maxParamLength: 2000 } });
  const served = new WeakMap<FastifyRequest, Served>();
  addHooks(app, parts, served);
  app.setErrorHandler((error: Error, _request, reply) => answerError(parts, error, reply));
  app.setNotFoundHandler((request, reply) => answerError(parts, parts.notFound(app, request), reply));
  const afterAnswer = (request: FastifyRequest, task: () => void) => {
    const state = served.get(request);
    if (state === undefined || state.record.status !== null) task();
    else state.later.push(task);
  };
  return { app, afterAnswer };
}
