import { capText } from "../text/text-cap.ts";
import { type Answer, NO_ANSWER, understood } from "./answer.ts";

/** Control characters but line ends and tabs: databases refuse NUL, terminals obey escapes. */
const CONTROL = /[\p{Cc}--[\n\t]]/gv;
/** Something a person can see: not only spaces, invisible signs and marks without a letter. */
const VISIBLE = /[^\p{Z}\p{C}\p{M}]/u;

/** Any words, trimmed; of a very long text the first 8 KB. */
export function readText(text: string): Answer {
  const plain = capText(text.replaceAll("\r\n", "\n")).toWellFormed().replace(CONTROL, "").trim();
  return VISIBLE.test(plain) ? understood(withoutHalf(plain)) : NO_ANSWER;
}

/** The cap may have cut a character in two; its half became U+FFFD. */
function withoutHalf(text: string): string {
  return text.endsWith("\uFFFD") ? text.slice(0, -1).trimEnd() : text;
}
