import type { IncomingMessage } from "node:http";
import { serverWords } from "../../api/errors.ts";
import { tryReadJson } from "../../api/http/read-json.ts";
import { readRetryAfter } from "../../api/http/retry.ts";

/** What became of opening a socket. `refused`: the token is not accepted (401, 403), trying again is pointless; `failed`:
 *  anything else, to be tried again. Texts are for the log and `/status`. */
export type Opening =
  | { readonly outcome: "open" }
  | { readonly outcome: "refused"; readonly status: number; readonly errors: readonly string[] }
  | { readonly outcome: "failed"; readonly reason: string; readonly retryAfterMs: number | null };

const MOST_BYTES = 65_536;

/** Reads the plain HTTP answer to an upgrade (never more than 64 KB of it) and says what it means. A redirect is a failure:
 *  following it would carry the token along. */
export async function readRefusal(response: IncomingMessage, now: number): Promise<Opening> {
  const status = response.statusCode ?? 0;
  const errors = serverWords(tryReadJson(await readText(response)));
  if (status === 401 || status === 403) return { outcome: "refused", status, errors };
  const said = errors.length > 0 ? `: ${errors.join("; ")}` : "";
  const retryAfterMs = readRetryAfter(response.headers["retry-after"], now);
  return { outcome: "failed", reason: `the upgrade was answered with ${status}${said}`, retryAfterMs };
}

/** As much of the body as comes; a broken one is no reason to lose the status. */
async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > MOST_BYTES) break;
    }
  } catch {
    // Cut off: what has come is what there is.
  }
  return Buffer.concat(chunks).toString("utf8");
}
