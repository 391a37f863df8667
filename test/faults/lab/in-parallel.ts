/** Does the same several times at once, and gives what each came to, in order. */
export const inParallel = <T>(count: number, task: (at: number) => Promise<T>): Promise<readonly T[]> =>
  Promise.all(Array.from({ length: count }, (_, at) => task(at)));

/** The longest of some spans (ms), in seconds; null as soon as one is null: what never ended has no length. */
export const longest = (spans: readonly (number | null)[]): number | null =>
  spans.includes(null) ? null : Math.max(0, ...spans.map((ms) => ms ?? 0)) / 1_000;

/** The shortest, likewise. */
export const shortest = (spans: readonly (number | null)[]): number | null =>
  spans.includes(null) || spans.length === 0 ? null : Math.min(...spans.map((ms) => ms ?? 0)) / 1_000;

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
