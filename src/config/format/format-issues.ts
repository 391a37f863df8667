import type { Issue, Language } from "../../types/issue.ts";
import { say } from "../faults/say.ts";
import { cut, displayWidth } from "./width.ts";

const WARNING = say("Warning: ", "Aviso: ", "Предупреждение: ");

/** How wide the text of an excerpt may be, in columns of a terminal. */
const WIDEST_EXCERPT = 100;

/** One issue for people, in one form everywhere: place and cause; the line above and the line; what is
 *  wrong, underlined, with the fix behind it. Without the text of the file there is no excerpt. No line end at the end. */
export function formatIssue(issue: Issue, language: Language, sourceText?: string): string {
  const { file, line, column } = issue.place;
  const warning = issue.severity === "warning" ? WARNING[language] : "";
  const head = `${file}:${line}:${column}  ${warning}${issue.cause[language]}`;
  const fix = issue.fix?.[language] ?? "";
  const lines = sourceText?.split(/\r?\n/u) ?? [];
  const text = lines[line - 1];
  if (text === undefined || text.trim() === "") return fix === "" ? head : `${head}\n       ${fix}`;
  return [head, ...excerpt({ issue, fix, text, above: lines[line - 2] ?? "" })].join("\n");
}

interface Excerpt {
  readonly issue: Issue;
  readonly fix: string;
  readonly text: string;
  readonly above: string;
}

function excerpt({ issue, fix, text, above }: Excerpt): readonly string[] {
  const { line, column } = issue.place;
  const window = cut({ text, from: column - 1, length: issue.length, widest: WIDEST_EXCERPT });
  const carets = "^".repeat(Math.max(1, displayWidth(window.marked)));
  const under = `${" ".repeat(displayWidth(window.before))}${carets} ${fix}`.trimEnd();
  const rows = [row(String(line), `${window.before}${window.marked}${window.after}`), row("", under)];
  if (above.trim() === "") return rows;
  const upper = cut({ text: above, from: 0, length: 0, widest: WIDEST_EXCERPT });
  return [row(String(line - 1), `${upper.marked}${upper.after}`), ...rows];
}

function row(number: string, text: string): string {
  return `${number.padStart(5)} | ${text}`.trimEnd();
}

export type IssueFormat = "text" | "github" | "json";

export interface IssueList {
  readonly issues: readonly Issue[];
  readonly language: Language;
  /** Texts of the files by name, for excerpts. */
  readonly sources: Readonly<Record<string, string>>;
  readonly format: IssueFormat;
}

/** Many issues: for people (an empty line between two), as annotations of GitHub, or as one JSON list. */
export function formatIssues({ issues, language, sources, format }: IssueList): string {
  if (format === "json")
    return JSON.stringify(
      issues.map((issue) => flat(issue, language)),
      null,
      2,
    );
  if (format === "github") return issues.map((issue) => annotation(issue, language)).join("\n");
  return issues.map((issue) => formatIssue(issue, language, sources[issue.place.file])).join("\n\n");
}

function flat({ severity, code, place, length, cause, fix }: Issue, language: Language) {
  return { severity, code, ...place, length, cause: cause[language], fix: fix?.[language] ?? null };
}

/** Source: GitHub Actions, workflow commands. */
function annotation({ severity, place, length, cause, fix }: Issue, language: Language): string {
  const kind = severity === "fault" ? "error" : "warning";
  const at = `file=${property(place.file)},line=${place.line},col=${place.column},endColumn=${place.column + length}`;
  const message = fix === null ? cause[language] : `${cause[language]} ${fix[language]}`;
  return `::${kind} ${at}::${escaped(message)}`;
}

function escaped(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return escaped(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
