import type { Failure } from "../../src/testing/failure.ts";
import { playTest } from "../../src/testing/play.ts";
import { type ReadTests, readTests } from "../../src/testing/read-tests.ts";
import type { Rulebook } from "../../src/types/rule.ts";
import { rulebook } from "../engine/world.ts";

const FILE = "rules/a.test.yaml";

/** Rules that say and do a little of everything. */
export const SHOP: Rulebook = rulebook(
  `
- rule: Delivery
  when: {message_has: delivery}
  do:
    - reply: We deliver in 1-3 days.
      buttons: [Madrid, Another city]
    - set: {dialog.topic: delivery}
- rule: Refund
  when: {message_has: refund}
  if: {assigned: false}
  do:
    - assign: sales
    - tag: [refund]
    - note: Asks for a refund.
- rule: Once
  when: {message_has: once}
  once_per: chat
  do: [{reply: Only once.}]
- rule: Later
  when: {message_has: later}
  do: [{wait: 10m}, {reply: Ten minutes are over.}]
- rule: Bye
  when: {message_has: bye}
  do: [{close: true}]
- rule: Photo
  when: {message: image}
  do: [{reply: Nice!}]
- rule: Picture
  when: {message_has: map}
  do:
    - send_image: https://shop.example/map.png
      caption: Here we are
    - send_product: {id: 1, name: Kettle}
- rule: Would be
  when: {message_has: shadow}
  mode: shadow
  do: [{note: never}]
- rule: Asked by command
  when: {command: ways}
  do: [{reply: Courier.}]
- rule: Stock
  when: {message_has: stock}
  do:
    - http: {url: "https://stock.example/{{ message.text | url_encode }}", save: stock}
      ok: [{reply: "{{ stock.count }} left."}]
      failed: [{reply: Nobody knows.}]
- rule: Order
  when: {message_has: order}
  do:
    - look_up: order
      found: [{reply: "{{ order.number }} is {{ order.status.name or 'new' }}."}]
      not_found: [{reply: No order.}]
`,
  `teams:
  sales: {people: [Anna Petrova, Ivan Sidorov], max_open: 2}
commands:
  ways: Ways of delivery`,
);

/** One test around its steps (flow style, a line each), and whatever else stands beside them. */
export function testOf(steps: readonly string[], beside: readonly string[] = []): string {
  const head = beside.map((line) => `    ${line}\n`).join("");
  return `tests:\n  - test: A test\n${head}    steps:\n${steps.map((step) => `      - ${step}\n`).join("")}`;
}

export const read = (text: string, rules = SHOP): ReadTests => readTests({ file: FILE, text }, rules);

/** Faults of a file of tests, in one line each. */
export function faultsIn(text: string): readonly string[] {
  return read(text).issues.map(
    ({ place, cause, fix }) => `${place.line}:${place.column} ${cause.en}${fix === null ? "" : ` | ${fix.en}`}`,
  );
}

/** Plays the one test of a text. Throws when it has a fault. */
export async function failureOf(text: string, rules = SHOP): Promise<Failure | null> {
  const { tests, issues } = read(text, rules);
  const [test] = tests;
  if (test === undefined) throw new Error(issues.map(({ cause }) => cause.en).join("\n"));
  return (await playTest(test, rules)).failure;
}

/** Why the one test of these steps fails, in English, without the test's name; null: it does not. */
export async function whyFails(steps: readonly string[], beside: readonly string[] = []): Promise<string | null> {
  const failure = await failureOf(testOf(steps, beside));
  return failure === null ? null : failure.issue.cause.en.replace(/^"A test"(, step \d+)?: /u, "");
}
