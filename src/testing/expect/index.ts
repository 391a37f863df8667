import type { RawExpectation } from "../../generated/tests.ts";
import type { Check, Mismatch, Seen } from "../seen.ts";
import { fired, notFired } from "./rules.ts";
import { buttons, noteHas, reply, replyHas } from "./said.ts";
import { assigned, assignedTeam, closed, noActions, set, tagged } from "./standing.ts";

/** Every word of `expect:`. Adding one is its check, one line here and its part of schemas/tests.schema.json. */
const CHECKS: { readonly [Key in keyof Required<RawExpectation>]: Check<NonNullable<RawExpectation[Key]>> } = {
  fired,
  not_fired: notFired,
  reply,
  reply_has: replyHas,
  note_has: noteHas,
  buttons,
  assigned,
  assigned_team: assignedTeam,
  tagged,
  closed,
  set,
  no_actions: noActions,
};

/** What was expected and is not so, in the order in which it is written. */
export function mismatches(expected: RawExpectation, seen: Seen): readonly Mismatch[] {
  return Object.entries(expected).flatMap(([key, wanted]) => {
    const check = CHECKS[key as keyof RawExpectation] as Check<unknown>;
    return check(wanted, seen);
  });
}
