import type { ApiError } from "../errors.ts";

/** What may be done again: `read` changes nothing; `repeatable` has the same effect twice as once (assign, tag, edit, upload);
 *  `once` must not happen twice (send a message, open a dialog): reliability.md D4. */
export type CallKind = "read" | "repeatable" | "once";

/** Nothing waits longer for a server, whatever it asks for. */
export const LONGEST_PAUSE_MS = 300_000;
const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 60_000;
const RETRY_AFTER_JITTER = 0.2;

/** Statuses that stay as they are however often one asks: not implemented, HTTP version not supported. */
const LASTING = new Set([501, 505]);

/** May this request be sent again? A call that must not happen twice: only on proof that it did not happen. */
export function isRetryable(error: ApiError, kind: CallKind): boolean {
  if (error.kind === "limited") return true;
  if (error.kind !== "unavailable" || LASTING.has(error.status ?? 0)) return false;
  return kind !== "once" || error.sent === "no";
}

/** `Retry-After` in ms: whole seconds or an HTTP date. Null when absent or not understood; never negative, and capped, since
 *  a huge value would park the bot for good. */
export function readRetryAfter(header: string | undefined, now: number): number | null {
  const text = header?.trim() ?? "";
  if (text === "") return null;
  const ms = /^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now;
  return Number.isNaN(ms) ? null : Math.min(LONGEST_PAUSE_MS, Math.max(0, Math.ceil(ms)));
}

/** The pause that a server asked for, in ms: up to 20 % more, so that many clients do not return at once, but never above five
 *  minutes. `random` in [0, 1). */
export function askedPauseMs(retryAfterMs: number, random: number): number {
  return Math.min(LONGEST_PAUSE_MS, Math.round(retryAfterMs * (1 + RETRY_AFTER_JITTER * random)));
}

/** Pause before the next attempt, in ms: what the server asked for; else doubling from 1 s to 60 s, the upper half at random. `attempt` is the one that
 *  failed, from 1; `random` in [0, 1). */
export function pauseMs(attempt: number, retryAfterMs: number | null, random: number): number {
  if (retryAfterMs !== null && retryAfterMs > 0) return askedPauseMs(retryAfterMs, random);
  const backoff = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (attempt - 1));
  return Math.round(backoff * (0.5 + random / 2));
}
