import type { Language } from "../../types/issue.ts";

export interface LanguageWish {
  /** `?lang=`, or the field `lang` of a form. */
  readonly asked: string | null;
  /** The header `Accept-Language`. */
  readonly accepted: string | undefined;
  /** When the browser names none of ours. */
  readonly fallback: Language;
}

/** The language of a page: what the visitor chose, else what the browser prefers, else the configuration's. */
export function pickLanguage({ asked, accepted, fallback }: LanguageWish): Language {
  if (isLanguage(asked)) return asked;
  const preferred = preferencesOf(accepted ?? "").find(isLanguage);
  return preferred ?? fallback;
}

export const isLanguage = (text: unknown): text is Language => text === "en" || text === "es" || text === "ru";

/** `es-MX,es;q=0.9,en;q=0.8` as `[es, es, en]`, the most wanted first. A header can be long: only its beginning counts. */
function preferencesOf(header: string): readonly string[] {
  return header
    .slice(0, 500)
    .split(",")
    .map((part) => {
      const [tag = "", ...parameters] = part.split(";");
      const quality = parameters.find((one) => one.trim().startsWith("q="))?.trim();
      return { code: tag.trim().toLowerCase().split("-")[0] ?? "", weight: Number(quality?.slice(2) ?? 1) };
    })
    .filter(({ weight }) => weight > 0)
    .sort((left, right) => right.weight - left.weight)
    .map(({ code }) => code);
}
