import {
  type CountryCode,
  isSupportedCountry,
  type PhoneNumber,
  parsePhoneNumberFromString as parse,
  parseIncompletePhoneNumber,
} from "libphonenumber-js/min";

/** No number people are called at has fewer digits (emergency numbers apart): less says nothing about who someone is. */
const FEWEST_DIGITS = 7;
/** A longer text is no phone number. */
const LONGEST = 40;

/** Do two texts name one phone number, however each is written (`8 (912) 345-67-89`, `+79123456789`, `79123456789`)? A number
 *  without its country is read in the other one's, or in `country` (two letters, ISO 3166; null: not known). What can't be
 *  read as a number is the same only digit by digit, and never when it is short. */
export function samePhone(left: string | null, right: string | null, country: string | null = null): boolean {
  if (left === null || right === null || left.length > LONGEST || right.length > LONGEST) return false;
  const digits = wholeDigits(left);
  if (digits.length < FEWEST_DIGITS || wholeDigits(right).length < FEWEST_DIGITS) return false;
  if (digits === wholeDigits(right)) return true;
  const rights = readings(right, left, country);
  return readings(left, right, country).some((number) => rights.includes(number));
}

/** The valid numbers a text may stand for, as E.164. `other` lends its country to a text that tells none. */
function readings(text: string, other: string, country: string | null): readonly string[] {
  if (saysCountry(text)) return numbersOf([international(text)]);
  const lent = international(other)?.countryCallingCode;
  return numbersOf([
    lent === undefined ? undefined : parse(text, { defaultCallingCode: lent, extract: false }),
    country !== null && isCountry(country) ? parse(text, { defaultCountry: country, extract: false }) : undefined,
    // Messengers write whole numbers without the plus.
    parse(`+${digitsOf(text)}`),
  ]);
}

const numbersOf = (phones: readonly (PhoneNumber | undefined)[]): readonly string[] =>
  phones.flatMap((phone) => (phone?.isValid() ? [phone.number] : []));

const international = (text: string): PhoneNumber | undefined =>
  saysCountry(text) ? parse(`+${wholeDigits(text)}`) : undefined;

/** What to look a phone number up by where texts are searched for pieces: its digits without country or trunk prefix, which
 *  every spelling of it ends with. What can't be read as a number is looked up as it is. */
export function phoneEnding(text: string, country: string | null): string {
  const [number] = text.length > LONGEST ? [] : readings(text, "", country);
  return number === undefined ? text : (parse(number)?.nationalNumber ?? text);
}

/** The digits, without the zeros that stand for a plus. */
const wholeDigits = (text: string) => (saysCountry(text) ? digitsOf(text).replace(/^00/u, "") : digitsOf(text));

/** Written with its country: `+34 ...`, `0034 ...`. */
const saysCountry = (text: string) => /^[\s(]*(?:[+＋]|00[1-9])/u.test(text);

const isCountry = (code: string): code is CountryCode => isSupportedCountry(code);

/** The digits of a text, those of other scripts as ours; nothing else of it. */
export const digitsOf = (text: string): string => parseIncompletePhoneNumber(text).replaceAll("+", "");
