import { readMoment } from "../../language/moment.ts";

/** How the services write moments. They are not consistent, and neither are we: REST lists carry six fraction digits,
 *  events whole seconds, the answer to a sent message nine digits in another zone (reference README, "Traps"). */

/** `2026-06-30T08:20:43Z` from Unix ms. */
export const wholeSeconds = (at: number): string => new Date(at).toISOString().replace(/\.\d{3}Z$/, "Z");

/** `2026-06-30T08:20:43.518000Z` from Unix ms. */
export const micros = (at: number): string => new Date(at).toISOString().replace(/Z$/, "000Z");

const ZONE_MS = 3 * 3_600_000;

/** `2026-06-30T11:20:43.518000000+03:00` from Unix ms. */
export const nanos = (at: number): string => new Date(at + ZONE_MS).toISOString().replace(/Z$/, "000000+03:00");

/** The CRM's date and time, `2026-06-30 08:20:43`, without a zone. */
export const crmMoment = (at: number): string => new Date(at).toISOString().slice(0, 19).replace("T", " ");

/** The same as the account's clock shows it, as the CRM writes it: `2026-06-30 10:20:43`. `zone` is an IANA name. */
export const zonedMoment = (at: number, zone: string): string =>
  readMoment(at, zone)?.toFormat("yyyy-MM-dd HH:mm:ss") ?? crmMoment(at);

/** As the given writer, with null kept. */
export const orNull = (write: (at: number) => string, at: number | null): string | null =>
  at === null ? null : write(at);
