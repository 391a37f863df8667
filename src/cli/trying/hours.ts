import { hoursNamed } from "../../engine/hours-view.ts";
import { closesAt, isOpen, nextOpen } from "../../language/hours/hours.ts";
import { varPaths } from "../../language/logic/logic.ts";
import type { Logic } from "../../types/json.ts";
import type { Rulebook } from "../../types/rule.ts";
import type { Directory } from "../../types/state.ts";
import { momentIn, type Watch } from "./time-words.ts";
import type { Say } from "./words.ts";

export interface HoursReader extends Watch {
  readonly say: Say;
  readonly rulebook: Rulebook;
  readonly directory: Directory;
}

/** What there is to know of the opening hours that a condition asks: when they change next. */
export function hoursWords(logic: Logic, reader: HoursReader): readonly string[] {
  const names = varPaths(logic).flatMap(({ name }) => {
    const [root, hours] = name.split(".");
    return root === "hours" && hours !== undefined ? [hours] : [];
  });
  return [...new Set(names)].map((name) => changeWords(name, reader));
}

function changeWords(name: string, reader: HoursReader): string {
  const { say, rulebook, directory, timezone, now } = reader;
  const hours = hoursNamed(name, rulebook, directory);
  if (hours === null) return say("crmHours", name);
  const open = isOpen(hours, timezone, now);
  const next = open ? closesAt(hours, timezone, now) : nextOpen(hours, timezone, now);
  if (next === null) return say(open ? "neverCloses" : "neverOpens", name);
  return say(open ? "closesAt" : "opensAt", name, momentIn(next, reader));
}
