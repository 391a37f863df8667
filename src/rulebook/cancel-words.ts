import { withoutWords } from "../language/logic/logic-faults.ts";
import { firstWords } from "../language/text/words.ts";
import type { Source } from "../types/source.ts";
import { textsOf } from "./raw.ts";
import type { Report } from "./report.ts";

/** `cancel_words:` of the root file. They are compared as words, so one without any could never be said. */
export function compileCancelWords(root: Source, report: Report): readonly string[] {
  const raw = root.value.cancel_words;
  const phrases = textsOf(raw);
  for (const [index, phrase] of phrases.entries()) {
    const path = Array.isArray(raw) ? ["cancel_words", index] : ["cancel_words"];
    if (firstWords(phrase) === null) report.fault({ source: root, path }, withoutWords(phrase));
  }
  return phrases;
}
