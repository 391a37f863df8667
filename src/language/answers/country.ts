import { type CountryCode, getCountries, isSupportedCountry } from "libphonenumber-js/min";
import type { Language } from "../../types/issue.ts";
import { boundedCache } from "../bounded-cache.ts";
import { nearestLanguage } from "./nearest-language.ts";

/** English is spoken in too many countries to tell one. */
const COUNTRY_OF_LANGUAGE: Readonly<Record<Language, CountryCode | null>> = { en: null, es: "ES", ru: "RU" };

/** A region in a language tag: the MX of `es-MX`, `es_MX`, `zh-Hant-TW`. */
const REGION = /[-_]([a-z]{2})$/iu;

/** Where a phone number without a country code may be from, likeliest first: the configured country, that of the zone,
 *  that of the language. Empty: only numbers with `+` can be read. */
export function likelyCountries(place: {
  readonly country?: string;
  readonly timezone: string;
  readonly language: string;
}): readonly CountryCode[] {
  const known = [
    asCountry(place.country ?? ""),
    countryOfZone(place.timezone),
    asCountry(REGION.exec(place.language)?.[1] ?? ""),
    COUNTRY_OF_LANGUAGE[nearestLanguage(place.language)],
  ];
  return [...new Set(known.filter((country) => country !== null))];
}

function asCountry(code: string): CountryCode | null {
  const upper = code.trim().toUpperCase();
  return isSupportedCountry(upper) ? upper : null;
}

/** Asked first: listing the zones of one country takes half a millisecond, and most shops are here. */
const NEAR: readonly CountryCode[] = [
  "ES",
  "RU",
  "MX",
  "AR",
  "CO",
  "CL",
  "PE",
  "KZ",
  "BY",
  "UA",
  "UZ",
  "GB",
  "DE",
  "US",
];

/** The country whose clocks show this zone; null when there is no such zone, or it is nobody's (`UTC`, `Etc/GMT+3`). */
const countryOfZone = boundedCache(500, (zone): CountryCode | null => {
  const name = canonical(zone);
  if (!name.includes("/") || name.startsWith("Etc/")) return null;
  return [...NEAR, ...getCountries()].find((country) => zonesOf(country).includes(name)) ?? null;
});

function zonesOf(country: CountryCode): readonly string[] {
  try {
    return new Intl.Locale(`und-${country}`).getTimeZones() ?? [];
  } catch {
    return []; // a code of the phone library that is no region of Unicode's
  }
}

/** `Europe/Kyiv` and `Europe/Kiev` are one; Unicode lists one name of each zone only. */
function canonical(zone: string): string {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return "";
  }
}
