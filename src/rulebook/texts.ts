import { checkTemplate, type PathUse } from "../language/template/template.ts";
import { isObject } from "../types/json.ts";
import type { Text } from "../types/rule.ts";
import type { RuleContext } from "./context.ts";
import { maybeEmpty, wholeGroup } from "./path-faults.ts";
import { textOf } from "./raw.ts";
import { readPath } from "./readable.ts";
import { type Finding, type Found, find, inside, type Spot } from "./report.ts";

/** Are holes in this text worth a warning? In data (`set`, cards, raw requests) an empty value is simply left out. */
export type Readers = "people" | "data";

/** A text, or a map of texts by language, with every template in it checked. */
export function compileText(raw: unknown, spot: Spot, readers: Readers, context: RuleContext): Text {
  if (!isObject(raw)) return { any: compileTemplate(raw, spot, readers, context), byLanguage: {} };
  const entries = Object.entries(raw).map(([language, text]) => {
    return [language, compileTemplate(text, inside(spot, language), readers, context)] as const;
  });
  return { any: null, byLanguage: Object.fromEntries(entries) };
}

function compileTemplate(raw: unknown, spot: Spot, readers: Readers, context: RuleContext): string {
  const source = textOf(raw) ?? "";
  const { uses, faults } = checkTemplate(source);
  for (const fault of faults) context.report.add("fault", within(spot, source, fault), fault);
  for (const use of uses) checkUse(use, within(spot, source, { ...use, length: use.path.length }), readers, context);
  return source;
}

function checkUse(use: PathUse, at: Found, readers: Readers, context: RuleContext): void {
  const reading = readPath(use.path, context.readable);
  if (reading.kind === "fault") context.report.add("fault", at, reading.finding);
  if (readers === "data" || use.guarded) return;
  if (reading.kind === "group") warn(wholeGroup(use.path, reading.example));
  if (reading.kind === "nullable" && !context.ownStored.has(use.path)) warn(maybeEmpty(use.path));
  function warn(finding: Finding): void {
    context.report.add("warning", at, finding);
  }
}

/** The place inside a template. It is known exactly only where the file holds the text on one line, bare or in plain quotes;
 *  otherwise the whole text is shown. */
function within(spot: Spot, source: string, part: { line: number; column: number; length: number }): Found {
  const whole = find(spot);
  const quotes = whole.length - source.length;
  if (source.includes("\n") || (quotes !== 0 && quotes !== 2)) return whole;
  const column = whole.place.column + quotes / 2 + part.column - 1;
  return { place: { ...whole.place, column }, length: part.length };
}
