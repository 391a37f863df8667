/** East Asian and emoji characters take two columns of a terminal. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u;
const UNSHOWN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** How many columns a text takes in a terminal. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const { segment } of GRAPHEMES.segment(text)) width += WIDE.test(segment) ? 2 : 1;
  return width;
}

const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Tabs become single spaces and characters without a form a dot, so that carets stand where they should and no
 *  escape sequence of a file reaches the terminal. */
function shown(text: string): string {
  return text.replaceAll("\t", " ").replace(UNSHOWN, (sign) => (sign === "\u200d" ? sign : "·"));
}

/** A line in three parts, ready to be shown. */
export interface Window {
  readonly before: string;
  readonly marked: string;
  readonly after: string;
}

/** The part of a long line around what is marked; what is left out shows as `…`. `widest` counts characters. */
export function cut(line: {
  readonly text: string;
  readonly from: number;
  readonly length: number;
  readonly widest: number;
}): Window {
  const { text, from, length, widest } = line;
  const start = text.length <= widest || from + length <= widest - 1 ? 0 : Math.max(0, from - Math.floor(widest / 3));
  const end = text.length <= widest ? text.length : Math.min(text.length, start + widest);
  const marked = text.slice(from, Math.min(end, from + length));
  return {
    before: (start > 0 ? "…" : "") + shown(text.slice(start, from)),
    marked: shown(marked),
    after: shown(text.slice(from + marked.length, end)) + (end < text.length ? "…" : ""),
  };
}
