import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkTemplate } from "../../src/language/template/template.ts";

const used = (source: string) => checkTemplate(source).uses.map(({ path, guarded }) => (guarded ? `${path}?` : path));

describe("checkTemplate: what is read", () => {
  it.each([
    { source: "Hello", uses: [] },
    { source: "{{ customer.first_name }}", uses: ["customer.first_name"] },
    { source: '{{ customer.first_name or "there" }}', uses: ["customer.first_name?"] },
    { source: "{{ a.b or c.d }}", uses: ["a.b?", "c.d"] },
    { source: "{{ a.b or c.d or 'x' }}", uses: ["a.b?", "c.d?"] },
    { source: "{{ a.b | default: c.d }}", uses: ["a.b?", "c.d"] },
    { source: "{{ a.b | upcase | default: 'x' }}", uses: ["a.b?"] },
    { source: "{{ a.b | append: c.d }}", uses: ["a.b", "c.d"] },
    { source: "{% if a.b %}{{ a.b }}{{ c.d }}{% endif %}{{ a.b }}", uses: ["a.b?", "a.b?", "c.d", "a.b"] },
    { source: "{% unless a.b %}x{% endunless %}", uses: ["a.b?"] },
    { source: "{% case a.b %}{% when 'x' %}{{ a.b }}{% endcase %}", uses: ["a.b?", "a.b?"] },
    { source: "{% for tag in dialog.tags %}{{ tag.name }}{{ forloop.index }}{% endfor %}", uses: ["dialog.tags?"] },
    { source: "{% assign t = customer.id %}{{ t }}", uses: ["customer.id"] },
    { source: "{% capture t %}{{ customer.id }}{% endcapture %}{{ t }}", uses: ["customer.id"] },
    { source: "{{ orders[0].number }} {{ a['b c'] }}", uses: ["orders.0.number", "a.b c"] },
    { source: "{{ hours[x.y].open }}", uses: ["x.y", "hours"] },
    { source: "{% raw %}{{ a.b }}{% endraw %}", uses: [] },
    { source: "{{ true }}{{ 5 }}{{ nil }}{{ 'a' }}", uses: [] },
  ])("$source reads $uses", ({ source, uses }) => {
    expect(checkTemplate(source).faults).toEqual([]);
    expect(used(source)).toEqual(uses);
  });

  it("tells where", () => {
    expect(checkTemplate("Hi {{ a.b }},\n  {{ 'x' | append: c }}").uses).toEqual([
      { path: "a.b", guarded: false, line: 1, column: 7 },
      { path: "c", guarded: false, line: 2, column: 20 },
    ]);
  });
});

describe("checkTemplate: faults", () => {
  it.each([
    { source: "Hi {{ a", at: "1:4+4", cause: "{{ is never closed.", fix: "add }}" },
    { source: "{% if a", at: "1:1+7", cause: "{% is never closed.", fix: "add %}" },
    { source: "{% if a %}x", at: "1:1+10", cause: "{% if %} is never closed.", fix: "add {% endif %}" },
    { source: "{{ }}", at: "1:4+1", cause: "There is nothing between {{ and }}.", fix: undefined },
    { source: "{{ a | upcas }}", at: "1:8+5", cause: 'I do not know the filter "upcas".', fix: "did you mean upcase?" },
    {
      source: "{{ a | where_exp: 'x', 'y' }}",
      at: "1:8+9",
      cause: 'I do not know the filter "where_exp".',
      fix: undefined,
    },
    {
      source: "{{ a | sample }}",
      at: "1:8+6",
      cause: 'I do not know the filter "sample".',
      fix: undefined,
    },
    { source: "{{ a | constructor }}", at: "1:8+11", cause: 'I do not know the filter "constructor".', fix: undefined },
    {
      source: "{% unles a %}{% endunless %}",
      at: "1:1+13",
      cause: 'The tag "unles" cannot be used here.',
      fix: "did you mean unless?",
    },
    {
      source: "{{ a there }}",
      at: "1:6+5",
      cause: "Nothing joins there to what stands before it.",
      fix: 'put "or" before it, or text into quotes: "there"',
    },
    {
      source: "{{ a or “there” }}",
      at: "1:9+1",
      cause: "There are curly quotes inside a template.",
      fix: 'use straight quotes: "there"',
    },
    {
      source: "\n {{ now | date: '%5000000d' }}",
      at: "2:11+4",
      cause: '"%5000000d" makes a date too wide.',
      fix: "for example: %A %H:%M, or %d %B %Y",
    },
    {
      source: "{{ now | date: '%Q' }}",
      at: "1:10+4",
      cause: 'I do not know "%Q" in a date.',
      fix: "for example: %A %H:%M, or %d %B %Y",
    },
    {
      source: "{{ now | date: '%H', 'Mars/X' }}",
      at: "1:10+4",
      cause: 'There is no time zone "Mars/X".',
      fix: "for example: Europe/Madrid",
    },
    {
      source: `{{ a }}${"x".repeat(20_000)}`,
      at: "1:1+20007",
      cause: "This text is longer than 20000 characters.",
      fix: undefined,
    },
  ])("$source: $cause", ({ source, at, cause, fix }) => {
    const faults = checkTemplate(source).faults.map((fault) => ({
      at: `${fault.line}:${fault.column}+${fault.length}`,
      cause: fault.cause.en,
      fix: fault.fix?.en,
    }));
    expect(faults).toEqual([{ at, cause, fix }]);
  });

  it.each(["include 'a'", "render 'a'", "layout 'a'", "block a", "tablerow a in b", "increment a", "decrement a"])(
    "refuses {% %s %}",
    (tag) => {
      expect(checkTemplate(`{% ${tag} %}`).faults.map(({ code }) => code)).toEqual(["template-tag"]);
    },
  );

  it("finds several at once", () => {
    expect(
      checkTemplate("{{ a | nope }} {{ b | nada }} {{ c d }}")
        .faults.map(({ code }) => code)
        .sort(),
    ).toEqual(["template-filter", "template-filter", "template-stray"]);
  });

  it("keeps curly quotes inside straight ones and outside of marks", () => {
    expect(checkTemplate('“Hi” {{ a or "“you”" }}').faults).toEqual([]);
  });

  it("never throws on any text", () => {
    const piece = fc.constantFrom(
      "{{",
      "}}",
      "{%",
      "%}",
      "if",
      "for",
      "a.b",
      " ",
      "|",
      "'",
      '"',
      "or",
      "[",
      "]",
      "\n",
      ":",
    );
    fc.assert(
      fc.property(fc.string({ unit: piece }), (source) => {
        const { uses, faults } = checkTemplate(source);
        for (const { line, column } of [...uses, ...faults]) expect(Math.min(line, column)).toBeGreaterThanOrEqual(1);
      }),
    );
  });
});
