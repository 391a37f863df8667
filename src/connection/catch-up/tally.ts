import type { JsonObject } from "../../types/json.ts";
import type { Lost } from "./read-gap.ts";

/** What catching up has come to since the program began. */
export interface Tally {
  /** A gap was filled with so many messages; so much of it is lost. */
  filled(gap: { readonly messages: number; readonly lost: Lost; readonly at: number }): void;
  /** Looked whether an open socket has kept something from us: so many messages. */
  checked(check: { readonly messages: number; readonly at: number }): void;
  status(): JsonObject;
  /** Messages that were found again, and those that are lost for good. */
  counts(): { readonly recovered: number; readonly lost: number };
}

/** All counts at zero. */
export function createTally(): Tally {
  const counts = { gaps: 0, recovered: 0, tooOld: 0, tooMany: 0, more: false, silent: 0 };
  const lists = new Set<string>();
  let filledAt: number | null = null;
  let checkedAt: number | null = null;
  return {
    filled({ messages, lost, at }) {
      counts.gaps += 1;
      counts.recovered += messages;
      counts.tooOld += lost.tooOld;
      counts.tooMany += lost.tooMany;
      counts.more ||= lost.more;
      for (const name of lost.lists) lists.add(name);
      filledAt = at;
    },
    checked({ messages, at }) {
      counts.silent += messages;
      checkedAt = at;
    },
    counts: () => ({ recovered: counts.recovered + counts.silent, lost: counts.tooOld + counts.tooMany }),
    status: () => ({
      gaps: counts.gaps,
      last_filled: moment(filledAt),
      recovered: counts.recovered,
      lost: {
        too_old: counts.tooOld,
        too_many: counts.tooMany,
        perhaps_more: counts.more,
        unread_lists: [...lists],
      },
      silent: { last_checked: moment(checkedAt), missed: counts.silent },
    }),
  };
}

const moment = (at: number | null) => (at === null ? null : new Date(at).toISOString());
