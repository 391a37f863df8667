import type { RawExpectation } from "../../generated/tests.ts";
import type { Rule } from "../../types/rule.ts";
import { type Check, each, type Mismatch, type Seen } from "../seen.ts";
import { wrong } from "../sentences.ts";
import { whyNot } from "../why-not.ts";

type Wanted<Key extends keyof RawExpectation> = NonNullable<RawExpectation[Key]>;

/** `fired`: these rules have acted, or gone on. */
export const fired: Check<Wanted<"fired">> = (wanted, seen) =>
  each("fired", wanted).flatMap(({ text, path }): readonly Mismatch[] => {
    const why = reasonOf(text, seen);
    return why === null ? [] : [{ path, cause: wrong.notFired(text, why) }];
  });

/** `not_fired`: these rules have not acted; beside a reason, just because of that. */
export const notFired: Check<Wanted<"not_fired">> = (wanted, seen) => {
  if (typeof wanted === "string" || Array.isArray(wanted)) {
    return each("not_fired", wanted).flatMap(({ text, path }): readonly Mismatch[] =>
      reasonOf(text, seen) === null ? [{ path, cause: wrong.fired(text) }] : [],
    );
  }
  return Object.entries(wanted).flatMap(([rule, reason]) => withReason(rule, reason, seen));
};

function withReason(rule: string, reason: string, seen: Seen): readonly Mismatch[] {
  const path = ["not_fired", rule];
  const why = reasonOf(rule, seen);
  if (why === null) return [{ path, cause: wrong.fired(rule) }];
  return why === reason ? [] : [{ path, cause: wrong.otherReason(rule, reason, why) }];
}

/** Null: it has acted. Names were checked against the rulebook when the file was read. */
function reasonOf(name: string, { rulebook, happened }: Seen): string | null {
  const rule: Rule | undefined = rulebook.rules.find((one) => one.name === name);
  return rule === undefined
    ? "when"
    : whyNot(
        rule,
        happened.decisions.flatMap(({ verdicts }) => verdicts),
      );
}
