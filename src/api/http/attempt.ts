import { createSecretKeeper } from "../../log.ts";
import type { Json } from "../../types/json.ts";
import { ApiError, type ApiErrorKind } from "../errors.ts";
import { createAsk } from "./ask.ts";
import type { HttpOptions, HttpRequest } from "./request.ts";
import { type CallKind, pauseMs } from "./retry.ts";

export interface AttemptOptions {
  /** Stops waiting and asking; the rejection is still an ApiError, which says whether the request may have left. */
  readonly signal?: AbortSignal | undefined;
  /** Called when the request's turn has come (it may have waited for minutes), before anything of it is sent. When it rejects, nothing is sent, and
   *  the request rejects with the same. */
  readonly atTurn?: (() => Promise<void>) | undefined;
  /** Asked before the request is given a turn: when it throws, the turn is another's, and the request rejects with the same. */
  readonly mayGo?: (() => void) | undefined;
  /** Passes the other requests that wait for their turn. */
  readonly first?: boolean | undefined;
}

/** Sends one request once, when its turn comes. */
export interface Attempt {
  run(request: HttpRequest, options: AttemptOptions): Promise<Json>;
  close(): void;
}

/** Puts `ask` behind the pace, and takes secrets out of what it says. */
export function createAttempt(options: HttpOptions): Attempt {
  const { baseUrl, secretHeaders, pace, random } = options;
  const secrets = createSecretKeeper();
  for (const value of Object.values(secretHeaders)) secrets.add(value);
  const { ask, close } = createAsk(options);

  return {
    async run(request, { signal, atTurn, mayGo, first }) {
      const label = `${request.method} ${baseUrl}${request.path}`;
      let hasTurn = false;
      const begin = async () => {
        hasTurn = true;
        await atTurn?.();
        return await telling(options, { kind: request.kind, signal }, () => ask(request, label, signal));
      };
      try {
        return await pace.run(begin, { signal, mayGo, first });
      } catch (error) {
        if (!hasTurn) throw signal?.aborted === true ? stoppedWaiting(label) : error;
        if (!(error instanceof ApiError)) throw error;
        // Whoever asked may not try again, but the next request must still wait.
        if (error.kind === "limited") pace.slowDown(pauseMs(1, error.retryAfterMs, random()));
        throw withoutSecrets(error, secrets.clean);
      }
    },
    close,
  };
}

/** Tells how the task ended, unless it was we who stopped it. */
async function telling<T>(
  { clock, onOutcome }: HttpOptions,
  { kind, signal }: { readonly kind: CallKind; readonly signal: AbortSignal | undefined },
  task: () => Promise<T>,
): Promise<T> {
  const startedAt = clock.now();
  const tell = (status: number | null, error: ApiErrorKind | null) =>
    onOutcome?.({ kind, status, error, ms: clock.now() - startedAt });
  try {
    const answer = await task();
    tell(200, null);
    return answer;
  } catch (error) {
    if (error instanceof ApiError && signal?.aborted !== true) tell(error.status, error.kind);
    throw error;
  }
}

function stoppedWaiting(label: string): ApiError {
  return new ApiError({ kind: "unavailable", sent: "no", message: `${label} was stopped before it was sent` });
}

/** Servers repeat what they were sent: a token in their words must not go further. */
function withoutSecrets(error: ApiError, clean: (text: string) => string): ApiError {
  const { kind, status, sent, retryAfterMs, movedTo, message, errors, cause } = error;
  const { code, message: words } = (cause ?? {}) as { code?: string | null; message?: string };
  const told = {
    movedTo: movedTo === null ? null : clean(movedTo),
    message: clean(message),
    errors: errors.map(clean),
  };
  const cleaned = { kind, status, sent, retryAfterMs, ...told };
  return new ApiError(
    words === undefined ? cleaned : { ...cleaned, cause: { code: code ?? null, message: clean(words) } },
  );
}
