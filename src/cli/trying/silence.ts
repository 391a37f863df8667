import { hoursNamed } from "../../engine/hours-view.ts";
import { silenceFor } from "../../engine/silence.ts";
import type { Rule } from "../../types/rule.ts";
import type { State } from "../../types/state.ts";
import type { HoursReader } from "./hours.ts";
import { momentIn } from "./time-words.ts";

/** What a rule about a silence has to do with a message: whether it counts from now on, and when it would be due. Null: the rule
 *  is about something else. `state` is the one after the message. */
export function silenceWords(rule: Rule, state: State, reader: Omit<HoursReader, "directory">): string | null {
  const { say, rulebook } = reader;
  const { dialog, directory } = state;
  if (rule.silence === null || dialog === null) return null;
  const isManagers = rule.on === "manager_silent";
  const due = dialog.timers[rule.id];
  if (due !== undefined) return say(isManagers ? "managerCounting" : "customerCounting", momentIn(due, reader));
  if (silenceFor(rule, dialog) === null) return say(isManagers ? "managerNotCounting" : "customerNotCounting");
  const hours = rule.silence.hours ?? "";
  return say(hoursNamed(hours, rulebook, directory) === null ? "unknownHours" : "neverOpen", hours);
}
