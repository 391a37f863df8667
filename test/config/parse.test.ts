import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseFile } from "../../src/config/parse.ts";
import { ruleWith } from "./folder.ts";

function parse(text: string, environment: Record<string, string> = {}) {
  return parseFile({ file: "rules.yaml", kind: "rules", text, environment });
}

/** The value of the only action of a rule, and what was said about the file. */
function action(yaml: string, environment: Record<string, string> = {}) {
  const { source, issues } = parse(`rules:\n${ruleWith(yaml)}`, environment);
  const value = JSON.parse(JSON.stringify(source?.value ?? null));
  return { value: value?.rules?.[0]?.do?.[0], said: issues.map(({ cause }) => cause.en) };
}

describe("a scalar where a text is meant", () => {
  it.each([
    ["08", "08"],
    ["NO", "NO"],
    ["no", "no"],
    ["true", "true"],
    ["null", "null"],
    ["~", "~"],
    ["1e3", "1e3"],
    ["0x1F", "0x1F"],
    ["12:30", "12:30"],
    ["2026-11-20", "2026-11-20"],
    ["+34 600 123 456", "+34 600 123 456"],
    ["5 # a remark", "5"],
    ['"quoted # sign"', "quoted # sign"],
    ["'it''s: fine'", "it's: fine"],
    ["a #hash-free text".replace(" #", " "), "a hash-free text"],
    ["C#", "C#"],
    ["half - half", "half - half"],
    ["Привет, {{ customer.first_name }}!", "Привет, {{ customer.first_name }}!"],
  ])("%s stays as typed", (typed, text) => {
    expect(action(`note: ${typed}`)).toEqual({ value: { note: text }, said: [] });
  });

  it("may run over several lines, with or without a sign", () => {
    const folded = "note: First\n          and second";
    const block = "note: |\n          First # no remark\n          - second: line";
    expect(action(folded)).toEqual({ value: { note: "First and second" }, said: [] });
    expect(action(block)).toEqual({ value: { note: "First # no remark\n- second: line\n" }, said: [] });
  });
});

describe("a scalar where a flag is meant", () => {
  it.each([
    ["yes", true],
    ["no", false],
    ["true", true],
    ["false", false],
    ["Yes", true],
    ["NO", false],
    ['"yes"', true],
  ])("%s is %s", (typed, flag) => {
    expect(action(`{reply: Hi, quote: ${typed}}`)).toEqual({ value: { reply: "Hi", quote: flag }, said: [] });
  });

  it.each(["on", "1", "y", "oui"])("%s is refused", (typed) => {
    expect(action(`{reply: Hi, quote: ${typed}}`).said).toEqual([`"quote" cannot be "${typed}".`]);
  });
});

describe("a scalar where anything is possible", () => {
  it.each([
    ["true", true],
    ["yes", "yes"],
    ["null", null],
    ["5", 5],
    ["-5.50", -5.5],
    ["1e3", 1000],
    ["08", "08"],
    ["+34600123456", "+34600123456"],
    ["12345678901234567890", "12345678901234567890"],
    ['"5"', "5"],
    ["'true'", "true"],
    ["12:30", "12:30"],
    [".inf", ".inf"],
  ])("%s becomes %j", (typed, value) => {
    expect(action(`set: {dialog.x: ${typed}}`)).toEqual({ value: { set: { "dialog.x": value } }, said: [] });
  });

  it("stays text when it came from the environment", () => {
    expect(action(`set: {dialog.x: "\${VISITS}"}`, { VISITS: "5" }).value).toEqual({ set: { "dialog.x": "5" } });
  });
});

describe("a name or a number", () => {
  it.each([
    ["12", 12],
    ["012", "012"],
    ['"12"', "12"],
    ["sales", "sales"],
    ["1e3", "1e3"],
  ])("%s becomes %j", (typed, value) => {
    expect(action(`assign: ${typed}`)).toEqual({ value: { assign: value }, said: [] });
  });
});

describe("what stands in the environment", () => {
  it.each([
    [`Hello \${NAME}!`, "Hello Anna!"],
    [`Hello \${NO_NAME:-you}!`, "Hello you!"],
    [`Hello \${EMPTY:-you}!`, "Hello you!"],
    [`Hello \${EMPTY}!`, "Hello !"],
    [`It costs $5 or \${ 5 }`, `It costs $5 or \${ 5 }`],
    [`Write $\${NAME}`, `Write \${NAME}`],
  ])("fills %s as %s", (typed, text) => {
    expect(action(`note: '${typed}'`, { NAME: "Anna", EMPTY: "" })).toEqual({ value: { note: text }, said: [] });
  });

  it("never becomes YAML", () => {
    const { value, said } = action(`note: \${NAME}`, { NAME: "x\nrules: [] # {a: b}" });
    expect(value).toEqual({ note: "x\nrules: [] # {a: b}" });
    expect(said).toEqual([]);
  });
});

describe("aliases", () => {
  it("stand for what they name", () => {
    const text = `rules:\n${ruleWith("tag: &tags [vip, hot]", "One")}${ruleWith("untag: *tags", "Two")}`;
    const { source, issues } = parse(text);
    expect(issues).toEqual([]);
    expect(JSON.parse(JSON.stringify(source?.value)).rules[1].do).toEqual([{ untag: ["vip", "hot"] }]);
  });

  it.each([
    { what: "an anchor written twice", first: "[&a vip, &a hot]", second: "*a", tags: "hot" },
    { what: "one written again below", first: "[&a vip]", second: "[*a, &a hot]", tags: ["vip", "hot"] },
    { what: "one inside another", first: "[&b [&a vip], &a hot, *b]", second: "*a", tags: "hot" },
  ])("stand for the nearest anchor above: $what", ({ first, second, tags }) => {
    const { source } = parse(`rules:\n${ruleWith(`tag: ${first}`, "One")}${ruleWith(`untag: ${second}`, "Two")}`);
    expect(JSON.parse(JSON.stringify(source?.value)).rules[1].do).toEqual([{ untag: tags }]);
  });

  it("stand for nothing that comes below", () => {
    const text = `rules:\n${ruleWith("tag: *a", "One")}${ruleWith("untag: &a vip", "Two")}`;
    expect(parse(text).issues.map(({ code, place }) => [code, place.line, place.column])).toEqual([
      ["needs-quotes", 5, 14],
    ]);
  });

  it("may be used twenty times, not more", () => {
    const uses = (count: number) =>
      `rules:\n${ruleWith("tag: &a vip", "First")}${Array.from({ length: count }, (_, index) => ruleWith("tag: *a", `Rule ${index}`)).join("")}`;
    expect(parse(uses(20)).issues).toEqual([]);
    expect(parse(uses(21)).issues.map(({ cause }) => cause.en)).toEqual(["*a is used more than 20 times."]);
  });
});

describe("a file with several faults", () => {
  it("is told all of them, one a cause", () => {
    const text = `rules:\n${ruleWith("replly: Hi", "One")}${ruleWith("{reply: Hi, quote: maybe}", "Two")}${ruleWith("mute: soon", "Three")}`;
    expect(parse(text).issues.map(({ code, place }) => [code, place.line])).toEqual([
      ["unknown-key", 5],
      ["unknown-value", 9],
      ["wrong-form", 13],
    ]);
  });

  it("is told once about a key after a comma that is known, yet has no value", () => {
    const text = `rules:\n${ruleWith("{reply: Hello, buttons}")}`;
    expect(parse(text).issues.map(({ cause }) => cause.en)).toEqual([
      '"buttons" has no value: inside { } a comma ends a text.',
    ]);
  });

  it("is told every line that only needs quotes, and nothing that follows from it", () => {
    const text = `rules:\n${ruleWith("reply: {{ a }}", "One")}${ruleWith("reply: @b", "Two")}${ruleWith("reply: %c", "Three")}`;
    expect(parse(text).issues.map(({ code, place }) => [code, place.line])).toEqual([
      ["needs-quotes", 5],
      ["needs-quotes", 9],
      ["needs-quotes", 13],
    ]);
  });

  it("says something about what the parser refuses for reasons that have no sentence of their own", () => {
    expect(parse("rules: &x *y\n").issues.map(({ cause }) => cause.en)).toEqual(["I cannot read this line."]);
  });

  it("counts what may be many", () => {
    const buttons = Array.from({ length: 26 }, (_, index) => `b${index}`).join(", ");
    expect(action(`{reply: Hi, buttons: [${buttons}]}`).said).toEqual(['"buttons" has more than 25 entries.']);
  });
});

describe("an empty section", () => {
  it.each(["rules:\n", "rules:\nteams:\n", "rules: # nothing yet\n"])("%j is as if it were not there", (text) => {
    expect(parse(text)).toMatchObject({ issues: [], source: { value: {} } });
  });

  it("of remarks only is an empty rule file", () => {
    expect(parse("# rules:\n")).toMatchObject({ issues: [], source: null });
  });
});

describe("places", () => {
  it.each([
    [["rules", 0, "rule"], "value", { line: 2, column: 11 }, 5],
    [["rules", 0, "rule"], "key", { line: 2, column: 5 }, 4],
    [["rules", 0, "do", 0, "tag", 1], "value", { line: 5, column: 20 }, 3],
    [["rules", 0, "do", 0], "value", { line: 5, column: 9 }, 3],
    [["rules", 0, "if", "tag"], "value", { line: 2, column: 5 }, 4],
    [["rules", 0, "do", 5, "reply"], "value", { line: 4, column: 5 }, 2],
  ] as const)("of %j (%s)", (path, part, place, length) => {
    const { source } = parse(`rules:\n${ruleWith("tag: [vip, hot]")}`);
    expect(source?.locate([...path], part)).toEqual({ place: { file: "rules.yaml", ...place }, length });
  });
});

describe("any text at all", () => {
  const piece = fc.constantFrom(
    "rules:",
    "\n",
    "  - ",
    "rule",
    ": ",
    "{{",
    "}}",
    "[",
    "]",
    "{",
    "}",
    "'",
    '"',
    "#",
    " ",
    "\t",
    "&a",
    "*a",
    "|",
    ">",
    "%",
    "!",
    "reply",
    "when",
    "-",
    "?",
    "é",
    "🙂",
    `\${X}`,
    "<<",
  );

  it("is read without an exception, and every place is inside the file", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary" }),
          fc.array(piece, { maxLength: 40 }).map((parts) => parts.join("")),
        ),
        (text) => {
          const lines = text.split("\n");
          for (const { place, length } of parse(text).issues) {
            expect(place.line).toBeLessThanOrEqual(lines.length);
            expect(place.column).toBeLessThanOrEqual((lines[place.line - 1] ?? "").length + 1);
            expect(length).toBeGreaterThan(0);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it("in quotes comes back as it was", () => {
    const word = fc
      .string({ unit: fc.constantFrom(..."abc: #-{}[]*&!|>'\"%@`,?0🙂й\\"), minLength: 1 })
      .filter((text) => !text.includes(`\${`));
    fc.assert(
      fc.property(word, (text) => {
        expect(action(`note: ${JSON.stringify(text)}`).value).toEqual({ note: text });
      }),
    );
  });
});
