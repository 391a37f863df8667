import { Readable } from "node:stream";
import type { FastifyReply } from "fastify";
import type { Clock } from "../../clock.ts";
import type { Fault } from "./faults.ts";

/** A page such as proxies and login walls send. */
const PAGE = "<!DOCTYPE html><html><head><title>502</title></head><body><h1>Bad gateway</h1></body></html>";

const forever = (): Promise<never> => new Promise(() => {});

/** Ends the connection with a reset, not with a farewell. */
function cut(reply: FastifyReply): Promise<never> {
  reply.raw.socket?.resetAndDestroy();
  return forever();
}

/** Ends the connection in good order, but says nothing. */
function farewell(reply: FastifyReply): Promise<never> {
  reply.raw.socket?.end();
  return forever();
}

function answerText(fault: Fault): string {
  if (fault.kind === "html") return PAGE;
  if (typeof fault.body === "string") return fault.body;
  return JSON.stringify(fault.body ?? { errors: ["internal server error"] });
}

function dress(reply: FastifyReply, fault: Fault): string {
  reply.code(fault.status ?? (fault.kind === "html" ? 200 : 500));
  reply.header("content-type", fault.kind === "html" ? "text/html; charset=utf-8" : "application/json");
  reply.headers({ ...fault.headers });
  const text = answerText(fault);
  // A real answer may have been measured already.
  reply.header("content-length", Buffer.byteLength(text));
  return text;
}

const CHUNK = "x".repeat(64 * 1024);
const HUGE_BYTES = 100 * 1024 * 1024;
const DRIP_MS = 1000;

/** One JSON object, a piece at a time. */
function* hugeText(bytes: number): Generator<string> {
  yield '{"success":true,"padding":"';
  for (let left = bytes; left > 0; left -= CHUNK.length) yield CHUNK.slice(0, left);
  yield '"}';
}

/** Blanks before JSON are JSON: nothing is wrong but the time it takes. */
async function* drops(ms: number, clock: Clock): AsyncGenerator<string> {
  for (;;) {
    yield " ";
    await clock.sleep(ms);
  }
}

/** What is sent instead of the answer: a text, or a stream that is too much or too slow. */
function substitute(reply: FastifyReply, fault: Fault, clock: Clock): string | Readable {
  if (fault.kind !== "huge" && fault.kind !== "drip") return dress(reply, fault);
  reply.code(fault.status ?? 200).header("content-type", "application/json");
  // A real answer may have been measured already.
  reply.removeHeader("content-length");
  const pieces = fault.kind === "huge" ? hugeText(fault.bytes ?? HUGE_BYTES) : drops(fault.ms ?? DRIP_MS, clock);
  return Readable.from(pieces, { objectMode: false, highWaterMark: 1 });
}

/** A fault that meets a request before it is read. Resolves to true when the request goes on to its handler. */
export async function strikeBefore(fault: Fault, reply: FastifyReply, clock: Clock): Promise<boolean> {
  if (fault.kind === "hang") await forever();
  if (fault.kind === "reset_before") await cut(reply);
  if (fault.kind === "close_before") await farewell(reply);
  if (fault.kind === "slow") {
    await clock.sleep(fault.ms ?? 0);
    return true;
  }
  await reply.send(substitute(reply, fault, clock));
  return false;
}

/** Sends half of the answer under a header that promises all of it. */
function halve(reply: FastifyReply, payload: string): Promise<never> {
  const bytes = Buffer.from(payload);
  reply.raw.writeHead(reply.statusCode, { "content-type": "application/json", "content-length": bytes.length });
  reply.raw.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), () => reply.raw.socket?.destroy());
  return forever();
}

/** A fault that meets a request after it has been applied. Resolves to what is sent instead of `payload`. */
export async function strikeAfter(
  fault: Fault,
  { reply, payload, clock }: { reply: FastifyReply; payload: string; clock: Clock },
): Promise<string | Readable> {
  if (fault.kind === "hang") await forever();
  if (fault.kind === "reset_after" || fault.kind === "reset_before") await cut(reply);
  if (fault.kind === "close_after" || fault.kind === "close_before") await farewell(reply);
  if (fault.kind === "truncate") await halve(reply, payload);
  if (fault.kind === "slow") {
    await clock.sleep(fault.ms ?? 0);
    return payload;
  }
  return substitute(reply, fault, clock);
}
