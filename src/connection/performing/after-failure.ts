import type { ApiError } from "../../api/errors.ts";
import { type CallKind, isRetryable, pauseMs } from "../../api/http/retry.ts";

/** What to do with a call whose request has failed. */
export type Next =
  /** It had no need to be done, or it was done. */
  | { readonly do: "done" }
  /** For good: the server's own words say why. */
  | { readonly do: "fail"; readonly reason: string }
  /** Proven not to have happened, or harmless twice. `nobodyThere`: no server was reached at all. */
  | { readonly do: "again"; readonly pauseMs: number; readonly nobodyThere: boolean }
  /** It may have happened: look before doing anything. */
  | { readonly do: "verify" }
  /** The token or the right is refused. */
  | { readonly do: "ask_who_we_are" };

export interface Failed {
  readonly operation: string;
  readonly kind: CallKind;
  readonly error: ApiError;
  /** Which attempt failed, from 1. */
  readonly attempt: number;
  /** In [0, 1). */
  readonly random: number;
}

/** One policy for all calls (reliability.md D4, spec 4.1 "Unknown sends"). Pure. */
export function afterFailure({ operation, kind, error, attempt, random }: Failed): Next {
  if (error.kind === "refused") return { do: "ask_who_we_are" };
  if (kind !== "once" && (error.sent === "yes" || isAlreadySo(operation, error))) return { do: "done" };
  if (isRetryable(error, kind)) {
    const nobodyThere = error.status === null && error.sent === "no";
    return { do: "again", pauseMs: pauseMs(attempt, error.retryAfterMs, random), nobodyThere };
  }
  if (kind === "once" && error.sent !== "no") return { do: "verify" };
  return { do: "fail", reason: error.errors.join("; ") || error.message };
}

/** What the server says when a repeatable call finds its work done. */
const ALREADY: Readonly<Record<string, RegExp>> = {
  assignDialogResponsible: /already (?:been )?(?:assigned|responsible)/i,
  unassignDialogResponsible: /already (?:been )?unassigned|not assigned|no responsible|has no responsible/i,
  closeDialog: /already (?:been )?closed|(?:is|was) closed|not active/i,
  dialogAddTags: /already/i,
  dialogDeleteTags: /already|no such tag|tag (?:is )?not found/i,
  deleteMessage: /already (?:been )?deleted|(?:is|was) deleted/i,
  deleteCommand: /not found/i,
};

function isAlreadySo(operation: string, { kind, errors }: ApiError): boolean {
  if (kind === "not_found" && operation === "deleteCommand") return true;
  if (kind !== "bad_request" && kind !== "not_found") return false;
  return errors.some((words) => ALREADY[operation]?.test(words) === true);
}
