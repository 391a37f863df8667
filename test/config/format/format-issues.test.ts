import { describe, expect, it } from "vitest";
import { formatIssue, formatIssues } from "../../../src/config/format/format-issues.ts";
import type { Issue } from "../../../src/types/issue.ts";

const same = (text: string) => ({ en: text, es: `${text} (es)`, ru: `${text} (ru)` });

function issue(part: Partial<Issue> & { readonly at?: readonly [number, number] } = {}): Issue {
  const { at: [line, column] = [1, 1], ...rest } = part;
  const place = { file: "rules/a.yaml", line, column };
  return { severity: "fault", code: "code", place, length: 1, cause: same("Wrong."), fix: same("do so"), ...rest };
}

describe("an issue for people", () => {
  it("has its place, the cause, an excerpt and the fix under it", () => {
    const text = "rules:\n  - rule: A\n    when:\n      mesage_has: [delivery]\n";
    expect(formatIssue(issue({ at: [4, 7], length: 10 }), "en", text)).toBe(
      [
        "rules/a.yaml:4:7  Wrong.",
        "    3 |     when:",
        "    4 |       mesage_has: [delivery]",
        "      |       ^^^^^^^^^^ do so",
      ].join("\n"),
    );
  });

  it.each([
    ["the first line", [1, 1], "abc\ndef", ["    1 | abc", "      | ^ do so"]],
    ["an empty line above", [3, 2], "abc\n\ndef", ["    3 | def", "      |  ^ do so"]],
    ["Windows line ends", [2, 1], "abc\r\ndef\r\n", ["    1 | abc", "    2 | def", "      | ^ do so"]],
    ["a tab before it", [1, 2], "\tabc", ["    1 |  abc", "      |  ^ do so"]],
    ["an escape sequence", [1, 6], "\u001b[31mabc", ["    1 | ·[31mabc", "      |      ^ do so"]],
    ["wide characters before it", [1, 4], "日本 abc", ["    1 | 日本 abc", "      |      ^ do so"]],
    ["an emoji before it", [1, 4], "👩‍🚀x".replace("👩‍🚀", "🙂 "), ["    1 | 🙂 x", "      |    ^ do so"]],
  ] as const)("shows %s", (_what, at, text, rows) => {
    expect(formatIssue(issue({ at }), "en", text).split("\n").slice(1)).toEqual([...rows]);
  });

  it.each([
    { column: 150, shown: /^ {4}1 \| …a+X+a+…$/u },
    { column: 5, shown: /^ {4}1 \| a+X+a+…$/u },
    { column: 290, shown: /^ {4}1 \| …a+X+a+$/u },
  ])("cuts a long line around column $column", ({ column, shown }) => {
    const text = `${"a".repeat(column - 1)}XXXX${"a".repeat(300 - column)}`;
    const [, line = "", under = ""] = formatIssue(issue({ at: [1, column], length: 4 }), "en", text).split("\n");
    expect(line).toMatch(shown);
    expect(line.length).toBeLessThan(115);
    expect(line.indexOf("XXXX")).toBe(under.indexOf("^^^^"));
  });

  it("has no excerpt where there is no text, and the fix below", () => {
    expect(formatIssue(issue(), "en")).toBe("rules/a.yaml:1:1  Wrong.\n       do so");
    expect(formatIssue(issue({ fix: null }), "en", "")).toBe("rules/a.yaml:1:1  Wrong.");
  });

  it.each([
    ["en", "rules/a.yaml:1:1  Warning: Wrong."],
    ["es", "rules/a.yaml:1:1  Aviso: Wrong. (es)"],
    ["ru", "rules/a.yaml:1:1  Предупреждение: Wrong. (ru)"],
  ] as const)("says in %s that it is a warning", (language, head) => {
    expect(formatIssue(issue({ severity: "warning", fix: null }), language)).toBe(head);
  });
});

describe("many issues", () => {
  const issues = [
    issue({ at: [1, 2], length: 2 }),
    issue({ severity: "warning", fix: null, cause: same("50%,\nno: more") }),
  ];
  const sources = { "rules/a.yaml": "abcd" };

  it("stand apart for people", () => {
    expect(formatIssues({ issues, language: "en", sources, format: "text" })).toBe(
      "rules/a.yaml:1:2  Wrong.\n    1 | abcd\n      |  ^^ do so\n\nrules/a.yaml:1:1  Warning: 50%,\nno: more\n    1 | abcd\n      | ^",
    );
  });

  it("are annotations for GitHub", () => {
    expect(formatIssues({ issues, language: "es", sources, format: "github" })).toBe(
      "::error file=rules/a.yaml,line=1,col=2,endColumn=4::Wrong. (es) do so (es)\n" +
        "::warning file=rules/a.yaml,line=1,col=1,endColumn=2::50%25,%0Ano: more (es)",
    );
  });

  it("are one JSON list for programs", () => {
    expect(JSON.parse(formatIssues({ issues: issues.slice(0, 1), language: "ru", sources, format: "json" }))).toEqual([
      {
        severity: "fault",
        code: "code",
        file: "rules/a.yaml",
        line: 1,
        column: 2,
        length: 2,
        cause: "Wrong. (ru)",
        fix: "do so (ru)",
      },
    ]);
  });
});
