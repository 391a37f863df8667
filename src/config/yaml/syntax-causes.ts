import type { YAMLError } from "yaml";
import type { Fault } from "../../language/fault.ts";
import * as faults from "../faults/syntax-faults.ts";
import * as texts from "../faults/text-faults.ts";
import type { Finding, Span } from "./tree.ts";

interface Trouble {
  readonly error: YAMLError;
  readonly text: string;
}

/** Signs that a text may not begin with, because YAML gives them a meaning. */
const SIGNS = ["{{", "{%", "{", "[", "*", "&", "!", "@", "`", "%", "|", ">"] as const;

/** What a parser's error means to the person who wrote the file, and where. */
export function explainError(trouble: Trouble): Finding {
  const { error, text } = trouble;
  const at = { start: error.pos[0], end: Math.max(error.pos[0] + 1, Math.min(error.pos[1], error.pos[0] + 1)) };
  const line = lineAt(text, at.start);
  if (error.code === "TAB_AS_INDENT" || /^ *\t/u.test(line.text)) return { span: tabOf(line), fault: faults.tab() };
  if (error.code === "MULTIPLE_DOCS")
    return { span: { start: at.start, end: at.start + 3 }, fault: faults.secondDocument() };
  if (error.code === "RESOURCE_EXHAUSTION") return { span: at, fault: faults.tooDeep() };
  if (error.code === "BAD_DQ_ESCAPE") return { span: { start: at.start, end: at.start + 2 }, fault: texts.badEscape() };
  const dash = deepDash(error, line);
  if (dash !== null) return { span: dash, fault: texts.dashInText() };
  const fault = structure(trouble, line);
  const below = isImplicitKey(error) && fault.code === "wrong-indent" ? nextLine(text, line) : null;
  return startOfText(trouble, line) ?? { span: below ?? at, fault };
}

interface Line {
  readonly start: number;
  readonly text: string;
}

function lineAt(text: string, offset: number): Line {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const end = text.indexOf("\n", start);
  return { start, text: text.slice(start, end < 0 ? undefined : end).replace(/\r$/u, "") };
}

function tabOf(line: Line): Span {
  const start = line.start + Math.max(0, line.text.indexOf("\t"));
  return { start, end: start + 1 };
}

/** `key: value`, `- value` or `- key: value`: where the value begins that the error is in, if on its line. */
function startOfText({ error, text }: Trouble, line: Line): Finding | null {
  const inLine = error.pos[0] - line.start;
  const sign = signAt(text, error.pos[0]);
  if (error.code === "BAD_SCALAR_START" || error.code === "NON_STRING_KEY") return curlyOrSign(text, error.pos[0]);
  if (error.code === "TAG_RESOLVE_FAILED") return signFinding(error.pos[0], "!");
  if (/block-seq-ind on same line/u.test(error.message))
    return { span: oneAt(error.pos[0]), fault: faults.listOnKeyLine() };
  if (error.code !== "UNEXPECTED_TOKEN" && error.code !== "BLOCK_AS_IMPLICIT_KEY") return null;
  if (sign === "]" || sign === "}") return { span: oneAt(error.pos[0]), fault: faults.strayBracket(sign) };
  const value = /^\s*(?:- +)*(?:[^\s:#"'{[][^:#]*: +)?(?=\S)/u.exec(line.text)?.[0].length ?? 0;
  if (value > inLine) return null;
  return misreadStart(line, value);
}

function signAt(text: string, offset: number): string {
  return text[offset] ?? "";
}

function oneAt(start: number): Span {
  return { start, end: start + 1 };
}

/** The parser points at the inner brace of `{{`; people know both as one sign. */
function curlyOrSign(text: string, position: number): Finding {
  const before = text[position - 1] === "{" ? position - 1 : position;
  const sign = SIGNS.find((candidate) => text.startsWith(candidate, before));
  if (sign === undefined || (sign === "{" && before === position))
    return { span: oneAt(position), fault: texts.keyNotText() };
  return signFinding(before, sign);
}

function signFinding(start: number, sign: string): Finding {
  return { span: { start, end: start + sign.length }, fault: texts.startsWith(sign) };
}

/** A value that began with a sign of YAML's and then went on as text. */
function misreadStart(line: Line, value: number): Finding | null {
  const rest = line.text.slice(value);
  const start = line.start + value;
  if (/^(?:"(?:[^"\\]|\\.)*"|'[^']*')\s*\S/u.test(rest)) return { span: oneAt(start), fault: texts.textAfterQuote() };
  if (/^\{[{%]/u.test(rest)) return signFinding(start, rest.slice(0, 2));
  if (/^[[{]/u.test(rest)) return { span: oneAt(start), fault: texts.textAfterBracket() };
  if (/^[|>]/u.test(rest)) return { span: oneAt(start), fault: texts.afterBlockSign(rest.slice(0, 1)) };
  const sign = SIGNS.find((candidate) => rest.startsWith(candidate));
  return sign === undefined ? null : signFinding(start, sign);
}

/** What is left: colons, indentation, lines that are no `key: value`. */
function structure({ error, text }: Trouble, line: Line): Fault {
  const here = text.slice(error.pos[0], line.start + line.text.length);
  if (isImplicitKey(error)) return /:(?:\s|$)/u.test(here) ? texts.colonInText() : faults.deeperThanValue();
  if (/Comments must be separated/u.test(error.message)) return texts.hashTooClose();
  if (error.code === "BAD_INDENT") return faults.wrongIndent();
  if (error.code !== "MISSING_CHAR" && error.code !== "UNEXPECTED_TOKEN") return faults.unreadable();
  if (/^\s*(?:- +)*[\w.]+:\S/u.test(line.text)) return faults.colonWithoutSpace();
  return /^\s*(?:- +)*[\w.]+:(?:\s|$)/u.test(line.text) ? faults.wrongIndent() : faults.noKey();
}

/** The dash of an entry that stands deeper than the text above it (`- reply: Hello`, below it `  - wait: 5m`). */
function deepDash({ message }: YAMLError, line: Line): Span | null {
  const indent = /^ *(?=- )/u.exec(line.text)?.[0].length;
  return indent === undefined || !/^A block sequence may not be/u.test(message) ? null : oneAt(line.start + indent);
}

function isImplicitKey({ code }: YAMLError): boolean {
  return code === "BLOCK_AS_IMPLICIT_KEY" || code === "MULTILINE_IMPLICIT_KEY";
}

/** The first character of the line below, for what is wrong there though the parser points above it. */
function nextLine(text: string, line: Line): Span | null {
  const below = /^[\r\n\s]*/u.exec(text.slice(line.start + line.text.length))?.[0].length ?? 0;
  const start = line.start + line.text.length + below;
  return start < text.length ? oneAt(start) : null;
}
