import type { Language } from "../../types/issue.ts";

const UNITS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
] as const;

/** Nearer than this a day of the week says which day is meant. */
const WEEK_AHEAD_MS = 6 * 86_400_000;

/** A span of time in ms for people: `1 hour 30 minutes`. What is left below a second is left out. */
export function spanIn(ms: number, language: Language): string {
  const parts: string[] = [];
  let left = ms;
  for (const [unit, unitMs] of UNITS) {
    const count = Math.floor(left / unitMs);
    left -= count * unitMs;
    if (count > 0) parts.push(counted(count, unit, language));
  }
  return parts.length === 0 ? counted(0, "second", language) : parts.join(" ");
}

function counted(count: number, unit: string, language: Language): string {
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long", useGrouping: false }).format(
    count,
  );
}

/** Whose clock and language a moment is told in. `now` is Unix ms. */
export interface Watch {
  readonly language: Language;
  readonly timezone: string;
  readonly now: number;
}

/** A moment (Unix ms) for people: `Fri 12:05`; further away with its date; with seconds where they matter. */
export function momentIn(at: number, { language, timezone, now }: Watch): string {
  const { weekday, year, month, day, hour, minute, second } = partsOf(at, language, timezone);
  const isNear = Math.abs(at - now) < WEEK_AHEAD_MS;
  const time = at - now < 60_000 ? `${hour}:${minute}:${second}` : `${hour}:${minute}`;
  return `${isNear ? weekday : `${year}-${month}-${day}`} ${time}`;
}

function partsOf(at: number, language: Language, timeZone: string): Readonly<Record<string, string>> {
  const format = new Intl.DateTimeFormat(language, {
    timeZone,
    weekday: "short",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  });
  return Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
}
