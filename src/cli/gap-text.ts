import type { JsonObject } from "../types/json.ts";
import type { Say } from "./words.ts";

/** What `catch_up` of `/status` says (connection/catch-up/tally.ts); an older program leaves things out. */
interface CatchUpStatus {
  readonly gap?: boolean;
  readonly trouble?: { readonly since: string; readonly reason: string } | null;
  readonly gaps?: number;
  readonly recovered?: number;
  readonly lost?: {
    readonly too_old: number;
    readonly too_many: number;
    readonly perhaps_more: boolean;
    readonly unread_lists: readonly string[];
  };
  readonly silent?: { readonly missed: number };
}

/** In one line, what was missed since the program began: how much of it was found again, and how much never will be. */
export function gapText(say: Say, status: JsonObject): string {
  const { gap, trouble, gaps = 0, recovered = 0, silent } = status as CatchUpStatus;
  const found = recovered + (silent?.missed ?? 0);
  const parts = [
    gaps + found === 0 ? say("noGaps") : say("gapsFilled", String(gaps), String(found)),
    ...lostText(say, status),
    ...(gap === true && trouble == null ? [say("gapOpen")] : []),
    ...(trouble == null ? [] : [say("gapTrouble", trouble.since, trouble.reason)]),
  ];
  return parts.join("; ");
}

function lostText(say: Say, status: JsonObject): readonly string[] {
  const { lost } = status as CatchUpStatus;
  if (lost === undefined) return [];
  const { too_old: tooOld, too_many: tooMany, perhaps_more: isMore, unread_lists: lists } = lost;
  const isAny = tooOld + tooMany > 0;
  return [
    ...(isAny ? [say("gapsLost", String(tooOld + tooMany), String(tooOld), String(tooMany))] : []),
    ...(isMore ? [say("gapsPerhapsMore")] : []),
    ...(lists.length === 0 ? [] : [say("gapsUnread", lists.join(", "))]),
  ];
}
