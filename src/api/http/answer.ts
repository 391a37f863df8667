import type { Json } from "../../types/json.ts";
import { ApiError, type ApiErrorKind, type Sent, serverWords } from "../errors.ts";
import { JsonFault, readJson, tryReadJson } from "./read-json.ts";
import { readRetryAfter } from "./retry.ts";

/** One answer as it came. `label` names the request to people: method and address, without the query. */
export interface RawAnswer {
  readonly label: string;
  readonly status: number;
  readonly text: string;
  readonly retryAfter: string | undefined;
  readonly location: string | undefined;
  readonly now: number;
}

/** The body of a successful answer (any 2xx; an empty one is null). Throws ApiError for everything else. */
export function readAnswer(answer: RawAnswer): Json {
  if (answer.status >= 200 && answer.status < 300) return readSuccess(answer);
  if (answer.status >= 300 && answer.status < 400) throw redirected(answer);
  throw failed(answer);
}

function readSuccess({ label, status, text }: RawAnswer): Json {
  if (text.trim() === "") return null;
  try {
    return readJson(text);
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    // Broken JSON may be a proxy's page or a cut answer: nobody knows. Readable JSON we refuse came from the API itself.
    const sent: Sent = error.code === "not_json" ? "maybe" : "yes";
    const what = isPage(text) ? "a web page instead of JSON" : `something unusable: ${error.message}`;
    throw new ApiError({ kind: "not_json", status, sent, message: `${label} answered ${status} with ${what}` });
  }
}

/** Not followed: the token would go along to wherever it points. */
function redirected({ label, status, location }: RawAnswer): ApiError {
  const target = originOf(location);
  const where = target === null ? "another address" : target;
  const message = `${label} answered ${status} and points to ${where}; redirects are not followed`;
  return new ApiError({ kind: "bad_request", status, sent: "no", movedTo: target, message });
}

function failed({ label, status, text, retryAfter, now }: RawAnswer): ApiError {
  const body = tryReadJson(text);
  const isApi = typeof body === "object" && body !== null;
  const errors = serverWords(body);
  const kind = kindOf(status, { isApi, isPage: isPage(text) });
  const said =
    errors.length > 0 ? `: ${errors.join("; ")}` : kind === "not_json" ? " with a web page instead of JSON" : "";
  const retryAfterMs = readRetryAfter(retryAfter, now);
  const message = `${label} answered ${status}${said}`;
  return new ApiError({ kind, status, errors, sent: sentOf(status, isApi), retryAfterMs, message });
}

/** 503 with the API's own JSON means "too many requests" in this family; else it is a proxy's. */
function kindOf(status: number, { isApi, isPage }: { isApi: boolean; isPage: boolean }): ApiErrorKind {
  if (status === 401 || status === 403) return "refused";
  if (status === 429 || (status === 503 && isApi)) return "limited";
  if (status >= 500 || status === 408) return "unavailable";
  if (isPage) return "not_json";
  return status === 404 ? "not_found" : "bad_request";
}

/** A refusal took no effect. A 5xx may have come after the work was done; only a 503 of the API itself has not. */
function sentOf(status: number, isApi: boolean): Sent {
  if (status === 503) return isApi ? "no" : "maybe";
  return status >= 500 || status === 408 ? "maybe" : "no";
}

const isPage = (text: string) => text.trimStart().startsWith("<");

function originOf(location: string | undefined): string | null {
  const url = location === undefined ? null : URL.parse(location);
  return url === null || url.origin === "null" ? null : url.origin;
}
