/** A number as people send it: `2`, ` 2. `, `2)`, `(2)`, `#2`. */
const BARE_NUMBER = /^\s*[(#№]?\s*(\d{1,3})\s*[.):]?\s*$/u;
/** Style marks and frames of keycap emoji: without them 2️⃣ is a plain 2. */
const KEYCAP_FRAME = /[\uFE0F\u20E3]/gu;

/** Buttons for channels that show none: the text with a numbered list of the titles below it. */
export function numberedList(text: string, titles: readonly string[]): string {
  const lines = titles.map((title, index) => `${index + 1}. ${title}`);
  return [text, ...lines].filter((line) => line !== "").join("\n");
}

/** The title a bare number means (`2`, `2.`, `2)`, 2️⃣); null when the text is anything else or the list is shorter. */
export function chosenTitle(text: string, titles: readonly string[]): string | null {
  if (text.length > 40) return null;
  const plain = text.replace("🔟", "10").replace(KEYCAP_FRAME, "").replace(/№/gu, "#").normalize("NFKC");
  const number = BARE_NUMBER.exec(plain)?.[1];
  return number === undefined ? null : (titles[Number(number) - 1] ?? null);
}
