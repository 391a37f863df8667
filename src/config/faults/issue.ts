import type { Fault } from "../../language/fault.ts";
import type { Issue, Place } from "../../types/issue.ts";

/** A fault at a place, as an issue. `length` counts the characters to underline. */
export function toIssue(
  severity: Issue["severity"],
  { place, length }: { readonly place: Place; readonly length: number },
  { code, cause, fix }: Fault,
): Issue {
  return { severity, code, place, length, cause, fix };
}
