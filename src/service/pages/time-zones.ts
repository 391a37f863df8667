/** Every zone a shop may stand in, for the list of the settings page. */
export const TIME_ZONES: readonly string[] = [
  "UTC",
  ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC"),
];

/** The zone that somebody typed, in its own spelling: `europe/madrid ` is `Europe/Madrid`; null: there is none. Offsets such as
 *  `+01:00` are none: a shop's zone has a name, and summer time. */
export function readTimeZone(typed: string): string | null {
  const zone = typed.trim().replaceAll(" ", "_");
  const listed = TIME_ZONES.find((one) => one.toLowerCase() === zone.toLowerCase());
  if (listed !== undefined) return listed;
  if (!/^[A-Za-z]/u.test(zone)) return null;
  try {
    const { timeZone } = new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions(); // another name of one
    return TIME_ZONES.includes(timeZone) ? timeZone : null;
  } catch {
    return null;
  }
}
