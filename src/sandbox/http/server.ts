import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { Log } from "../../log.ts";
import type { RequestRecord } from "../changes.ts";
import type { Stage } from "../stage.ts";
import type { CrmRefusal, Refusal } from "../world/refusal.ts";
import { type Fault, type Faults, type FaultyRequest, isApplied } from "./faults.ts";
import { strikeAfter, strikeBefore } from "./strikes.ts";

/** What both servers share. `sayError` writes a failure in that service's own words. */
export interface ServerParts {
  readonly server: "crm" | "gateway";
  readonly stage: Stage;
  readonly faults: Faults;
  readonly log: Log | null;
  sayError(status: number, error: Error): unknown;
  /** What to say of an address that is none of the service's. */
  notFound(app: FastifyInstance, request: FastifyRequest): Refusal | CrmRefusal;
}

/** What is remembered of a request while it is served. */
interface Served {
  readonly record: RequestRecord;
  fault: Fault | null;
  /** Events that wait for the answer to be on its way. */
  readonly later: (() => void)[];
}

const BODY_LIMIT = 50 * 1024 * 1024;

/** Requests of the control address are not part of the services: neither recorded nor struck. */
export const CONTROL_PREFIX = "/sandbox/";

export interface Server {
  readonly app: FastifyInstance;
  /** Runs `task` once the answer has left, or will never leave. */
  afterAnswer(request: FastifyRequest, task: () => void): void;
}

const split = (url: string): { path: string; query: string } => {
  const [path = "/", ...rest] = url.split("?");
  return { path, query: rest.join("?") };
};

function recordOf({ server, stage }: ServerParts, request: FastifyRequest): RequestRecord {
  const { path, query } = split(request.url);
  const keyInQuery = new URLSearchParams(query).has("apiKey");
  return { server, method: request.method, path, query, at: stage.clock.now(), keyInQuery, body: null, status: null };
}

function begin(parts: ServerParts, request: FastifyRequest): Served {
  const record = recordOf(parts, request);
  parts.stage.report({ kind: "request", request: record });
  const { server, method, path } = record;
  return { record, fault: takeFault(parts, { server, method, path }), later: [] };
}

function takeFault({ faults, stage }: ServerParts, request: FaultyRequest): Fault | null {
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

function addHooks(app: FastifyInstance, parts: ServerParts, served: WeakMap<FastifyRequest, Served>): void {
  app.addHook("onRequest", async (request, reply) => {
    if (request.url.startsWith(CONTROL_PREFIX)) return;
    const state = begin(parts, request);
    served.set(request, state);
    reply.raw.once("close", () => release(state));
    if (state.fault === null || isApplied(state.fault)) return;
    if (!(await strikeBefore(state.fault, reply, parts.stage.clock))) return reply;
  });
  app.addHook("preHandler", async (request, reply) => {
    const state = served.get(request);
    if (state === undefined) return;
    state.record.body = shown(request.body);
    if (state.fault !== null) return;
    state.fault = takeFault(parts, state.record);
    if (state.fault === null || isApplied(state.fault)) return;
    if (!(await strikeBefore(state.fault, reply, parts.stage.clock))) return reply;
  });
  app.addHook("onSend", async (request, reply, payload) => {
    const state = served.get(request);
    if (state?.fault == null || !isApplied(state.fault)) return payload;
    release(state);
    return await strikeAfter(state.fault, { reply, payload: String(payload ?? ""), clock: parts.stage.clock });
  });
  app.addHook("onResponse", async (request, reply) => {
    const state = served.get(request);
    if (state === undefined) return;
    state.record.status = reply.statusCode;
    parts.stage.report({ kind: "answered", request: state.record });
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
