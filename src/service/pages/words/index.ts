import type { StandingName } from "../../../accounts/watching/standing.ts";
import type { Language } from "../../../types/issue.ts";
import { en, type Words } from "./en.ts";
import { es } from "./es.ts";
import { ru } from "./ru.ts";

export { fill } from "../../../language/text/say.ts";
export type { Words } from "./en.ts";

/** What the pages say, by language; for each way in which an account can stand there is a sentence. */
export const WORDS: Readonly<Record<Language, Words & { readonly standing: Readonly<Record<StandingName, string>> }>> =
  {
    en,
    es,
    ru,
  };

/** The languages of the pages, each by its own name. */
export const LANGUAGES: readonly { readonly code: Language; readonly name: string }[] = [
  { code: "en", name: "English" },
  { code: "es", name: "Español" },
  { code: "ru", name: "Русский" },
];
