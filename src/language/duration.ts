const UNIT_MS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 } as const;
const DURATION = /^(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?$/u;
/** Longer waits are a slip of the keyboard. */
const LONGEST_MS = 365 * UNIT_MS.d;

/** `90s`, `1h30m`, `7d` in ms; null when it is none: whole numbers with d, h, m, s, large to small, each once, at most 365d. */
export function parseDuration(text: string): number | null {
  const found = DURATION.exec(text);
  if (found === null || text === "") return null;
  const [, d = "0", h = "0", m = "0", s = "0"] = found;
  const ms = Number(d) * UNIT_MS.d + Number(h) * UNIT_MS.h + Number(m) * UNIT_MS.m + Number(s) * UNIT_MS.s;
  return ms <= LONGEST_MS ? ms : null;
}
