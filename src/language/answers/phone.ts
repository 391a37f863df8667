import {
  type CountryCode,
  findPhoneNumbersInText,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from "libphonenumber-js/min";
import { type Answer, NO_ANSWER, type Question, understood } from "./answer.ts";
import { likelyCountries } from "./country.ts";
import { tidy } from "./tidy.ts";

/** `0034 600...`: the way to dial abroad that most countries share. Those with another one (Russia: 810) write it too. */
const DIALLED_ABROAD = /(?<![\d+])00(?=[1-9]\d)/gu;

/** Three numbers or four; the library tries every stretch of digits, so many more take it long. */
const MOST_DIGITS = 60;

/** The first valid phone number in the text, as E.164 (`+34600123456`); an extension is dropped. Numbers without a country
 *  code are tried in the likely countries. Shown as people of other countries read it: `+34 600 12 34 56`. */
export function readPhone(text: string, question: Omit<Question, "expect">): Answer {
  const said = tidy(text);
  if (said.replace(/\D/gu, "").length > MOST_DIGITS) return NO_ANSWER;
  const countries = likelyCountries(question);
  const abroad = said.replace(DIALLED_ABROAD, "+");
  const phone = firstOf(said, countries) ?? (abroad === said ? null : firstOf(abroad, countries));
  return phone === null ? NO_ANSWER : understood(phone.number, shownPhone(phone));
}

/** The extension went with the value, so it is not shown either. */
function shownPhone({ number }: PhoneNumber): string {
  return parsePhoneNumberFromString(number)?.formatInternational() ?? number;
}

function firstOf(text: string, countries: readonly CountryCode[]): PhoneNumber | null {
  const tries: readonly (CountryCode | null)[] = countries.length > 0 ? countries : [null];
  for (const defaultCountry of tries) {
    const [found] = findPhoneNumbersInText(text, defaultCountry === null ? {} : { defaultCountry });
    if (found) return found.number;
  }
  return null;
}
