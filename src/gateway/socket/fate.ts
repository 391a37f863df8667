import type { Clock } from "../../clock.ts";
import { createSecretKeeper } from "../../log.ts";
import type { Opening } from "./refusal.ts";

/** How a socket ended. `dead`: silent after a ping; `oversized`: a frame above the limit; `lost`: cut without a close; `peer`:
 *  closed by the gateway; `ours`: closed by us. `clean`: the gateway closed it in good order. `openMs` null: never open. */
export interface Ending {
  readonly cause: "dead" | "oversized" | "lost" | "peer" | "ours";
  readonly code: number;
  readonly reason: string;
  readonly clean: boolean;
  readonly openMs: number | null;
}

/** What becomes of one socket: settled twice, once for its opening and once for its end. The first word on each counts. */
export interface Fate {
  readonly opening: Promise<Opening>;
  readonly ended: Promise<Ending>;
  opened(): void;
  failed(reason: string): void;
  refused(opening: Opening): void;
  /** Who ended it, said before it ends. */
  blame(cause: Ending["cause"]): void;
  over(code: number, reason: string): void;
}

/** Close code for "cut without a close". */
export const LOST = 1006;
const IN_GOOD_ORDER = new Set([1000, 1001, 1005, 1012]);

/** `token` is taken out of whatever the gateway says: texts go to the log and to `/status`. */
export function createFate({ clock, token }: { clock: Clock; token: string }): Fate {
  const opening = Promise.withResolvers<Opening>();
  const ended = Promise.withResolvers<Ending>();
  const secrets = createSecretKeeper();
  secrets.add(token);
  let openedAt: number | null = null;
  let blamed: Ending["cause"] | null = null;
  const failed = (reason: string) =>
    opening.resolve({ outcome: "failed", reason: secrets.clean(reason), retryAfterMs: null });

  return {
    opening: opening.promise,
    ended: ended.promise,
    failed,
    opened() {
      openedAt = clock.now();
      opening.resolve({ outcome: "open" });
    },
    refused: (refusal) => opening.resolve(cleaned(refusal, secrets.clean)),
    blame(cause) {
      blamed ??= cause;
    },
    over(code, reason) {
      failed("it was closed before it was open");
      const cause = blamed ?? (code === LOST ? "lost" : "peer");
      const clean = cause === "peer" && IN_GOOD_ORDER.has(code);
      const openMs = openedAt === null ? null : clock.now() - openedAt;
      ended.resolve({ cause, code, reason: secrets.clean(reason), clean, openMs });
    },
  };
}

function cleaned(opening: Opening, clean: (text: string) => string): Opening {
  if (opening.outcome === "refused") return { ...opening, errors: opening.errors.map(clean) };
  return opening.outcome === "failed" ? { ...opening, reason: clean(opening.reason) } : opening;
}
