/** How many requests may be made again (reliability.md D7): a tenth of all, and a few at once after a quiet time. While a
 *  server fails at everything, asking it four times as often would only keep it down. */
export interface RetryBudget {
  /** A request is made for the first time. */
  earn(): void;
  /** May one more be made again? What is spent is gone. */
  spend(): boolean;
}

const PER_REQUEST = 0.1;
const MOST = 10;

/** A full one. */
export function createRetryBudget(): RetryBudget {
  let left = MOST;
  return {
    earn() {
      left = Math.min(MOST, left + PER_REQUEST);
    },
    spend() {
      if (left < 1) return false;
      left -= 1;
      return true;
    },
  };
}
