import http from "node:http";
import https from "node:https";
import got, { type OptionsOfTextResponseBody } from "got";
import type { Json } from "../../types/json.ts";
import { ApiError } from "../errors.ts";
import type { ConnectOptions } from "../network.ts";
import { readAnswer } from "./answer.ts";
import { networkFailure } from "./network-failure.ts";
import { DEFAULT_LIMITS, type HttpLimits, type HttpOptions, type HttpRequest, type RequestBody } from "./request.ts";

const USER_AGENT = "rulebot";

/** One request on the wire, with no pace and no second try. `label` names it to people; `signal` ends it. Every rejection is an
 *  ApiError, which may still repeat a secret in the server's words. */
export function createAsk({ baseUrl, secretHeaders, clock, limits, log, network }: HttpOptions) {
  const { maxAnswerBytes, ...times } = { ...DEFAULT_LIMITS, ...limits };
  const agents = createAgents(() => network?.connectOptions(new URL(baseUrl)) ?? {});
  const headers = { ...secretHeaders, "user-agent": USER_AGENT, accept: "application/json" };

  const ask = async (request: HttpRequest, label: string, signal: AbortSignal | undefined): Promise<Json> => {
    const tooLarge = new AbortController();
    const startedAt = clock.now();
    try {
      const asked = got(baseUrl + request.path, {
        ...FIXED,
        ...bodyOptions(request.body ?? null),
        method: request.method,
        searchParams: new URLSearchParams([...(request.query ?? [])]),
        headers,
        agent: agents.of(request.kind),
        timeout: timeouts(times),
        signal: AbortSignal.any(signal ? [signal, tooLarge.signal] : [tooLarge.signal]),
      });
      // Counts the bytes after unpacking, so a small answer cannot become a huge one.
      asked.on("downloadProgress", ({ transferred }) => {
        if (transferred > maxAnswerBytes) tooLarge.abort();
      });
      const response = await asked;
      const { statusCode: status, body: text } = response;
      log.debug({ method: request.method, path: request.path, status, ms: clock.now() - startedAt }, "answered");
      const { "retry-after": retryAfter, location } = response.headers;
      return readAnswer({ label, status, text, retryAfter, location, now: clock.now() });
    } catch (error) {
      if (error instanceof ApiError) throw error;
      if (tooLarge.signal.aborted) throw oversized(label, maxAnswerBytes);
      throw networkFailure(error, { label, stopped: signal?.aborted === true });
    }
  };
  return { ask, close: agents.close };
}

/** Connections are kept for calls that may be repeated. A kept one may die just as we write to it, which would leave the fate
 *  of a message unknown; so a call that must happen once gets a fresh one. */
function createAgents(connect: () => ConnectOptions) {
  let made: ReturnType<typeof makeAgents> | null = null;
  return {
    of(kind: HttpRequest["kind"]) {
      made ??= makeAgents(connect());
      return kind === "once" ? made.fresh : made.kept;
    },
    close() {
      const { kept, fresh } = made ?? { kept: {}, fresh: {} };
      for (const agent of [...Object.values(kept), ...Object.values(fresh)]) agent.destroy();
    },
  };
}

// Usual servers drop idle connections after 5 s and more: we do it before them.
const makeAgents = (connect: ConnectOptions) => ({
  kept: agentsWith({ ...connect, keepAlive: true, timeout: 4_000 }),
  fresh: agentsWith({ ...connect, keepAlive: false }),
});

const agentsWith = (options: http.AgentOptions) => ({ http: new http.Agent(options), https: new https.Agent(options) });

const FIXED = {
  retry: { limit: 0 },
  followRedirect: false,
  throwHttpErrors: false,
  responseType: "text",
} as const;

const timeouts = ({ connectMs, sendMs, responseMs }: Omit<HttpLimits, "maxAnswerBytes">) => ({
  lookup: connectMs,
  connect: connectMs,
  secureConnect: connectMs,
  send: sendMs,
  response: responseMs,
  read: responseMs,
});

function bodyOptions(body: RequestBody | null): Pick<OptionsOfTextResponseBody, "json" | "form" | "body"> {
  if (body === null) return {};
  if (body.as === "json") return { json: body.value };
  if (body.as === "form") return { form: { ...body.fields } };
  const form = new FormData();
  form.set("file", new File([body.file.bytes], body.file.name, { type: body.file.type }));
  return { body: form };
}

function oversized(label: string, maxAnswerBytes: number): ApiError {
  const message = `${label} answered with more than ${maxAnswerBytes} bytes`;
  return new ApiError({ kind: "not_json", sent: "maybe", message });
}
