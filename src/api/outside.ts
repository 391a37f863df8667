import http from "node:http";
import https from "node:https";
import got from "got";
import { isObject, type Json, type JsonObject } from "../types/json.ts";
import { isAllowedHost } from "./inside.ts";
import { outwardLookup, refuseInside } from "./network.ts";

/** Calls of services that the shop names in its rules (`http:`). Not our API: no key of ours ever goes there. */
export interface OutsideOptions {
  /** `host` or `host:port` inside our network that may be called all the same; any other inside address is refused when
   *  connecting, however it is spelt or looked up. */
  readonly allowedHosts: readonly string[];
  /** A whole call may take as long as this; left out: 10 s. */
  readonly limitMs?: number;
}

/** Why a call gave nothing: one sentence without the address's query. */
export class OutsideError extends Error {
  override readonly name = "OutsideError";
}

const MAX_ANSWER_BYTES = 1024 * 1024;
const WHOLE_MS = 10_000;

export interface Outside {
  /** The JSON of a 2xx answer (a text that is no JSON comes as text, an empty one as null). Rejects with OutsideError. */
  call(request: JsonObject, signal?: AbortSignal): Promise<Json>;
  close(): void;
}

export function createOutside({ allowedHosts, limitMs = WHOLE_MS }: OutsideOptions): Outside {
  const guarded = agentsWith({ lookup: outwardLookup() });
  const free = agentsWith({});
  return {
    async call(request, signal) {
      const url = addressOf(request);
      const isAllowed = isAllowedHost(url, allowedHosts);
      const tooLarge = new AbortController();
      const body = request.body ?? null;
      try {
        if (!isAllowed) refuseInside(url);
        const asked = got(url, {
          method: methodOf(request),
          headers: { "user-agent": "rulebot", ...textsOf(request.headers) },
          ...(body === null ? {} : typeof body === "string" ? { body } : { json: body }),
          agent: isAllowed ? free : guarded,
          retry: { limit: 0 },
          followRedirect: false,
          throwHttpErrors: false,
          timeout: { request: limitMs },
          signal: AbortSignal.any(signal ? [signal, tooLarge.signal] : [tooLarge.signal]),
        });
        asked.on("downloadProgress", ({ transferred }) => {
          if (transferred > MAX_ANSWER_BYTES) tooLarge.abort();
        });
        const { statusCode, body: text } = await asked;
        if (statusCode < 200 || statusCode > 299)
          throw new OutsideError(`${url.host} answered with status ${statusCode}`);
        return readBody(String(text));
      } catch (error) {
        if (error instanceof OutsideError) throw error;
        const why = tooLarge.signal.aborted ? "the answer is too large" : codeOf(error);
        throw new OutsideError(`${url.host} could not be called: ${why}`);
      }
    },
    close() {
      for (const agent of [...Object.values(guarded), ...Object.values(free)]) agent.destroy();
    },
  };
}

function agentsWith(options: http.AgentOptions) {
  return { http: new http.Agent(options), https: new https.Agent(options) };
}

function addressOf({ url }: JsonObject): URL {
  if (typeof url !== "string" || !URL.canParse(url)) throw new OutsideError("the address is not a URL");
  const parsed = new URL(url);
  if (parsed.protocol !== "http:" && parsed.protocol !== "https:")
    throw new OutsideError("the address is not http or https");
  if (parsed.username !== "" || parsed.password !== "")
    throw new OutsideError("the address holds a name or a password");
  return parsed;
}

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

function methodOf({ method }: JsonObject): (typeof METHODS)[number] {
  return METHODS.find((known) => known === String(method ?? "GET").toUpperCase()) ?? "GET";
}

function textsOf(headers: Json | undefined): Record<string, string> {
  const entries = isObject(headers) ? Object.entries(headers) : [];
  return Object.fromEntries(
    entries.filter(([, value]) => value !== null).map(([name, value]) => [name, String(value)]),
  );
}

function readBody(text: string): Json {
  if (text.trim() === "") return null;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

function codeOf(error: unknown): string {
  if (error instanceof Error && "code" in error) return String(error.code);
  return error instanceof Error ? error.name : "an unknown fault";
}
