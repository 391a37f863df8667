import type { Occasion } from "../types/event.ts";
import type { Place } from "../types/issue.ts";

/** An occasion as it is written in a rule: `dialog: opened`, `message`. */
export function eventName(on: Occasion): string {
  return on.replace(":", ": ");
}

/** A place as the terminal prints it: `rules/faq.yaml:12`. */
export function lineName(place: Place): string {
  return `${place.file}:${place.line}`;
}
