import { chosenTitle } from "../text/buttons.ts";
import { tokenize } from "../text/words.ts";
import { type Answer, NO_ANSWER, understood } from "./answer.ts";
import { withoutCourtesy, withoutPlease } from "./courtesy.ts";
import { numberOfWord } from "./number-words.ts";
import { tidy } from "./tidy.ts";

/** Fewer letters of a title are not taken for it. */
const SHORTEST_BEGINNING = 3;
/** Before the number of a choice these say nothing new. */
const NUMBERED: ReadonlySet<string> = new Set("number option numero opcion номер вариант".split(" "));
const EMOJI = /^[\p{Extended_Pictographic}\p{RI}]/u;

/** The title a customer chose, as written in `choices`: by the title itself (case, accents, punctuation and emoji do not
 *  matter; "please" may stand around it), by its number in the list, or by a beginning that no other title has. */
export function readChoice(text: string, choices: readonly string[]): Answer {
  const title = byTitle(text, choices) ?? byNumber(text, choices) ?? byBeginning(text, choices);
  return title === null ? NO_ANSWER : understood(title);
}

function byTitle(text: string, choices: readonly string[]): string | null {
  const said = text.trim();
  const exact = choices.find((title) => title === said || title.trim() === said);
  if (exact !== undefined || said === "") return exact ?? null;
  const words = tokenize(said);
  if (words.length === 0) return null;
  const spellings: readonly ((words: readonly string[]) => readonly string[])[] = [(all) => all, polite, bare];
  for (const spelling of spellings) {
    const wanted = spelling(words).join(" ");
    const same = choices.filter((title) => spelling(tokenize(title)).join(" ") === wanted);
    if (wanted !== "" && same.length > 0) return same.length === 1 ? (same[0] ?? null) : null;
  }
  return null;
}

/** The title with that number (`2`, "option 2", "два"); none when another title begins with the same number: "2" for
 *  `1 day, 5 days, 2 days`. */
function byNumber(text: string, choices: readonly string[]): string | null {
  const plain = tidy(text).replace("🔟", "10");
  const [word = "", ...more] = withoutCourtesy(tokenize(plain)).filter((one) => !NUMBERED.has(one));
  const number = more.length === 0 ? (numberOfWord(word)?.toString() ?? word) : "";
  const title = chosenTitle(number, choices);
  if (title === null) return null;
  const namesakes = choices.filter((choice) => tokenize(choice)[0] === number);
  return namesakes.length === 0 || namesakes.includes(title) ? title : null;
}

function byBeginning(text: string, choices: readonly string[]): string | null {
  const said = bare(tokenize(text)).join(" ");
  if (said.replace(/[^\p{L}]/gu, "").length < SHORTEST_BEGINNING) return null;
  const [title, other] = choices.filter((choice) => letters(tokenize(choice)).join(" ").startsWith(said));
  return title === undefined || other !== undefined ? null : title;
}

function letters(words: readonly string[]): readonly string[] {
  return words.filter((word) => !EMOJI.test(word));
}

function polite(words: readonly string[]): readonly string[] {
  return withoutPlease(letters(words));
}

function bare(words: readonly string[]): readonly string[] {
  return withoutCourtesy(letters(words));
}
