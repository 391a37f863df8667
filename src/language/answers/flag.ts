import { tokenize } from "../text/words.ts";
import { withoutPlease } from "./courtesy.ts";
import { tidy } from "./tidy.ts";

const YES: ReadonlySet<string> = new Set(
  "1 yes y yep yeah true on sure ok okay si verdadero cierto claro vale да д ага истина верно".split(" "),
);
const NO: ReadonlySet<string> = new Set("0 no n nope false off falso нет н неа ложь неверно".split(" "));

/** Yes or no, in one word of en, es or ru (`sí`, `Да, спасибо`, `true`, `1`); null for anything else. */
export function readFlag(text: string): boolean | null {
  const [word = "", ...more] = withoutPlease(tokenize(tidy(text)));
  if (more.length > 0) return null;
  if (YES.has(word)) return true;
  return NO.has(word) ? false : null;
}
