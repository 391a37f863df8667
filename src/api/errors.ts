import type { Json } from "../types/json.ts";

/** Why a request failed, by what can be done about it:
 *  `refused` the key or token is not accepted (401, 403); `bad_request` our request is wrong there (400, other 4xx, a
 *  redirect); `not_found` 404; `limited` too many requests; `unavailable` network trouble, 5xx, or we were stopped;
 *  `not_json` the answer is not the API's (a web page, broken JSON). */
export type ApiErrorKind = "refused" | "bad_request" | "not_found" | "limited" | "unavailable" | "not_json";

/** Did the call take effect? `no`: proven not; `yes`: carried out, but the answer cannot be used; `maybe`: unknown. */
export type Sent = "no" | "maybe" | "yes";

export interface ApiErrorDetails {
  readonly kind: ApiErrorKind;
  readonly message: string;
  /** Null: no answer came. */
  readonly status?: number | null;
  /** The server's own words. */
  readonly errors?: readonly string[];
  readonly sent: Sent;
  /** How long the server asks to wait; null: it does not say. */
  readonly retryAfterMs?: number | null;
  /** Where a redirect points: scheme and host. Null: it is none, or its target can't be read. */
  readonly movedTo?: string | null;
  /** Name, code and words of the network's error. The original is never kept: it carries the request with its token. */
  readonly cause?: { readonly code: string | null; readonly message: string };
}

/** One failed request to the CRM or the gateway. `message` is one sentence; neither it nor any field holds a token, a key
 *  or the request's body. Source of statuses: Bot API and CRM API v5 descriptions. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly kind: ApiErrorKind;
  readonly status: number | null;
  readonly errors: readonly string[];
  readonly sent: Sent;
  readonly retryAfterMs: number | null;
  readonly movedTo: string | null;

  constructor({ message, kind, status, errors, sent, retryAfterMs, movedTo, cause }: ApiErrorDetails) {
    super(message, cause && { cause });
    this.kind = kind;
    this.status = status ?? null;
    this.errors = errors ?? [];
    this.sent = sent;
    this.retryAfterMs = retryAfterMs ?? null;
    this.movedTo = movedTo ?? null;
  }
}

const MOST_WORDS = 10;
const LONGEST_WORDS = 300;

/** The server's own words in an error body: the gateway's `{errors: [text]}`, the CRM's `{errorMsg, errors: list or map}`.
 *  Empty when the body is of neither shape. Cut in number and length, since they reach logs and notes. */
export function serverWords(body: Json): readonly string[] {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return [];
  const { errorMsg, errors } = body as { errorMsg?: Json; errors?: Json };
  const words = [...flatten(errorMsg ?? null), ...flatten(errors ?? null)];
  return words.slice(0, MOST_WORDS).map((word) => word.replace(/\s+/g, " ").trim().slice(0, LONGEST_WORDS));
}

function flatten(value: Json): readonly string[] {
  if (typeof value === "string") return value.trim() === "" ? [] : [value];
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(flatten);
  return Object.entries(value).flatMap(([field, inner]) => flatten(inner).map((word) => `${field}: ${word}`));
}
