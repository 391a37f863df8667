import type { Verdict } from "../types/plan.ts";
import type { Rule } from "../types/rule.ts";

/** Why a rule did not act, in one word: `when` (nothing happened that it looks for), the key of the condition that did not
 *  hold (`closed`, `assigned`, ...), or `once`, `slot`, `capped`, `shadow`. Null: it did act. */
export function whyNot(rule: Rule, verdicts: readonly Verdict[]): string | null {
  const own = verdicts.filter(({ ruleId }) => ruleId === rule.id);
  if (own.some(({ outcome }) => outcome === "fired")) return null;
  const last = own.findLast((verdict) => reasonOf(rule, verdict) !== "when") ?? own.at(-1);
  return last === undefined ? "when" : reasonOf(rule, last);
}

function reasonOf({ parts }: Rule, { outcome, failed }: Verdict): string {
  if (outcome !== "condition") return outcome;
  const part = failed === null ? undefined : parts[failed];
  return part === undefined || part.from === "when" ? "when" : part.key;
}

/** Every reason for which this rule may not act. */
export function reasonsFor({ parts }: Rule): readonly string[] {
  const keys = parts.filter(({ from }) => from === "if").map(({ key }) => key);
  return [...new Set(["when", ...keys, "once", "slot", "capped", "shadow"])];
}
