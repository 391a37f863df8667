import { describe, expect, it } from "vitest";
import { compile } from "../source.ts";

interface Written {
  readonly when: string;
  readonly do?: string;
  readonly more?: string;
}

/** Two rules, A above B; what is said about B. */
function about(a: Written, b: Written, head = ""): readonly string[] {
  const rule = (name: string, { when, do: actions = "[{reply: x}]", more = "" }: Written) =>
    `  - {rule: ${name}, when: ${when}, do: ${actions}${more && `, ${more}`}}\n`;
  return compile(`rules:\n${rule("A", a)}${rule("B", b)}${head}`).said.map((line) =>
    line.replace(/^warning bot.config.yaml:3:\d+ /, ""),
  );
}

const never =
  '"B" can never answer: "A" (bot.config.yaml:2) always answers first. | put this rule above it, or write continue: yes there';
const same = '"B" and "A" (bot.config.yaml:2) wait for the very same thing. | make one rule of the two';

describe("a rule below one that always answers", () => {
  it.each([
    { a: "{message: any}", b: "{message_has: delivery}" },
    { a: "{message: any}", b: "{message: any}" },
    { a: "{message: image}", b: "{message: image, channel_type: telegram}" },
    { a: "{message_has: [pay, delivery]}", b: "{message_has: [Delivery time, PAY]}" },
    { a: "{message_has: deliver*}", b: "{message_has: [delivery, deliveries, deliver*]}" },
    { a: "{message_has: [the deliver*]}", b: "{message_has: [when is the delivery]}" },
    { a: "{message_has: delivery}", b: "{message_is: [free delivery]}" },
    { a: "{message_is: [hi, hello]}", b: "{message_is: Hello!}" },
    { a: "{message_matches: a+}", b: "{message_matches: a+, first: true}" },
    { a: "{dialog: opened}", b: "{dialog: opened, channel: Shop}" },
    { a: "{message: any, from: anyone}", b: "{message_has: delivery, from: manager}", says: 2 },
    { a: "{message_has: delivery, channel: [A, B]}", b: "{message_has: delivery, channel: B}" },
  ])("never answers: $b below $a", ({ a, b }) => {
    expect(about({ when: a }, { when: b })).toContain(never);
  });

  it.each([
    { a: "{message_has: delivery}", b: "{message: any}" },
    { a: "{message_has: delivery time}", b: "{message_has: delivery}" },
    { a: "{message_has: delivery}", b: "{message_has: deliver*}" },
    { a: "{message_has: delivery}", b: "{message_has: [delivery, pay]}" },
    { a: "{message_is: delivery}", b: "{message_has: delivery}" },
    { a: "{message: image}", b: "{message: file}" },
    { a: "{message: text}", b: "{message_matches: a+}" },
    { a: "{message: any}", b: "{message_has: delivery, from: manager}" },
    { a: "{message: any, first: true}", b: "{message: any}" },
    { a: "{message: any, scope: private}", b: "{message: any}" },
    { a: "{message: any, channel: A}", b: "{message: any, channel: [A, B]}" },
    { a: "{message: any, channel_type: telegram}", b: "{message: any}" },
    { a: "{message: any}", b: "{dialog: opened}" },
    { a: "{dialog: opened}", b: "{dialog: closed}" },
    { a: "{event: chat_created}", b: "{event: chat_updated}" },
  ])("may answer: $b below $a", ({ a, b }) => {
    expect(about({ when: a }, { when: b })).toEqual([]);
  });

  it.each([
    { more: "continue: true" },
    { more: "once_per: dialog" },
    { more: "again_after: 8h" },
    { more: "mode: shadow" },
    { more: "if: {assigned: false}" },
  ])("may answer when that one has $more", ({ more }) => {
    expect(about({ when: "{message: any}", more }, { when: "{message_has: delivery}" })).toEqual([]);
  });

  it.each([
    { b: { when: "{message_has: delivery}", more: "even_with_manager: true" }, says: [] },
    { b: { when: "{message_has: delivery}", do: "[{tag: x}]" }, says: [] },
    { b: { when: "{message_has: delivery}", more: "mode: shadow" }, says: [] },
    { b: { when: "{message_has: delivery}", more: "if: {assigned: false}" }, says: [never] },
    { b: { when: "{message_has: delivery}", more: "once_per: day" }, says: [never] },
  ])("with $b says $says", ({ b, says }) => {
    expect(about({ when: "{message: any}" }, b)).toEqual(says);
  });

  it("never answers under the same conditions, in whatever order they are written", () => {
    const a = { when: "{message: any}", more: "if: {assigned: false, tag: vip}" };
    const b = { when: "{message_has: x}", more: "if: {tag: vip, assigned: false}" };
    expect(about(a, b)).toEqual([never]);
    expect(about(a, { ...b, more: "if: {tag: vip}" })).toEqual([]);
  });

  it("may answer when that one is switched off or only notes something", () => {
    expect(about({ when: "{message: any}", more: "enabled: false" }, { when: "{message: any}" })).toEqual([]);
    expect(about({ when: "{message: any}", do: "[{note: x}]" }, { when: "{message: any}" })).toEqual([]);
  });
});

describe("two rules with the same match", () => {
  it.each([
    {
      a: { when: "{message_has: [a, B]}", do: "[{tag: x}]" },
      b: { when: "{message_has: [b, a]}", do: "[{note: x}]" },
      says: [same],
    },
    { a: { when: "{message: any}", more: "continue: true" }, b: { when: "{message: any}" }, says: [same] },
    { a: { when: "{message: any}", do: "[{tag: x}]" }, b: { when: "{message: any}" }, says: [] },
    {
      a: { when: "{message: any}", do: "[{tag: x}]", more: "once_per: day" },
      b: { when: "{message: any}", do: "[{tag: y}]" },
      says: [],
    },
    { a: { when: "{message: any}", do: "[{tag: x}]" }, b: { when: "{message_is: hi}", do: "[{tag: y}]" }, says: [] },
    { a: { when: "{manager_silent: 5m}" }, b: { when: "{manager_silent: 5m}" }, says: [same] },
    { a: { when: "{manager_silent: 5m}" }, b: { when: "{manager_silent: 10m}" }, says: [] },
    { a: { when: "{manager_silent: 60s}" }, b: { when: "{manager_silent: 1m}" }, says: [same] },
    { a: { when: "{manager_silent: 5m}" }, b: { when: "{manager_silent: 5m, count_time: office}" }, says: [] },
    { a: { when: "{manager_silent: 5m}" }, b: { when: "{manager_silent: 5m, channel: Shop}" }, says: [] },
  ])("$a and $b say $says", ({ a, b, says }) => {
    const head = b.when.includes("office") ? "hours: {office: crm}" : "";
    expect(about(a, b, head)).toEqual(says);
  });
});

describe("with very many rules", () => {
  it("each is compared with the few that may cover it", () => {
    const rules = Array.from(
      { length: 3000 },
      (_, index) => `  - {rule: r${index}, when: {message_has: [order w${index}, w${index}x]}, do: [{reply: x}]}`,
    );
    const text = `rules:\n${rules.join("\n")}\n  - {rule: last, when: {message_has: [my order w7 now, w7x]}, do: [{reply: x}]}\n`;
    expect(compile(text).said).toEqual([
      'warning bot.config.yaml:3002:18 "last" can never answer: "r7" (bot.config.yaml:9) always answers first. | put this rule above it, or write continue: yes there',
    ]);
  });
});
