/** A longer text is no order number. */
const LONGEST = 40;
/** The CRM ends its own numbers in a Latin letter (`4117A`, `4118C`). On a Russian keyboard the letter that looks the same is
 *  typed, and no one can see the difference. */
const LOOKALIKES: Readonly<Record<string, string>> = {
  А: "A",
  В: "B",
  Е: "E",
  К: "K",
  М: "M",
  Н: "H",
  О: "O",
  Р: "P",
  С: "C",
  Т: "T",
  У: "Y",
  Х: "X",
};

/** One spelling for all ways to write an order's number: `№ 4117а`, `#4117A` and `4117A` are one. Null: there is none. */
export function plainNumber(text: string | null): string | null {
  if (text === null || text.length > LONGEST) return null;
  const plain = bare(text)
    .toUpperCase()
    .replace(/[А-Я]/gu, (letter) => LOOKALIKES[letter] ?? letter);
  return plain === "" ? null : plain;
}

/** The spellings to ask the CRM for: it compares letter by letter. */
export function numberSpellings(text: string): readonly string[] {
  const plain = plainNumber(text);
  if (plain === null) return [];
  return [...new Set([bare(text), bare(text).toUpperCase(), plain])];
}

const bare = (text: string) =>
  text
    .trim()
    .replace(/^(?:№|#|Nº|N°|No\.)\s*/iu, "")
    .trim();
