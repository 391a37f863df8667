import { askedPauseMs } from "../../api/http/retry.ts";

/** How a socket was lost. `openMs` is how long it had been open; null: it never opened. `clean`: the gateway closed it in
 *  good order (1000, 1001, 1012). `retryAfterMs`: a refused upgrade said when to come back. */
export interface Loss {
  readonly clean: boolean;
  readonly openMs: number | null;
  readonly retryAfterMs: number | null;
}

/** Losses in a row without a stable socket in between. */
export type Losses = number;

const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;
const STABLE_MS = 60_000;
const CLEAN_FIRST_MS = 500;
const CLEAN_LAST_MS = 5_000;

/** Pause before reconnect `attempt` (0-based), in ms: doubles from 1 s, capped at 30 s, THEN half of it at random. Jitter after
 *  the cap keeps a thousand waiting bots apart (reliability.md D6, P6). `random` in [0, 1). */
export const backoffMs = (attempt: number, random: number): number =>
  Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt) * (0.5 + random / 2);

/** The pause after a loss, and the count to carry on with. Only a socket that was open for 60 s clears the count: one that
 *  flaps waits longer and longer, however cleanly it is closed. */
export function afterLoss(losses: Losses, loss: Loss, random: number): { losses: Losses; pauseMs: number } {
  const before = (loss.openMs ?? 0) >= STABLE_MS ? 0 : losses;
  const usual =
    loss.clean && before === 0 ? CLEAN_FIRST_MS + (CLEAN_LAST_MS - CLEAN_FIRST_MS) * random : backoffMs(before, random);
  const asked = askedPauseMs(loss.retryAfterMs ?? 0, random);
  return { losses: before + 1, pauseMs: Math.round(Math.max(usual, asked)) };
}
