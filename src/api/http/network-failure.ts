import { RequestError, TimeoutError } from "got";
import { ApiError, type Sent } from "../errors.ts";

/** Codes that only come up before a request can leave: no address, nobody there, no route. */
const NEVER_CONNECTED = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EAI_FAIL",
  "EAI_NODATA",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EADDRNOTAVAIL",
  "ERR_IP_BLOCKED",
]);
/** Our own request cannot be put on the wire: asking again changes nothing. */
const UNSENDABLE = new Set(["ERR_INVALID_CHAR", "ERR_INVALID_URL", "ERR_UNSUPPORTED_PROTOCOL", "ERR_INVALID_ARG_TYPE"]);
const CONNECT_PHASE = new Set(["lookup", "connect", "secureConnect"]);

/** What became of a request without an answer, as an ApiError without the original: got's errors carry the request with all
 *  its headers. `label` names the request; `stopped` says that our own signal ended it. */
export function networkFailure(error: unknown, { label, stopped }: { label: string; stopped: boolean }): ApiError {
  const code = codeOf(error);
  const words = wordsOf(error);
  const cause = { code, message: words };
  if (code !== null && UNSENDABLE.has(code)) {
    return new ApiError({ kind: "bad_request", sent: "no", cause, message: `${label} cannot be sent: ${words}` });
  }
  const why = stopped ? "was stopped" : `failed: ${failureWords(error)}`;
  return new ApiError({ kind: "unavailable", sent: hasLeft(error, code), cause, message: `${label} ${why}` });
}

/** `no` only on proof: the connection (and its encryption) was never there to write to. reliability.md F32, F33. */
function hasLeft(error: unknown, code: string | null): Sent {
  if (code !== null && NEVER_CONNECTED.has(code)) return "no";
  if (!(error instanceof RequestError)) return "maybe";
  if (error instanceof TimeoutError && CONNECT_PHASE.has(error.event)) return "no";
  const { timings, options } = error;
  if (!timings) return "maybe";
  const isSecure = options.url instanceof URL && options.url.protocol === "https:";
  const connected = isSecure ? timings.secureConnect : timings.connect;
  return connected === undefined ? "no" : "maybe";
}

/** A network failure in words that people can act on; the code stays beside them for those who search for it. */
export function failureWords(error: unknown): string {
  const code = codeOf(error);
  const words = wordsOf(error);
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return `the host name is not known (${code})`;
  if (code === "ERR_IP_BLOCKED") return `this address may not be called (${code})`;
  if (code === "ECONNREFUSED") return `nobody answers at this address (${code})`;
  return code === null || words.includes(code) ? words : `${words} (${code})`;
}

function codeOf(error: unknown): string | null {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === "string" ? code : null;
}

function wordsOf(error: unknown): string {
  const line = error instanceof Error ? (error.message.split("\n", 1)[0] ?? "") : "";
  return line === "" ? "unknown failure" : line;
}
