import { DateTime } from "luxon";

/** ISO 8601 with a date in it: a bare time would need to know today. */
const ISO_DATE = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}.{0,40})?$/u;
const DIGITS = /^\d{1,16}$/u;
/** Unix seconds reach this in the year 5138; a larger number is ms. */
const LARGEST_SECONDS = 100_000_000_000;

/** A moment as the data writes it: ISO 8601 (without an offset it is local to `zone`), or Unix seconds or ms as a number or
 *  digits. Null when it is none, or when there is no such zone. */
export function readMoment(value: unknown, zone = "utc"): DateTime | null {
  const moment = parse(value, zone);
  return moment?.isValid ? moment : null;
}

function parse(value: unknown, zone: string): DateTime | null {
  if (typeof value === "number") return fromUnix(value, zone);
  if (typeof value !== "string") return null;
  const text = value.trim();
  if (DIGITS.test(text)) return fromUnix(Number(text), zone);
  return ISO_DATE.test(text) ? DateTime.fromISO(text.replace(" ", "T"), { zone }) : null;
}

function fromUnix(value: number, zone: string): DateTime | null {
  if (!Number.isFinite(value)) return null;
  return DateTime.fromMillis(value > LARGEST_SECONDS ? value : value * 1000, { zone });
}
