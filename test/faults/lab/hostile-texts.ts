import type { Random } from "./random.ts";

/** Each would come back changed if anything evaluated it. */
export const MARKERS = [
  "{{ 7 | times: 7 }}",
  "{{7*7}}",
  "{% assign x = 49 %}{{ x }}",
  "{% for i in (1..99999999) %}x{% endfor %}",
  "{% include 'package.json' %}",
  "{{ event }}",
  "{{ customer.phone }}",
  `\${CRM_API_KEY}`,
  "#{7*7}",
  "<%= 7*7 %>",
];
const OBJECTS = [
  '{"__proto__": {"polluted": true}}',
  "__proto__",
  "constructor.prototype.polluted",
  '{"var": "constructor"}',
  "toString",
  "hasOwnProperty",
];
const MARKUP = [
  "<script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "&lt;b&gt; &amp; &#39;",
  "'; DROP TABLE inbox; --",
  "../../../../etc/passwd",
  "\u0000\u0001\u0002 NUL",
  "line\r\nX-Injected: yes",
  "\\u0000 \\x00 %00 %s %n %d",
];
const ODD = [
  "\u202Eright to left\u202C",
  "\u200B\u200C\u200D\uFEFF",
  "Z\u0336a\u0335l\u0337g\u0338o\u0334".repeat(40),
  "\ud83d lone surrogate \udc00",
  "ﷺ".repeat(200),
  "İıſK ẞß",
  "e\u0301".repeat(500),
  "👩‍👩‍👧‍👦".repeat(50),
  "   \t\n  ",
  "０１２３ ٠١٢٣ 一二三",
];

/** Strings on which a backtracking matcher, or one without a bound, takes for ever. */
const SLOW = [
  (n: number) => `${"a".repeat(n)}!`,
  (n: number) => `${"a ".repeat(n)}b`,
  (n: number) => `${"ab".repeat(n)}c`,
  (n: number) => `${"1,".repeat(n)}x`,
  (n: number) => `${"(".repeat(n)}`,
  (n: number) => `${" ".repeat(n)}x`,
  (n: number) => `${"\u0301".repeat(n)}a`,
  (n: number) => `${"😀".repeat(n)}`,
];
const LENGTHS = [10, 100, 1_000, 4_096, 10_000];
const LONGEST = 64 * 1024;

/** So many texts of the kinds that break programs, in an order that the seed decides. */
export function hostileTexts(random: Random, count: number): readonly string[] {
  const small = [...MARKERS, ...OBJECTS, ...MARKUP, ...ODD];
  return Array.from({ length: count }, (_, at) => {
    const roll = random.next();
    if (at === 0) return "x".repeat(LONGEST);
    if (roll < 0.35) return random.pick(small);
    if (roll < 0.7) return `${random.pick(small)} ${random.pick(small)} ${random.whole(0, 999_999)}`;
    return random.pick(SLOW)(random.pick(LENGTHS)).slice(0, LONGEST);
  });
}
