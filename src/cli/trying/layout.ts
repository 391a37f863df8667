/** How the lines of `try` stand: what is done has `→`, what may follow `·`; a line may hold several of text. */

const STEP = "    ";

/** A text behind its mark, further lines of it below its first word. */
export const marked = (mark: "→" | "·" | "…", text: string): string => `${mark} ${text.replaceAll("\n", "\n  ")}`;

/** Lines further right by some columns. */
export function shifted(lines: readonly string[], columns: number): readonly string[] {
  const pad = " ".repeat(columns);
  return lines.map((line) => pad + line.replaceAll("\n", `\n${pad}`));
}

/** Lines inside something: below the line that names it. */
export const nested = (lines: readonly string[], depth = 1): readonly string[] => shifted(lines, depth * STEP.length);

/** A heading below the words of a marked line, and its lines; nothing where there are none. */
export function under(heading: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : shifted([heading, ...shifted(lines, 2)], 2);
}
