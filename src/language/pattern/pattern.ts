import { RE2JS, RE2JSSyntaxException } from "re2js";
import type { Sentence } from "../../types/issue.ts";
import { boundedCache } from "../bounded-cache.ts";
import type { Fault } from "../fault.ts";
import { capText } from "../text/text-cap.ts";
import { explainPattern } from "./pattern-faults.ts";

const LONGEST_PATTERN = 500;
/** RE2 works through at most this many steps per character: some 75 ms at worst for 8 KB (measured, reliability.md P16). */
const LARGEST_PROGRAM = 500;
const KEPT_PATTERNS = 1000;
const GROUP_NAME = /^[A-Za-z][A-Za-z0-9_]*$/u;

const compiled = boundedCache(KEPT_PATTERNS, (source) => RE2JS.compile(source, RE2JS.CASE_INSENSITIVE));

/** What is wrong with the pattern of a `message_matches`, or null. Only RE2 patterns pass: no look-around, no references
 *  back, so that no text can make one slow. */
export function checkPattern(source: string): Fault | null {
  if (source.trim() === "") return fault("pattern-empty", EMPTY, null);
  if (source.length > LONGEST_PATTERN) return fault("pattern-too-long", TOO_LONG, SIMPLER);
  try {
    const program = compiled(source);
    if (program.programSize() > LARGEST_PROGRAM) return fault("pattern-too-large", TOO_LARGE, SIMPLER);
    const odd = Object.keys(program.namedGroups()).find((name) => !GROUP_NAME.test(name));
    return odd === undefined ? null : fault("pattern-group", oddGroup(odd), GROUP_FIX);
  } catch (error) {
    if (error instanceof RE2JSSyntaxException) return explainPattern(source, error);
    throw error;
  }
}

/** Looks for the pattern anywhere in the first 8 KB of the text, case-blind. Gives the named groups that took part in the
 *  match (own properties, no others), or null without a match. The pattern has passed `checkPattern`. */
export function matchPattern(source: string, text: string): Readonly<Record<string, string>> | null {
  const matcher = compiled(source).matcher(capText(text));
  if (!matcher.find()) return null;
  const groups = Object.entries(matcher.getNamedGroups());
  return Object.fromEntries(groups.filter((group): group is [string, string] => group[1] !== null));
}

/** The names of the pattern's groups in order: what `match.` offers. */
export function groupNames(source: string): readonly string[] {
  return Object.keys(compiled(source).namedGroups());
}

function fault(code: string, cause: Sentence, fix: Sentence | null): Fault {
  return { code, cause, fix };
}

const EMPTY: Sentence = {
  en: "This pattern is empty.",
  es: "Este patrón está vacío.",
  ru: "Этот шаблон поиска пуст.",
};
const TOO_LONG: Sentence = {
  en: `This pattern is longer than ${LONGEST_PATTERN} characters.`,
  es: `Este patrón tiene más de ${LONGEST_PATTERN} caracteres.`,
  ru: `Этот шаблон поиска длиннее ${LONGEST_PATTERN} символов.`,
};
const TOO_LARGE: Sentence = {
  en: "This pattern is too large: its repeats multiply.",
  es: "Este patrón es demasiado grande: sus repeticiones se multiplican.",
  ru: "Этот шаблон поиска слишком велик: повторы в нём умножаются.",
};
const SIMPLER: Sentence = {
  en: "use message_has with a list of words, or several shorter patterns",
  es: "use message_has con una lista de palabras, o varios patrones más cortos",
  ru: "используйте message_has со списком слов или несколько более коротких шаблонов",
};
const GROUP_FIX: Sentence = {
  en: "begin the name with a Latin letter; letters, digits and _ may follow",
  es: "empiece el nombre con una letra latina; pueden seguir letras, cifras y _",
  ru: "начните имя с латинской буквы; дальше могут идти буквы, цифры и _",
};

function oddGroup(name: string): Sentence {
  return {
    en: `"${name}" cannot be the name of a group.`,
    es: `"${name}" no puede ser el nombre de un grupo.`,
    ru: `"${name}" не может быть именем группы.`,
  };
}
