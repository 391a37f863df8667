import { describe, expect, it } from "vitest";
import { compile, ruleWith } from "./source.ts";

/** What is said about a file, faults and warnings alike; places are cut down to line and column. */
function said(...texts: readonly string[]): readonly string[] {
  return compile(...texts).said.map((line) => line.replace("bot.config.yaml:", ""));
}

const twoRules = (first: string, second: string) => `rules:
  - ${first}
    when: {message_is: one}
    do: [{note: x}]
  - ${second}
    when: {message_is: two}
    do: [{note: x}]
`;

describe("names of rules", () => {
  it.each([
    {
      rules: ["rule: Hello", "rule: hello "],
      says: ['fault 5:11 Another rule is already called "hello" (bot.config.yaml:2). | give this one another name'],
    },
    {
      rules: [
        "{rule: Hello, id: a, when: {message_is: x}, do: []}\n  - rule: Other",
        "{rule: Bye, id: a, when: {message_is: y}, do: []}\n  - rule: More",
      ],
      says: ['fault 6:21 Another rule already has the id "a" (bot.config.yaml:2). | give this one another id'],
    },
    {
      rules: ["rule: Hello", "{rule: Bye, id: Hello, when: {message_is: y}, do: []}\n  - rule: More"],
      says: ['fault 5:21 Another rule already has the id "Hello" (bot.config.yaml:2). | give this one another id'],
    },
    {
      rules: ["rule: Hello", "rule: Hello"], // one fault, not a second one for the id that follows from the name
      says: ['fault 5:11 Another rule is already called "Hello" (bot.config.yaml:2). | give this one another name'],
    },
    { rules: ["rule: Hello", "rule: Bye"], says: [] },
  ])("of $rules say $says", ({ rules: [first = "", second = ""], says }) => {
    expect(said(twoRules(first, second)).filter((line) => line.startsWith("fault"))).toEqual(says);
  });

  it("are compared across files, and the first one's file is named", () => {
    const other = "rules:\n  - rule: A\n    when: {message_is: other}\n    do: [{note: x}]\n";
    expect(said(ruleWith("{message: any}"), other)).toEqual([
      'fault rules/1.yaml:2:11 Another rule is already called "A" (2). | give this one another name',
    ]);
  });
});

describe("a match", () => {
  it.each([
    {
      when: '{message_has: [delivery, "!!!"]}',
      says: [
        'fault 3:36 "!!!" has no words in it, so no message can have it. | punctuation is ignored here; message_matches can look for it',
      ],
    },
    {
      when: '{message_is: "?"}',
      says: [
        'fault 3:24 "?" has no words in it, so no message can have it. | punctuation is ignored here; message_matches can look for it',
      ],
    },
    { when: "{command: prices}", says: ['fault 3:21 There is no command "prices". | declare it under commands:'] },
    { when: '{message_matches: "(a"}', says: ["fault 3:29 A bracket ( is never closed in this pattern."] },
    {
      when: "{dialog: opened, from: customer}",
      says: ['fault 3:28 "from" means nothing beside "dialog: opened". | remove it'],
    },
    {
      when: "{dialog: closed, first: true}",
      says: ['fault 3:28 "first" means nothing beside "dialog: closed". | remove it'],
    },
    {
      when: "{manager: joined, first: true}",
      says: ['fault 3:29 "first" means nothing beside "manager: joined". | remove it'],
    },
    {
      when: "{reply_failed: any, scope: public}",
      says: ['fault 3:31 "scope" means nothing beside "reply_failed". | remove it'],
    },
    { when: "{message: any, first: true}", says: [] },
    {
      when: "{message_is: hi, first: true, from: manager}",
      says: [
        'fault 3:28 "first" is about a customer\'s first message, so it never holds with "from: manager". | remove one of the two',
      ],
    },
    { when: "{event: message_updated, from: anyone, scope: private}", says: [] },
    {
      when: "{event: user_updated, channel: Shop}",
      says: [
        'fault 3:33 "channel" needs a chat, and "event: user_updated" happens outside of chats. | remove it, or choose another event in when:',
        'fault 4:11 "note" needs a chat, and "event: user_updated" happens outside of chats. | remove it, or choose another event in when:',
      ],
    },
  ])("$when says $says", ({ when, says }) => {
    expect(said(ruleWith(when))).toEqual(says);
  });

  it("of an undeclared command suggests the declared one that is near", () => {
    const text = `commands: {delivery: Ways}\n${ruleWith("{command: delivry}")}`;
    expect(said(text)).toEqual(['fault 4:21 There is no command "delivry". | did you mean delivery?']);
  });

  it("with a faulty pattern does not call its groups unknown too", () => {
    const text = ruleWith('{message_matches: "(?P<zz>x"}', '[{note: "{{ match.zz }}"}]');
    expect(said(text)).toEqual(["fault 3:29 A bracket ( is never closed in this pattern."]);
  });
});

describe("where there is no chat", () => {
  const outside = "happens outside of chats. | remove it, or choose another event in when:";

  it.each([
    { event: "manager: online", key: "manager: online" },
    { event: "manager: offline", key: "manager: offline" },
    { event: "event: user_updated", key: "event: user_updated" },
    { event: "event: user_online_updated", key: "event: user_online_updated" },
    { event: "event: customer_updated", key: "event: customer_updated" },
    { event: "event: bot_updated", key: "event: bot_updated" },
    { event: "event: channel_updated", key: "event: channel_updated" },
    { event: "event: chats_deleted", key: "event: chats_deleted" },
  ])("($event) nothing can be said, nested or not", ({ event, key }) => {
    const actions = "[{choose: [{do: [{reply: Hi}]}]}]";
    expect(said(ruleWith(`{${event}}`, actions))).toEqual([`fault 4:27 "reply" needs a chat, and "${key}" ${outside}`]);
  });

  it.each(["manager: joined", "event: chat_created", "event: dialog_assign", "dialog: closed", "reply_failed: any"])(
    "is not so for %s",
    (event) => {
      expect(said(ruleWith(`{${event}}`, "[{note: Hi}]"))).toEqual([]);
    },
  );

  it.each([
    { more: "once_per: dialog", says: [`fault 5:5 "once_per" needs a chat, and "manager: online" ${outside}`] },
    { more: "again_after: 1h", says: [`fault 5:5 "again_after" needs a chat, and "manager: online" ${outside}`] },
  ])("$more has nowhere to be kept", ({ more, says }) => {
    const actions = "[{bot_api: {operation: listBots}}]";
    expect(said(ruleWith("{manager: online}", actions, more))).toEqual(says);
  });

  it("a customer may still be known: then their values can be set, once for each customer", () => {
    const text = ruleWith("{event: customer_updated}", "[{set: {customer.seen: 1}}]", "once_per: customer");
    expect(said(text)).toEqual([]);
  });
});

describe("teams", () => {
  it.each([
    {
      text: "teams:\n  sales: {max_open: 3}",
      says: [
        'fault 2:3 Nobody is in the team "sales". | add people: or crm_group:',
        'warning 2:3 No rule uses the team "sales".',
      ],
    },
    {
      text: "teams:\n  sales: {people: []}",
      says: ['fault 2:3 Nobody is in the team "sales". | add people: or crm_group:'],
    },
    {
      text: "teams:\n  sales: {people: Anna}\n  Sales: {crm_group: x}",
      says: ['fault 3:3 The team "Sales" is already described (bot.config.yaml:2). | keep one of the two'],
    },
  ])("$text says $says", ({ text, says }) => {
    expect(said(text)).toEqual(says.filter((line) => line.startsWith("fault")));
  });

  it("of two files may not have one name either", () => {
    const other = "teams:\n  sales: {crm_group: x}";
    expect(said("teams:\n  sales: {people: Anna}", other)).toEqual([
      'fault rules/1.yaml:2:3 The team "sales" is already described (2). | keep one of the two',
    ]);
  });

  it.each([
    {
      to: "sale",
      says: [
        'warning 5:19 There is no team "sale", so it is read as the name of a person or a bot. | did you mean the team sales?',
      ],
    },
    { to: "Anna", says: [] },
    { to: "Sales", says: [] },
    { to: "Olga Ruiz", says: [] },
  ])("assigned as $to say $says", ({ to, says }) => {
    const text = `teams: {sales: {people: [Anna]}, anne: {people: [sales]}}\n${ruleWith("{message: any}", `[{assign: ${to}}, {assign: anne}, {assign: sales}]`)}`;
    expect(said(text)).toEqual(says);
  });
});

describe("durations", () => {
  const fix = "write whole numbers with s, m, h or d, such as 90s, 10m, 1h30m, 2d (at most 365d)";

  it.each([
    { text: "bot: {quiet_after_manager: soon}", says: `fault 1:28 "soon" is not a length of time. | ${fix}` },
    { text: "bot: {answer_within: 1.5h}", says: `fault 1:22 "1.5h" is not a length of time. | ${fix}` },
    {
      text: ruleWith("{message: any}", "[{note: x}]", "again_after: 10"),
      says: `fault 5:18 "10" is not a length of time. | ${fix}`,
    },
    {
      text: ruleWith("{message: any}", "[{mute: 2 hours}]"),
      says: `fault 4:17 "2 hours" is not a length of time. | ${fix}`,
    },
  ])("$text is refused", ({ text, says }) => {
    expect(said(text)).toEqual([says]);
  });
});

describe("conditions", () => {
  it.each([
    { condition: "{tags: vip}", says: ['fault 5:10 I do not know the condition "tags". | did you mean tag?'] },
    {
      condition: "{known: customer.phon}",
      says: ['fault 5:17 No rule stores "customer.phon". | did you mean customer.phone?'],
    },
    {
      condition: "{missing: [customer.phone, dialog.topic]}",
      says: ['fault 5:36 No rule stores "dialog.topic". | store it with set: in some rule'],
    },
    {
      condition: "{is: {custmer.phone: 1}}",
      says: ['fault 5:15 A rule for "message" can\'t read "custmer.phone". | did you mean customer.phone?'],
    },
    {
      condition: "{any: [{more_than: {order.total: 5}}]}",
      says: [
        'fault 5:29 "order.total" is filled by look_up, which this rule does not do. | put look_up: order before it',
      ],
    },
    {
      condition: '{logic: {"==": [{var: dialog.tean}, x]}}',
      says: ['fault 5:31 No rule stores "dialog.tean". | did you mean dialog.team?'],
    },
    {
      condition: '{logic: {"=": [1, 1]}}',
      says: ['fault 5:18 I do not know the operator "=". | did you mean ==?'],
    },
    { condition: "{is: {message.text: hi, event.message.id: 5, channel.type: telegram}}", says: [] },
  ])("$condition says $says", ({ condition, says }) => {
    expect(said(ruleWith("{message: any}", "[{note: x}]", `if: ${condition}`))).toEqual(says);
  });

  it("of an action and of an entry of choose are checked in the same way", () => {
    const actions = "[{note: x, if: {known: custmer}}, {choose: [{if: {tags: a}, do: [{note: y}]}]}]";
    expect(said(ruleWith("{message: any}", actions))).toEqual([
      'fault 4:32 A rule for "message" can\'t read "custmer". | did you mean customer?',
      'fault 4:59 I do not know the condition "tags". | did you mean tag?',
    ]);
  });

  it("about what the event does not have name the short key", () => {
    const text = ruleWith("{manager: online}", "[{bot_api: {operation: listBots}}]", "if: {assigned: true}");
    expect(said(text)).toEqual([
      'fault 5:10 A rule for "manager: online" can\'t read "dialog.assigned". | read another name, or move this to a rule for another event',
    ]);
  });
});

describe("texts", () => {
  it.each([
    {
      text: "Hi {{ custmer.first_name }}",
      says: ['fault 4:24 A rule for "message" can\'t read "custmer.first_name". | did you mean customer.first_name?'],
    },
    {
      text: "Hi {{ customer.first_name }}",
      says: [
        'warning 4:24 "customer.first_name" may be empty. | say what to write then: {{ customer.first_name or "..." }}',
      ],
    },
    { text: "Hi {{ customer.first_name or 'you' }}", says: [] },
    { text: "Hi {{ customer.first_name | default: 'you' }}", says: [] },
    { text: "{% if customer.phone %}{{ customer.phone }}{% endif %}", says: [] },
    {
      text: "{{ customer }}",
      says: ['warning 4:21 "customer" is a group of names and has no text of its own. | name one of them: customer.id'],
    },
    { text: "{{ message.text }} {{ message.text.size }} {{ bot.name }}", says: [] },
    {
      text: "{{ message.text.words }}",
      says: [
        'fault 4:21 A rule for "message" can\'t read "message.text.words". | read another name, or move this to a rule for another event',
      ],
    },
    { text: "{{ event.anything.at.all }}", says: [] },
    {
      text: "{{ dialog.topic }}",
      says: ['fault 4:21 No rule stores "dialog.topic". | store it with set: in some rule'],
    },
    {
      text: "{{ command.args }}",
      says: [
        'fault 4:21 A rule for "message" can\'t read "command.args". | read another name, or move this to a rule for another event',
      ],
    },
    {
      text: "{{ match.number }}",
      says: [
        'fault 4:21 "match.number" is filled by message_matches, which this rule does not have. | write message_matches: in when:, with a group such as (?P<number>[0-9]+)',
      ],
    },
    {
      text: "{{ message.text | upcas }}",
      says: ['fault 4:36 I do not know the filter "upcas". | did you mean upcase?'],
    },
    { text: "{{ message.text", says: ["fault 4:18 {{ is never closed. | add }}"] },
  ])("$text says $says", ({ text, says }) => {
    expect(said(ruleWith("{message: any}", `[{note: "${text}"}]`))).toEqual(says);
  });

  it("by language are checked each", () => {
    const actions = "[{reply: {en: 'Hi {{ a }}', ru: 'Привет {{ b }}'}}]";
    expect(said(ruleWith("{message: any}", actions))).toEqual([
      'fault 4:30 A rule for "message" can\'t read "a". | read another name, or move this to a rule for another event',
      'fault 4:52 A rule for "message" can\'t read "b". | read another name, or move this to a rule for another event',
    ]);
  });

  it("over several lines are shown as a whole, each fault once", () => {
    const text = ruleWith("{message: any}", "\n      - note: |\n          One\n          {{ nobody }}, {{ nobody }}");
    expect(said(text)).toEqual([
      'fault 5:15 A rule for "message" can\'t read "nobody". | read another name, or move this to a rule for another event',
    ]);
  });

  it.each([
    { text: "{{ match.number }}", says: [] },
    {
      text: "{{ match.numbr }}",
      says: ['fault 4:21 The pattern has no group named "numbr". | did you mean match.number?'],
    },
    {
      text: "{{ match.colour }}",
      says: ['fault 4:21 The pattern has no group named "colour". | name it in the pattern: (?P<colour>...)'],
    },
  ])("read the groups of the rule's pattern: $text", ({ text, says }) => {
    expect(said(ruleWith('{message_matches: "(?P<number>[0-9]+)"}', `[{note: "${text}"}]`))).toEqual(says);
  });

  it("may be empty where they are data", () => {
    expect(said(ruleWith("{message: any}", '[{set: {dialog.phone: "{{ customer.phone }}"}}]'))).toEqual([]);
  });
});

describe("stored names", () => {
  const storing = (reading: string) => `rules:
  - rule: A
    when: {message_is: a}
    do: [{choose: [{do: [{set: {dialog.topic: x}}]}]}]
  - rule: B
    when: {message_is: b}
    do: [{note: "${reading}"}]
`;

  it.each([
    { reading: "{{ dialog.topic or 'none' }}", says: [] },
    {
      reading: "{{ dialog.topic }}",
      says: ['warning 7:21 "dialog.topic" may be empty. | say what to write then: {{ dialog.topic or "..." }}'],
    },
    { reading: "{{ dialog.topik }}", says: ['fault 7:21 No rule stores "dialog.topik". | did you mean dialog.topic?'] },
    {
      reading: "{{ chat.topic or 1 }}",
      says: ['fault 7:21 No rule stores "chat.topic". | store it with set: in some rule'],
    },
    {
      reading: "{{ manager.topic or 1 }}",
      says: ['fault 7:21 A rule for "message" can\'t read "manager.topic". | known here: id, name, online'],
    },
  ])("are known to all rules: $reading", ({ reading, says }) => {
    expect(said(storing(reading))).toEqual(says);
  });

  it("are taken as there in the rule that sets them", () => {
    const actions = '[{set: {dialog.topic: x}}, {note: "{{ dialog.topic }}"}]';
    expect(said(ruleWith("{message: any}", actions))).toEqual([]);
  });

  it("can't be those that the service fills", () => {
    expect(said(ruleWith("{message: any}", "[{set: {customer.phone: 1, dialog.tags: x, chat.seen: 2}}]"))).toEqual([
      'fault 4:17 "customer.phone" comes from the service and can\'t be set. | choose another name, such as customer.own_phone',
      'fault 4:36 "dialog.tags" comes from the service and can\'t be set. | choose another name, such as dialog.own_tags',
    ]);
  });
});
