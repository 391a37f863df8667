import type { Rulebook, Template, Text } from "../types/rule.ts";
import type { State } from "../types/state.ts";

/** The language of whoever reads, as a small code (`es-mx`): a customer's own where it is known, the staff's is the
 *  configured one. */
export function readerLanguage(reader: "customer" | "staff", state: State, rulebook: Rulebook): string {
  const own = reader === "customer" ? state.customer?.language : null;
  return (own ?? rulebook.language).toLowerCase().replaceAll("_", "-");
}

/** The text for that language, else for the configured one, else the first (spec 4.1 "Text by language"). */
export function chooseText(text: Text, language: string, configured: string): Template {
  if (text.any !== null) return text.any;
  const byCode = new Map(Object.entries(text.byLanguage).map(([code, template]) => [code.toLowerCase(), template]));
  const short = language.split("-")[0] ?? language;
  return byCode.get(language) ?? byCode.get(short) ?? byCode.get(configured) ?? Object.values(text.byLanguage)[0] ?? "";
}
