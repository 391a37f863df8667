import { type Document, isScalar, isSeq, parseDocument, visit, type YAMLError } from "yaml";
import { tooDeep, unclosedBracket, unclosedQuote } from "../faults/syntax-faults.ts";
import { controlCharacter } from "../faults/text-faults.ts";
import { lineOf, type Ruler } from "./locate.ts";
import { explainError } from "./syntax-causes.ts";
import type { Finding } from "./tree.ts";

/** Errors that leave the rest of the file readable: all of them are reported. After any other one the parser guesses, so
 *  nothing behind it is. */
const LOCAL: ReadonlySet<string> = new Set([
  "NON_STRING_KEY",
  "BAD_SCALAR_START",
  "BAD_DQ_ESCAPE",
  "TAG_RESOLVE_FAILED",
]);

/** Characters that YAML does not allow and no editor shows; tab, line feed and carriage return are fine. */
const CONTROL = /[^\t\n\r\x20-\x7e\x85\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** A hundred openings in a row. The parser's own limit is its stack, which differs from machine to machine. */
const TOO_DEEP = /(?:[[{?-]\s+|[[{]){100}/u;

/** `document` is null when the parser should not, or could not, read the text. */
export interface Parsed {
  readonly document: Document | null;
  readonly findings: readonly Finding[];
}

/** Reads YAML with every scalar as text; a key that is there twice is for `buildTree` to find. What the parser cannot read comes back as faults in plain words. */
export function parseYaml(ruler: Ruler): Parsed {
  const { text } = ruler;
  const odd = CONTROL.exec(text);
  if (odd)
    return {
      document: null,
      findings: [{ span: { start: odd.index, end: odd.index + 1 }, fault: controlCharacter() }],
    };
  const deep = TOO_DEEP.exec(text);
  if (deep)
    return { document: null, findings: [{ span: { start: deep.index, end: deep.index + 1 }, fault: tooDeep() }] };
  try {
    const options = { schema: "failsafe", stringKeys: true, uniqueKeys: false, strict: true } as const;
    const document = parseDocument(text, { ...options, prettyErrors: false });
    return { document, findings: explainAll(document, ruler) };
  } catch (error) {
    // The parser recurses: what is nested without end overflows its stack.
    if (!(error instanceof RangeError)) throw error;
    return { document: null, findings: [{ span: { start: 0, end: 1 }, fault: tooDeep() }] };
  }
}

function explainAll(document: Document, ruler: Ruler): Finding[] {
  const { text } = ruler;
  const all: readonly YAMLError[] = [...document.errors, ...document.warnings];
  const byPlace = all.toSorted((a, b) => a.pos[0] - b.pos[0]);
  const findings: Finding[] = [];
  const explained = new Set<number>();
  for (const error of byPlace) {
    const finding = findOpening(document, text, error) ?? explainError({ error, text });
    const line = lineOf(ruler, finding.span.start);
    if (!explained.has(line)) findings.push(finding);
    explained.add(line);
    if (!LOCAL.has(error.code)) break;
  }
  return findings;
}

/** A quote or bracket that is never closed is reported where it was opened, not where the parser gave up. */
function findOpening(document: Document, text: string, error: YAMLError): Finding | null {
  const quote = /^Missing closing (["'])/u.exec(error.message)?.[1];
  if (quote !== undefined)
    return at(
      lastStart(document, error.pos[0], (start) => text[start] === quote),
      unclosedQuote(quote),
    );
  const bracket = /must be sufficiently indented and end with a ([\]}])/u.exec(error.message)?.[1];
  if (bracket === undefined) return null;
  const opening = bracket === "]" ? "[" : "{";
  const start = lastStart(document, error.pos[0], (start) => text[start] === opening);
  return start === null ? null : at(start, unclosedBracket(opening));
}

function at(start: number | null, fault: Finding["fault"]): Finding {
  return { span: { start: start ?? 0, end: (start ?? 0) + 1 }, fault };
}

/** Start of the last node before `position` whose first character fits. */
function lastStart(document: Document, position: number, fits: (start: number) => boolean): number | null {
  let found: number | null = null;
  visit(document, {
    Node(_key, node) {
      const start = isScalar(node) || isSeq(node) || node.range ? (node.range?.[0] ?? -1) : -1;
      if (start >= 0 && start < position && fits(start)) found = start;
    },
  });
  return found;
}
