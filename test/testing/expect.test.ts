import { describe, expect, it } from "vitest";
import { failureOf, testOf, whyFails } from "./rehearsal.ts";

/** What each word of `expect:` takes and refuses. */
const MET: readonly (readonly [steps: string, expected: string])[] = [
  ["customer: delivery", "{fired: Delivery}"],
  ["customer: delivery", "{fired: [Delivery], not_fired: [Refund, Once]}"],
  ["customer: nothing", "{not_fired: {Delivery: when, Refund: when}}"],
  ["customer: delivery", "{reply: We deliver in 1-3 days.}"],
  ["customer: delivery", "{reply: [We deliver in 1-3 days.]}"],
  ["customer: nothing", "{reply: []}"],
  ["customer: a map", '{reply: ["[image] Here we are", "[product] Kettle"]}'],
  ["customer: delivery", "{reply_has: [WE DELIVER, 3 days]}"],
  ["customer: a refund", "{note_has: asks for}"],
  ["customer: delivery", "{buttons: [Madrid, Another city]}"],
  ["customer: once", "{buttons: []}"],
  ["customer: a refund", "{assigned: Anna Petrova, assigned_team: sales, tagged: refund}"],
  ["customer: a refund", "{assigned: yes}"],
  ["customer: delivery", "{assigned: no, tagged: [], closed: no}"],
  ["customer: bye", "{closed: yes}"],
  ["customer: delivery", "{set: {dialog.topic: delivery, chat.nothing: null}}"],
  ["customer: later", "{no_actions: yes}"],
  ["customer: shadow", "{not_fired: {Would be: shadow}, no_actions: yes}"],
];

const UNMET: readonly (readonly [steps: string, expected: string, why: string])[] = [
  ["customer: nothing", "{fired: Delivery}", 'the rule "Delivery" was to act, and did not: when.'],
  ["customer: delivery", "{not_fired: Delivery}", 'the rule "Delivery" was not to act, and did.'],
  [
    "customer: nothing",
    "{not_fired: {Refund: assigned}}",
    'the rule "Refund" was not to act because of assigned, and did not because of when.',
  ],
  [
    "customer: delivery",
    "{reply: Hello}",
    'the customer was to be told "Hello", and was told "We deliver in 1-3 days.".',
  ],
  ["customer: delivery", "{reply: []}", 'the customer was to be told nothing, and was told "We deliver in 1-3 days.".'],
  ["customer: nothing", "{reply: Hello}", 'the customer was to be told "Hello", and was told nothing.'],
  [
    "customer: delivery",
    "{reply_has: [days, weeks]}",
    'the customer was to be told something with "weeks" in it, and was told "We deliver in 1-3 days.".',
  ],
  [
    "customer: delivery",
    "{note_has: days}",
    'the staff was to be told something with "days" in it, and was told nothing.',
  ],
  ["customer: delivery", "{buttons: [Madrid]}", 'the buttons were to be "Madrid", and were "Madrid", "Another city".'],
  ["customer: a refund", "{assigned: no}", "the dialog was to be with nobody, and is with Anna Petrova."],
  [
    "customer: a refund",
    "{assigned: Ivan Sidorov}",
    "the dialog was to be with Ivan Sidorov, and is with Anna Petrova.",
  ],
  ["customer: delivery", "{assigned: yes}", "the dialog was to be with somebody, and is with nobody."],
  ["customer: delivery", "{assigned_team: sales}", 'the team of the dialog was to be "sales", and is none.'],
  ["customer: a refund", "{tagged: [refund, vip]}", 'the tags were to be "refund", "vip", and are "refund".'],
  ["customer: a refund", "{tagged: []}", 'the tags were to be nothing, and are "refund".'],
  ["customer: delivery", "{closed: yes}", "the dialog was to be closed, and is open."],
  ["customer: bye", "{closed: no}", "the dialog was to be open, and is closed."],
  ["customer: delivery", "{set: {dialog.topic: 3}}", 'dialog.topic was to be 3, and is "delivery".'],
  ["customer: delivery", "{no_actions: yes}", "the bot was to do nothing, and did something."],
];

describe("expect", () => {
  it.each(MET)("after %s is met by %s", async (step, expected) => {
    expect(await whyFails([step, `expect: ${expected}`])).toBe(null);
  });

  it.each(UNMET)("after %s is not met by %s", async (step, expected, why) => {
    expect(await whyFails([step, `expect: ${expected}`])).toBe(why);
  });

  it("looks at what happened since the one before, and several in a row at the same", async () => {
    const steps = ["customer: delivery", "expect: {fired: Delivery}", "expect: {reply_has: days}", "customer: nothing"];
    expect(await whyFails([...steps, "expect: {no_actions: yes, set: {dialog.topic: delivery}}"])).toBe(null);
  });

  it("sees why a rule is held back: once, by a condition, by an earlier answer, by too many answers", async () => {
    expect(
      await whyFails([
        "customer: once",
        "expect: {fired: Once}",
        "customer: once",
        "expect: {not_fired: {Once: once}}",
      ]),
    ).toBe(null);
    expect(
      await whyFails([
        "customer: refund",
        "expect: {fired: Refund}",
        "customer: refund",
        "expect: {not_fired: {Refund: assigned}}",
      ]),
    ).toBe(null);
    expect(await whyFails(["customer: delivery once", "expect: {not_fired: {Once: slot}}"])).toBe(null);
    const many = Array.from({ length: 5 }, () => "customer: delivery");
    expect(
      await whyFails([
        ...many,
        "expect: {fired: Delivery}",
        "customer: delivery",
        "expect: {not_fired: {Delivery: capped}}",
      ]),
    ).toBe(null);
  });

  it("tells numbered lists apart as buttons where a messenger has none", async () => {
    const steps = ["customer: delivery", "expect: {buttons: [Madrid, Another city], reply_has: 1. Madrid}"];
    expect(await whyFails(steps, ["channel: whatsapp"])).toBe(null);
  });
});

describe("a failure", () => {
  it("has its test, its step and the place of the very word that is not met", async () => {
    const failure = await failureOf(testOf(["customer: delivery", "expect: {reply_has: [days, weeks]}"]));
    expect(failure).toMatchObject({ test: "A test", step: 2 });
    expect(failure?.issue).toMatchObject({
      place: { file: "rules/a.test.yaml", line: 5, column: 36 },
      length: 5,
      severity: "fault",
    });
    expect(failure?.issue.cause.en).toMatch(/^"A test", step 2: the customer was to be told/u);
  });

  it("tells what happened instead, and why actions did nothing", async () => {
    const failure = await failureOf(
      testOf(["manager: I am here", "customer: refund, delivery", "expect: {reply_has: 1-3}"]),
    );
    expect(failure?.happened.map(({ en }) => en)).toEqual([
      'the rule "Delivery" acted (bot.config.yaml:8)',
      '  its "reply" in line 11: one of your people has written, so the bot is silent (bot.quiet_after_manager)',
      'the rule "Refund" acted (bot.config.yaml:14)',
      'assignDialogResponsible {"dialog_id":7701,"user_id":12}',
      'dialogAddTags {"dialog_id":7701,"tags":[{"name":"refund"}]}',
      "to the staff: Asks for a refund.",
    ]);
  });

  it("tells of a service that the test does not name", async () => {
    const failure = await failureOf(testOf(["customer: stock?", "expect: {reply: 3 left.}"]));
    expect(failure?.happened.map(({ en }) => en)).toContain(
      "GET https://stock.example/stock%3F has no answer in this test",
    );
  });

  it("says so in three languages", async () => {
    const failure = await failureOf(testOf(["customer: nothing", "expect: {fired: Delivery}"]));
    expect(failure?.issue.cause).toEqual({
      en: '"A test", step 2: the rule "Delivery" was to act, and did not: when.',
      es: '"A test", paso 2: la regla "Delivery" tenía que actuar, y no lo hizo: when.',
      ru: '"A test", шаг 2: правило "Delivery" должно было сработать, но не сработало: when.',
    });
    expect(failure?.happened).toEqual([{ en: "nothing happened", es: "no pasó nada", ru: "ничего не произошло" }]);
  });
});
