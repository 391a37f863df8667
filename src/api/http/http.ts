import pRetry from "p-retry";
import type { Json } from "../../types/json.ts";
import { ApiError } from "../errors.ts";
import { createRetryBudget } from "../pace/retry-budget.ts";
import { type AttemptOptions, createAttempt } from "./attempt.ts";
import type { HttpOptions, HttpRequest } from "./request.ts";
import { isRetryable, pauseMs } from "./retry.ts";

const DEFAULT_ATTEMPTS = 4;

export interface RequestOptions extends AttemptOptions {
  /** How often to try in all; 1: once. Default 4. */
  readonly attempts?: number;
}

/** One host with one key or token. Every rejection is an ApiError, but for those of `atTurn` and `mayGo`. */
export interface Http {
  request(request: HttpRequest, options?: RequestOptions): Promise<Json>;
  /** Ends idle connections; requests under way fail. */
  close(): void;
}

/** The one HTTP layer: limits, pacing, attempts by kind of call, errors without secrets (reliability.md D4, D7). */
export function createHttp(options: HttpOptions): Http {
  const { clock, random, log } = options;
  const attempt = createAttempt(options);
  const budget = createRetryBudget();
  return {
    request(request, { attempts = DEFAULT_ATTEMPTS, ...once } = {}) {
      budget.earn();
      /** The only question p-retry asks. It waits in here, on our clock, and not on p-retry's own timer. */
      const shouldRetry = async ({ error, attemptNumber }: { error: Error; attemptNumber: number }) => {
        if (!(error instanceof ApiError) || !isRetryable(error, request.kind)) return false;
        if (attemptNumber >= attempts || !budget.spend()) return false;
        const pause = pauseMs(attemptNumber, error.retryAfterMs, random());
        log.debug(
          { method: request.method, path: request.path, attempt: attemptNumber, pauseMs: pause },
          error.message,
        );
        return sleptThrough(clock.sleep(pause, once.signal));
      };
      const retries = Math.max(1, attempts) - 1;
      return pRetry(() => attempt.run(request, once), { retries, minTimeout: 0, shouldRetry });
    },
    close: attempt.close,
  };
}

/** False when the signal cut the sleep short, or had ended it before it began. */
const sleptThrough = (sleep: Promise<void>) =>
  sleep.then(
    () => true,
    () => false,
  );
