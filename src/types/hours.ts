/** Minutes of a local day, 0 to 1440; `to` above 1440 goes on into the next day. */
export interface OpenRange {
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** Opening hours as plain data. `week` has the ranges of each weekday (1 is Monday); `dates` replaces a weekday's by ISO date
 *  (`2026-12-24`) or yearly (`12-25`); no ranges: closed. `timezone` null: the configured one. */
export interface Hours {
  readonly timezone: string | null;
  readonly week: Readonly<Record<number, readonly OpenRange[]>>;
  readonly dates: Readonly<Record<string, readonly OpenRange[]>>;
}
