import { describe, expect, it } from "vitest";
import { evaluate } from "../../src/language/logic/condition.ts";
import type { Rule } from "../../src/types/rule.ts";
import { compile, rulesOf, ruleWith } from "./source.ts";

function said(...texts: readonly string[]): readonly string[] {
  return compile(...texts).said.map((line) => line.replace("bot.config.yaml:", ""));
}

function onlyRule(text: string): Rule {
  const [rule] = rulesOf(text);
  if (!rule) throw new Error("no rule");
  return rule;
}

const office = 'hours: {office: {mon-fri: "09:00-18:00"}}\n';
const isOffice = "if: {open: office}";

describe("a rule for a silence", () => {
  it.each([
    { when: "{manager_silent: 10m}", on: "manager_silent", silence: { ms: 600_000, hours: null } },
    { when: "{customer_silent: 1d}", on: "customer_silent", silence: { ms: 86_400_000, hours: null } },
    {
      when: "{manager_silent: 1h30m, count_time: office}",
      on: "manager_silent",
      silence: { ms: 5_400_000, hours: "office" },
    },
    { when: "{message: any}", on: "message", silence: null },
  ])("$when listens to $on", ({ when, on, silence }) => {
    const text = `${office}${ruleWith(when, "[{note: x}]", isOffice)}`;
    expect(onlyRule(text)).toMatchObject({ on, silence, firstWords: null, pattern: null });
  });

  it.each([
    {
      when: "{manager_silent: soon}",
      says: [
        'fault 4:28 "soon" is not a length of time. | write whole numbers with s, m, h or d, such as 90s, 10m, 1h30m, 2d (at most 365d)',
      ],
    },
    {
      when: "{customer_silent: 1d, count_time: ofice}",
      says: ['fault 4:45 There are no hours "ofice". | did you mean office?'],
    },
    {
      when: "{customer_silent: 1d, count_time: Office}", // names of hours are taken letter for letter
      says: ['fault 4:45 There are no hours "Office". | did you mean office?'],
    },
    {
      when: "{manager_silent: 1h, from: anyone, scope: public, first: true}",
      says: [
        'fault 4:32 "from" means nothing beside "manager_silent". | remove it',
        'fault 4:46 "scope" means nothing beside "manager_silent". | remove it',
        'fault 4:61 "first" means nothing beside "manager_silent". | remove it',
      ],
    },
    {
      when: "{dialog: opened, count_time: office}",
      says: ['fault 4:28 "count_time" means nothing beside "dialog: opened". | remove it'],
    },
    { when: "{manager_silent: 1h, channel: Shop, channel_type: telegram}", says: [] },
  ])("$when says $says", ({ when, says }) => {
    expect(said(`${office}${ruleWith(when, "[{note: x}]", isOffice)}`)).toEqual(says);
  });

  it("has no message to read, but a manager who is certainly there", () => {
    const text = "{{ manager.name }} {{ previous.manager.name }} {{ message.text }}";
    expect(said(ruleWith("{manager_silent: 10m}", `[{note: "${text}"}]`))).toEqual([
      'fault 4:68 A rule for "manager_silent" can\'t read "message.text". | read another name, or move this to a rule for another event',
    ]);
  });
});

describe("hours", () => {
  it("of all files are in the rulebook, by name", () => {
    const other = "hours: {account: crm, café: {daily: 08:00-24:00, closed: 12-25}}";
    const { rulebook } = compile(`${office}${ruleWith("{message: any}")}`, other);
    expect(rulebook?.hours).toEqual({
      office: {
        timezone: null,
        week: Object.fromEntries([1, 2, 3, 4, 5].map((day) => [day, [{ fromMinute: 540, toMinute: 1080 }]])),
        dates: {},
      },
      account: "crm",
      café: {
        timezone: null,
        week: Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((day) => [day, [{ fromMinute: 480, toMinute: 1440 }]])),
        dates: { "12-25": [] },
      },
    });
  });

  it.each([
    {
      hours: "{mon: '09:00-13:00, 12:00-18:00'}",
      says: 'fault 2:17 In "09:00-13:00, 12:00-18:00" 12:00-18:00 begins before the one before it has ended.',
    },
    { hours: "{mon: '09:00-18:00', lunes: '1:00-2:00'}", says: 'fault 2:32 I do not know the day "lunes".' },
    { hours: "{daily: '09:00-18:00', closed: [x]}", says: 'fault 2:43 "x" is not a date.' },
    {
      hours: "{daily: '09:00-18:00', closed: 2026-02-30}",
      says: "fault 2:42 There is no day 2026-02-30 in the calendar.",
    },
    { hours: "{daily: '09:00-18:00', timezone: Mars}", says: 'fault 2:44 There is no time zone "Mars".' },
    { hours: "{closed: ['12-25']}", says: "fault 2:3 These hours have no open day." },
  ])("that can't be are shown where they stand: $hours", ({ hours, says }) => {
    const lines = said(`hours:\n  office: ${hours}\n${ruleWith("{message: any}", "[{note: x}]", isOffice)}`);
    expect(lines.map((line) => line.split(" |")[0])).toEqual([says]);
  });

  it("of one name in two files are a fault", () => {
    expect(said(`${office}${ruleWith("{message: any}", "[{note: x}]", isOffice)}`, "hours: {office: crm}")).toEqual([
      'fault rules/1.yaml:1:9 The hours "office" are already described (1). | keep one of the two',
    ]);
  });

  it.each([
    { condition: "{open: office}", open: true, closed: false, unknown: false },
    { condition: "{closed: office}", open: false, closed: true, unknown: false },
    { condition: "{not: {open: office}}", open: false, closed: true, unknown: true },
  ])("$condition holds when they are so", ({ condition, ...expected }) => {
    const rule = onlyRule(`${office}${ruleWith("{message: any}", "[{note: x}]", `if: ${condition}`)}`);
    const [part] = rule.parts.filter(({ from }) => from === "if");
    const holds = (open: boolean | null) => evaluate(part?.logic ?? null, { hours: { office: { open } } });
    expect({ open: holds(true), closed: holds(false), unknown: holds(null) }).toEqual(expected);
  });

  it.each([
    { condition: "{open: ofice}", column: 16 },
    { condition: "{any: [{tag: x}, {not: {closed: ofice}}]}", column: 41 },
  ])("that are not there are a fault: $condition", ({ condition, column }) => {
    const text = `${office}${ruleWith("{message: any}", "[{note: x, if: {open: office}}]", `if: ${condition}`)}`;
    expect(said(text)).toEqual([`fault 6:${column} There are no hours "ofice". | did you mean office?`]);
  });

  it.each([
    { text: "{{ hours.office.next_open }}", says: [] },
    {
      text: "{{ hours.office.closes_at }}",
      says: [
        'warning 5:21 "hours.office.closes_at" may be empty. | say what to write then: {{ hours.office.closes_at or "..." }}',
      ],
    },
    { text: "{{ hours.office.closes_at or 1 }}{% if hours.office.open %}x{% endif %}", says: [] },
    {
      text: "{{ hours.office.next }}",
      says: [
        'fault 5:21 A rule for "message" can\'t read "hours.office.next". | known here: open, next_open, closes_at',
      ],
    },
    { text: "{{ hours.ofice.open }}", says: ['fault 5:21 There are no hours "ofice". | did you mean office?'] },
    {
      text: "{{ hours.office }}",
      says: [
        'warning 5:21 "hours.office" is a group of names and has no text of its own. | name one of them: hours.office.open',
      ],
    },
  ])("are read in texts: $text says $says", ({ text, says }) => {
    expect(said(`${office}${ruleWith("{message: any}", `[{note: "${text}"}]`, isOffice)}`)).toEqual(says);
  });

  it.each([{ hours: "crm" }, { hours: "{daily: '00:00-24:00'}" }])(
    "that may never open anew are warned of: $hours",
    ({ hours }) => {
      const rule = ruleWith("{message: any}", '[{note: "{{ hours.office.next_open }}"}]');
      expect(said(`hours: {office: ${hours}}\n${rule}`)).toHaveLength(1);
    },
  );

  it("are known outside of chats too", () => {
    const actions = "[{bot_api: {operation: listBots}, if: {open: office}}]";
    expect(said(`${office}${ruleWith("{manager: online}", actions)}`)).toEqual([]);
  });
});

describe("a question", () => {
  it("keeps its branch, and its answer is there for the rest of the rule", () => {
    const actions =
      '[{ask: Where to?, save: dialog.city, no_answer: {after: 15m, do: [{assign: Anna}]}}, {note: "{{ answer }} {{ dialog.city }}"}]';
    const rule = onlyRule(ruleWith("{message: any}", actions));
    expect(rule.lane).toBe("answer");
    expect(rule.do[0]).toMatchObject({
      args: { expect: "text", save: "dialog.city", times: 2, afterMs: 900_000 },
      branches: { no_answer: [{ action: "assign", place: { line: 4 } }] },
    });
  });

  it("may wait for ever", () => {
    expect(said(ruleWith("{message: any}", "[{ask: Where to?}]"))).toEqual([]);
  });

  it.each([
    {
      actions: '[{note: "{{ answer }}"}]',
      says: ['fault 4:21 "answer" is filled by ask, which this rule does not have. | put ask: before it'],
    },
    {
      actions: "[{note: x, if: {known: answer}}]",
      says: ['fault 4:32 "answer" is filled by ask, which this rule does not have. | put ask: before it'],
    },
    {
      actions: "[{ask: x, expect: choice}]",
      says: ['fault 4:27 "expect: choice" needs the answers to choose from. | add choices: with the answers below it'],
    },
    { actions: "[{ask: x, choices: [a, b]}]", says: [] },
    { actions: "[{ask: x, expect: choice, choices: [a, b]}]", says: [] },
    {
      actions: "[{ask: x, save: customer.phone}]",
      says: [
        'fault 4:25 "customer.phone" comes from the service and can\'t be set. | choose another name, such as customer.own_phone',
      ],
    },
    {
      actions: "[{ask: x, retry: {say: '{{ nobody }}'}}]",
      says: [
        'fault 4:36 A rule for "message" can\'t read "nobody". | read another name, or move this to a rule for another event',
      ],
    },
    {
      actions: "[{ask: x, no_answer: {after: 10x}}]",
      says: [
        'fault 4:38 "10x" is not a length of time. | write whole numbers with s, m, h or d, such as 90s, 10m, 1h30m, 2d (at most 365d)',
      ],
    },
  ])("$actions says $says", ({ actions, says }) => {
    expect(said(ruleWith("{message: any}", actions))).toEqual(says);
  });

  const fault = (event: string) =>
    `"ask" waits for a customer's answer, but "${event}" is the staff's doing. | ask in a rule for a customer's message`;

  it.each([
    { when: "{command: price}", says: [`fault 5:19 ${fault("command")}`] },
    { when: "{manager: joined}", says: [`fault 5:19 ${fault("manager: joined")}`] },
    { when: "{manager: left}", says: [`fault 5:19 ${fault("manager: left")}`] },
    { when: "{message: any, from: manager}", says: [`fault 5:19 ${fault("from: manager")}`] },
    { when: "{dialog: assigned}", says: [] },
    { when: "{manager_silent: 5m}", says: [] },
    { when: "{event: chat_created}", says: [] },
  ])("in a rule for $when says $says", ({ when, says }) => {
    const lines = said(
      `commands: {price: Prices}\n${ruleWith(when, "[{tag: x}, {ask: x}]".replace("{tag: x}, ", ""))}`,
    );
    expect(lines.filter((line) => line.startsWith("fault")).map((line) => line.replace(/:\d+ /, ":19 "))).toEqual(says);
  });
});

describe("own texts and words", () => {
  it("are in the rulebook", () => {
    const text = `cancel_words: [basta, "08"]\ntexts: {cancelled: {en: Fine., es: Vale.}}`;
    expect(compile(text).rulebook).toMatchObject({
      cancelWords: ["basta", "08"],
      texts: { cancelled: { any: null, byLanguage: { en: "Fine.", es: "Vale." } } },
    });
    expect(compile("version: 1").rulebook).toMatchObject({ cancelWords: [], texts: {} });
  });

  it.each([
    { text: "cancel_words: stop", says: [] },
    {
      text: 'cancel_words: [stop, "!"]',
      says: [
        'fault 1:22 "!" has no words in it, so no message can have it. | punctuation is ignored here; message_matches can look for it',
      ],
    },
    {
      text: 'texts: {cancelled: "Bye, {{ custmer.first_name }}"}',
      says: ['fault 1:29 A rule for "message" can\'t read "custmer.first_name". | did you mean customer.first_name?'],
    },
    {
      text: "texts: {canceled: x}",
      says: ['warning 1:9 The bot never says a text "canceled". | did you mean cancelled?'],
    },
    { text: "texts: {welcome: x}", says: ['warning 1:9 The bot never says a text "welcome".'] },
  ])("$text says $says", ({ text, says }) => {
    expect(said(text)).toEqual(says);
  });

  it("of one name in two files are a fault", () => {
    expect(said("texts: {cancelled: x}", "texts: {cancelled: y}")).toEqual([
      'fault rules/1.yaml:1:9 The text "cancelled" is already given (1). | keep only one of them',
    ]);
  });
});

describe("the agreed example of hours, flows and silences", () => {
  it("is taken without a word", () => {
    const { said, rulebook } = compile(`version: 1
hours:
  office: {mon-fri: "09:00-13:00, 14:00-18:00", sat: "10:00-15:00", closed: ["2027-01-01"]}
teams:
  sales: {people: [Anna Petrova, ivan@shop.example], max_open: 8}
  leads: {crm_group: team-leads}
rules:
  - rule: Order status
    when: {message_has: [my order, order status, где заказ]}
    do:
      - run: Which order
      - note: Order {{ dialog.order_number }} of {{ dialog.order_phone }}
  - rule: Out of hours
    when: {message: any}
    if: {closed: office}
    again_after: 8h
    continue: true
    do:
      - reply: "We are closed and open again {{ hours.office.next_open | date: '%A %H:%M' }}."
  - rule: Manager silent for 10 minutes
    when: {manager_silent: 10m, count_time: office}
    if:
      logic: {"!=": [{var: dialog.team}, leads]}
    do:
      - assign: leads
      - note: "Escalated: {{ previous.manager.name }} did not reply in 10 minutes."
flows:
  - flow: Which order
    do:
      - ask: Which order number?
        expect: order_number
        save: dialog.order_number
      - ask: And the phone number it was placed with?
        expect: phone
        save: dialog.order_phone
        retry: {times: 2, say: Please type it like +34 600 123 456}
        no_answer:
          after: 15m
          do:
            - assign: sales
`);
    expect(said).toEqual([]);
    expect(rulebook?.rules.map(({ name, lane }) => `${name}: ${lane}`)).toEqual([
      "Order status: answer",
      "Out of hours: answer",
      "Manager silent for 10 minutes: silent",
    ]);
  });
});
