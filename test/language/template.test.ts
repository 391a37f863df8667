import fc from "fast-check";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { evaluateTemplate, renderTemplate, TemplateError } from "../../src/language/template/template.ts";
import type { JsonObject } from "../../src/types/json.ts";
import { hostileTexts } from "./hostile.ts";

const reader = { language: "en", timezone: "Europe/Madrid" };
const view: JsonObject = {
  now: "2026-11-20T11:55:00Z",
  customer: { first_name: "", last_name: null, nick: "Mar" },
  dialog: { tags: ["vip", "new"], count: 0, first: true, assigned: false },
  manager: { id: 1, name: "Anna Petrova" },
  event: { list: [{ n: 1 }, { n: 2 }] },
};

const render = (source: string) => renderTemplate(source, view, reader);

describe("renderTemplate", () => {
  it.each([
    { source: "No marks, }} left alone", text: "No marks, }} left alone" },
    { source: 'Hello {{ customer.first_name or "there" }}!', text: "Hello there!" },
    { source: 'Hello {{ customer.nick or "there" }}!', text: "Hello Mar!" },
    { source: "{{ customer.last_name or customer.first_name or customer.nick }}", text: "Mar" },
    { source: '{{ dialog.assigned or "free" }}', text: "free" },
    { source: '{{ dialog.count or "none" }}', text: "0" },
    { source: '{{ customer.last_name or "ana" | upcase }}', text: "ANA" },
    { source: "[{{ customer.last_name or customer.first_name }}]", text: "[]" },
    { source: "{% if customer.first_name or customer.last_name %}yes{% else %}no{% endif %}", text: "no" },
    { source: "{% if customer.nick and dialog.first %}yes{% endif %}", text: "yes" },
    { source: "[{{ nobody.at.all }}]", text: "[]" },
    { source: "[{{ customer.last_name.deeper }}]", text: "[]" },
    { source: "{{ dialog.tags }}", text: "vip, new" },
    { source: "{{ dialog.tags | join: '+' }}", text: "vip+new" },
    { source: "{{ dialog.tags.size }} {{ dialog.tags.first }} {{ event.list[1].n }}", text: "2 vip 2" },
    { source: "{{ event.list | map: 'n' | join: ', ' }}", text: "1, 2" },
    // A shop's own name that is not stored yet, not the count of what is.
    { source: '{{ customer.size or "unknown" }}', text: "unknown" },
    { source: "[{{ manager.size }}{{ event.list[0].size }}]", text: "[]" },
    { source: "{% for tag in dialog.tags %}#{{ tag }} {% endfor %}", text: "#vip #new " },
    { source: "{{ manager }}", text: "Anna Petrova" },
    { source: "[{{ customer }}]", text: "[]" },
    { source: "{{ dialog.first }}", text: "true" },
    { source: "[{{ 1 | divided_by: 0 }}]", text: "[]" },
    {
      source: "[{{ constructor }}{{ customer.constructor }}{{ customer.nick.constructor }}{{ __proto__ }}]",
      text: "[]",
    },
    { source: "[{{ customer.toString }}{{ dialog.tags.toString }}]", text: "[]" },
    { source: "{{ '%' | url_encode }}", text: "%25" },
  ])("$source gives $text", ({ source, text }) => {
    expect(render(source)).toBe(text);
  });

  it("leaves what rules see as it was", () => {
    const before = structuredClone(view);
    render("{% assign customer = 'x' %}{% capture now %}y{% endcapture %}{{ customer }}{{ now }}");
    expect(view).toEqual(before);
  });

  it("never reads a customer's text as a template", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("{{", "}}", "{%", "%}", " ", "now", "raw", "|", "é", "$&") }),
        (said) => {
          expect(renderTemplate("<{{ message.text }}>", { ...view, message: { text: said } }, reader)).toBe(
            `<${said}>`,
          );
        },
      ),
    );
  });

  it.each(hostileTexts.filter(({ text }) => text.length < 20_000))("puts in $what as it is", ({ text }) => {
    const seen = { ...view, message: { text } };
    expect(renderTemplate("{{ message.text }}", seen, reader)).toBe(text);
    expect(renderTemplate("{% assign a = message.text %}{{ a | append: '' }}", seen, reader)).toBe(text);
  });

  it.each([
    { source: "{% for i in (1..100000000) %}x{% endfor %}", why: "memory alloc limit exceeded" },
    { source: "{% for i in (1..30000) %}x{% endfor %}", why: "it is longer than 20000 characters" },
    {
      source: "{% assign a = 'xx' %}{% for i in (1..99) %}{% assign a = a | append: a %}{% endfor %}",
      why: "memory alloc limit exceeded",
    },
    { source: "{{ now | date: '%5000000d' }}", why: 'the date format "%5000000d" is too wide' },
    { source: "{% include 'package.json' %}", why: 'tag "include" not found' },
    { source: "{{ 'a' | where_exp: 'x', 'x' }}", why: "undefined filter: where_exp" },
  ])("stops $source", ({ source, why }) => {
    expect(() => render(source)).toThrow(new TemplateError(`the text could not be made: ${why}`));
  });

  it("stops loops that show nothing", () => {
    const list = Array.from({ length: 1000 }, (_item, index) => index);
    const loops = "{% for a in list %}{% for b in list %}{% for c in list %}{% endfor %}{% endfor %}{% endfor %}";
    expect(() => renderTemplate(loops, { list }, reader)).toThrow(TemplateError);
  });

  it("makes a text however long the machine was busy with other things meanwhile", () => {
    // Each look at the clock finds an hour gone.
    let hours = 0;
    onTestFinished(() => void vi.restoreAllMocks());
    vi.spyOn(performance, "now").mockImplementation(() => {
      hours += 1;
      return hours * 3_600_000;
    });
    expect(render("{{ customer.nick }} {% if dialog.first %}{{ dialog.count }}{% endif %}")).toBe("Mar 0");
  });

  it("stops at 20,000 characters of a customer's text", () => {
    expect(() => renderTemplate("{{ text }}", { text: "a".repeat(20_001) }, reader)).toThrow(TemplateError);
    expect(renderTemplate("{{ text }}", { text: "a".repeat(20_000) }, reader)).toHaveLength(20_000);
  });
});

describe("date", () => {
  it.each([
    { format: "%A %H:%M", language: "en", text: "Friday 12:55" },
    { format: "%A %H:%M", language: "es", text: "viernes 12:55" },
    { format: "%A %H:%M", language: "ru", text: "пятница 12:55" },
    { format: "%d %B", language: "es", text: "20 noviembre" },
    { format: "%d %B", language: "ru", text: "20 ноября" },
    { format: "%B %Y", language: "ru", text: "ноябрь 2026" },
    { format: "%-e.%m.%y", language: "ru", text: "20.11.26" },
    { format: "%I:%M %p", language: "en", text: "12:55 PM" },
    { format: "%F %T %z", language: "en", text: "2026-11-20 12:55:00 +0100" },
    { format: "%j %u %V %s", language: "en", text: "324 5 47 1795175700" },
    { format: "%^a %5d %_5d 100%%", language: "en", text: "FRI 00020    20 100%" },
    { format: "%A", language: "es_MX", text: "viernes" },
    { format: "%A", language: "!!", text: "Friday" },
  ])("$format in $language is $text", ({ format, language, text }) => {
    expect(renderTemplate(`{{ now | date: '${format}' }}`, view, { ...reader, language })).toBe(text);
  });

  it.each([
    { source: "{{ 'now' | date: '%H:%M' }}", text: "12:55" },
    { source: "{{ now | date: '%H:%M', 'Asia/Tokyo' }}", text: "20:55" },
    { source: "{{ 1700000000 | date: '%F' }}", text: "2023-11-14" },
    { source: "{{ 'tomorrow' | date: '%F' }}", text: "tomorrow" },
    { source: "[{{ nothing | date: '%F' }}]", text: "[]" },
  ])("$source gives $text", ({ source, text }) => {
    expect(render(source)).toBe(text);
  });
});

describe("evaluateTemplate", () => {
  it.each([
    { source: "{{ dialog.count | plus: 1 }}", value: 1 },
    { source: "{{ 9 | divided_by: 8.0 }}", value: 1.125 },
    { source: "{{ dialog.first }}", value: true },
    { source: "{{ dialog.tags }}", value: ["vip", "new"] },
    { source: "{% if dialog.first %}{{ dialog.count }}{% endif %}", value: 0 },
    { source: "{{ customer.nick }}", value: "Mar" },
    { source: "{{ customer.last_name }}", value: "" },
    { source: "{{ 1 | divided_by: 0 }}", value: "" },
    { source: "{{ dialog.count }} times", value: "0 times" },
    { source: "{{ dialog.count }}{{ dialog.count }}", value: "00" },
    { source: "{% assign n = 3 %}{{ n }}", value: 3 },
    { source: "{{ event.list }}", value: ", " },
    { source: "{{ manager }}", value: "Anna Petrova" },
    { source: "no template", value: "no template" },
  ])("gives for $source the value itself, where it is all there is: $value", ({ source, value }) => {
    expect(evaluateTemplate(source, view, reader)).toEqual(value);
  });

  it("has the same limits as a text", () => {
    expect(() => evaluateTemplate("{% for i in (1..99999999) %}{{ i }}{% endfor %}", view, reader)).toThrow(
      TemplateError,
    );
  });
});
