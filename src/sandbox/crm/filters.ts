import { CrmRefusal } from "../world/refusal.ts";

/** Filters that a method takes: with one value (`filter[email]=...`) or a list (`filter[numbers][]=...`). */
export type Known = Readonly<Record<string, "one" | "many">>;

/** The values given, by filter; a filter that was not given is undefined. */
export type Given<Names extends Known> = { readonly [Name in keyof Names]?: readonly string[] };

/** Reads `filter[name]`, `filter[name][]` and `filter[name][0]`. Throws CrmRefusal (400) for a filter the method does not take:
 *  what the service does with one is not documented, and passing over it would hide a misspelt name. */
export function readFilters<Names extends Known>(query: Readonly<Record<string, unknown>>, known: Names): Given<Names> {
  const given: Record<string, string[]> = {};
  const errors: Record<string, string> = {};
  for (const [key, value] of Object.entries(query)) {
    const [, name, list] = /^filter\[(\w+)\](\[\d*\])?$/.exec(key) ?? [];
    if (name === undefined) continue;
    const kind = Object.hasOwn(known, name) ? known[name] : undefined;
    if (kind === undefined) errors[name] = "This form should not contain extra fields.";
    else if ((list === undefined) !== (kind === "one")) errors[name] = "This value is not valid.";
    else given[name] = [...(given[name] ?? []), ...[value].flat().map(String)];
  }
  if (Object.keys(errors).length > 0) throw new CrmRefusal(400, "Errors in the input parameters", errors);
  return given as Given<Names>;
}

/** Does a row pass a filter? One that was not given lets everything pass. */
export const passes = (wanted: readonly string[] | undefined, test: (value: string) => boolean): boolean =>
  wanted === undefined || wanted.some(test);

/** `1` and `0`. */
export const isFlag = (value: string, actual: boolean): boolean => (value === "1") === actual;

/** The CRM's search for people: a piece of a name, or of a phone's digits. */
export function isNamed(wanted: string, { name, phones }: { name: string; phones: readonly string[] }): boolean {
  const digits = wanted.replace(/\D/g, "");
  const isPhone = digits.length >= 4 && !/\p{L}/u.test(wanted);
  if (isPhone) return phones.some((phone) => phone.replace(/\D/g, "").includes(digits));
  return name.toLowerCase().includes(wanted.trim().toLowerCase());
}
