import type { Language } from "../../types/issue.ts";

/** Languages whose speakers write numbers and dates as one of ours do, and mostly know its words. */
const NEIGHBOURS: Readonly<Record<string, Language>> = {
  ca: "es",
  eu: "es",
  gl: "es",
  pt: "es",
  be: "ru",
  kk: "ru",
  uk: "ru",
};

/** The language of ours in which to read and to repeat an answer, for any tag (`es-MX`, `pt_BR`); English where none is near. */
export function nearestLanguage(tag: string): Language {
  const [language = ""] = tag.toLowerCase().split(/[-_]/u);
  if (language === "es" || language === "ru") return language;
  return Object.hasOwn(NEIGHBOURS, language) ? (NEIGHBOURS[language] ?? "en") : "en";
}
