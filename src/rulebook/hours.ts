import type { FaultInside } from "../language/fault.ts";
import { nextOpen } from "../language/hours/hours.ts";
import { parseHours } from "../language/hours/hours-parse.ts";
import { suggest } from "../language/names.ts";
import type { Offer } from "../language/paths.ts";
import type { Hours } from "../types/hours.ts";
import type { Rulebook } from "../types/rule.ts";
import type { Source } from "../types/source.ts";
import { duplicateHours, unknownHours } from "./hours-faults.ts";
import { recordOf } from "./raw.ts";
import { find, inside, keyOf, type Report, type Spot } from "./report.ts";
import { lineName } from "./words-for.ts";

/** The opening hours of all files by name. Two of one name, and impossible ones, are faults. */
export function compileHours(sources: readonly Source[], report: Report): Rulebook["hours"] {
  const hours = new Map<string, { readonly value: Hours | "crm"; readonly spot: Spot }>();
  for (const source of sources) {
    for (const [name, raw] of Object.entries(recordOf(source.value.hours))) {
      const spot: Spot = { source, path: ["hours", name] };
      const twin = hours.get(name);
      if (twin) report.fault(keyOf(spot), duplicateHours(name, lineName(find(keyOf(twin.spot)).place)));
      else hours.set(name, { value: raw === "crm" ? raw : readHours(raw, spot, report), spot });
    }
  }
  return Object.fromEntries([...hours].map(([name, { value }]) => [name, value]));
}

/** Stands for hours with a fault: that is told once, and what reads them is not to blame. */
const ANY_HOURS: Hours = parseHours({ daily: "09:00-18:00" }).hours;

function readHours(raw: unknown, spot: Spot, report: Report): Hours {
  const { hours, faults } = parseHours(raw);
  for (const fault of faults) {
    const at = inside(spot, ...fault.path);
    report.fault(isAboutKey(fault) ? keyOf(at) : at, fault);
  }
  return faults.length === 0 ? hours : ANY_HOURS;
}

/** The name of the hours, or a day that is a key; the days of `closed:` are values. */
function isAboutKey({ path, code }: FaultInside): boolean {
  return path.length === 0 || (path.length === 1 && path[0] !== "closed" && ABOUT_DAYS.has(code));
}

/** Faults about the day rather than its times. */
const ABOUT_DAYS: ReadonlySet<string> = new Set([
  "hours-unknown-day",
  "hours-not-a-date",
  "hours-no-such-date",
  "hours-mixed-dates",
  "hours-reversed-dates",
  "hours-too-many-dates",
  "hours-day-twice",
]);

/** What rules may read of the declared hours. Hours that come from the account, or never open anew, may open at no time. */
export function hoursOffer(hours: Rulebook["hours"], timezone: string): Offer {
  const offers = Object.entries(hours).map(([name, value]): [string, Offer] => {
    const opensAnew = value !== "crm" && nextOpen(value, timezone, 0) !== null;
    return [name, { open: "value", next_open: opensAnew ? "value" : "nullable", closes_at: "nullable" }];
  });
  return Object.fromEntries(offers);
}

/** A name that stands for hours: it has to be declared, letter for letter. */
export function checkHoursName(name: string, spot: Spot, hours: Rulebook["hours"], report: Report): void {
  if (!Object.hasOwn(hours, name)) report.fault(spot, unknownHours(name, suggest(name, Object.keys(hours))));
}
