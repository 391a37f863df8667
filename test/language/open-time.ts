import { openPieces } from "../../src/language/hours/open-pieces.ts";
import type { Hours } from "../../src/types/hours.ts";

/** How much of the time from `from` to `to` was open, in ms: by the pieces alone, to hold against what the questions about hours answer. */
export const openTimeBetween = (hours: Hours, zone: string, from: number, to: number): number =>
  [...openPieces(hours, zone, { fromMs: from, toMs: to })].reduce((sum, piece) => sum + piece.toMs - piece.fromMs, 0);
