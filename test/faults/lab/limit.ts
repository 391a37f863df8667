/** A figure that is asked for, and whether one that was reached is good enough. */
export interface Limit {
  /** As the table shows it: `≤ 30 s`. */
  readonly text: string;
  readonly holds: (reached: number) => boolean;
  readonly unit: string;
}

const limit = (sign: string, bound: number, unit: string, holds: Limit["holds"]): Limit => ({
  text: `${sign} ${bound}${unit === "" ? "" : ` ${unit}`}`,
  holds,
  unit,
});

export const atMost = (bound: number, unit = ""): Limit => limit("≤", bound, unit, (reached) => reached <= bound);
export const atLeast = (bound: number, unit = ""): Limit => limit("≥", bound, unit, (reached) => reached >= bound);
export const exactly = (bound: number, unit = ""): Limit => limit("=", bound, unit, (reached) => reached === bound);

/** Nothing of this may happen. */
export const NONE = exactly(0);
/** All of it must. */
export const ALL = exactly(100, "%");

/** How much of the whole a part is, in per cent; nothing of nothing is all. Rounded down, so that 99.99 is not shown as 100. */
export const percent = (part: number, whole: number): number =>
  whole === 0 ? 100 : Math.floor((part / whole) * 10_000) / 100;
