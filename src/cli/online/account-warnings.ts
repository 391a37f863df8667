import type { Issue, Place } from "../../types/issue.ts";
import type { Rulebook } from "../../types/rule.ts";
import type { Account } from "./ask-account.ts";
import { hoursWarnings, needsAccountHours } from "./hours.ts";
import { nameWarnings } from "./names.ts";
import { missingRights } from "./rights.ts";
import { statusWarnings } from "./statuses.ts";

/** What the rules ask of the account and it does not have, by file and line. */
export function accountWarnings(rulebook: Rulebook, account: Account): readonly Issue[] {
  const { credentials, hours, statuses } = account;
  const found = [
    ...nameWarnings(rulebook, account),
    ...(credentials === null ? [] : missingRights(rulebook, credentials)),
    ...(needsAccountHours(rulebook) ? hoursWarnings(rulebook, hours) : []),
    ...(statuses === null ? [] : statusWarnings(rulebook, statuses)),
  ];
  return found.toSorted((left, right) => order(left.place, right.place));
}

const order = (left: Place, right: Place) =>
  left.file.localeCompare(right.file) || left.line - right.line || left.column - right.column;
