import { describe, expect, it } from "vitest";
import { compile, ruleWith } from "../source.ts";

/** What is said about one rule, without the file's name. */
function said(when: string, actions = "[{note: x}]", more = ""): readonly string[] {
  return compile(ruleWith(when, actions, more)).said.map((line) => line.replace("bot.config.yaml:", ""));
}

describe("a rule that can go round in circles", () => {
  const bots =
    'warning 3:5 "A" answers other bots, and two bots can keep each other talking. | write from: customer, or limit it with again_after:';
  const itself = (action: string, event: string) =>
    `warning 3:5 "A" can start itself again: "${action}" leads to "${event}". | limit it with once_per:, again_after: or an if: about the dialog`;

  it.each([
    { when: "{message: any, from: anyone}", actions: "[{reply: x}]", says: [bots] },
    { when: "{message_is: ping, from: bot}", actions: "[{choose: [{do: [{reply: x}]}]}]", says: [bots] },
    { when: "{message: any, from: bot}", actions: "[{note: x}]", says: [] },
    { when: "{message: any, from: manager}", actions: "[{reply: x}]", says: [] },
    { when: "{event: message_new, from: anyone}", actions: "[{reply: x}]", says: [bots] },
    { when: "{dialog: assigned}", actions: "[{assign: Anna}]", says: [itself("assign", "dialog: assigned")] },
    { when: "{event: dialog_assign}", actions: "[{assign: Anna}]", says: [itself("assign", "event: dialog_assign")] },
    {
      when: "{dialog: closed}",
      actions: "[{choose: [{do: [{open_dialog: true}]}]}]",
      says: [itself("open_dialog", "dialog: closed")],
    },
    {
      when: "{event: dialog_opened}",
      actions: "[{open_dialog: true}]",
      says: [itself("open_dialog", "event: dialog_opened")],
    },
    { when: "{reply_failed: any}", actions: "[{reply: x}]", says: [itself("reply", "reply_failed")] },
    {
      when: "{event: message_updated, from: anyone}",
      actions: "[{edit: x}]",
      says: [itself("edit", "event: message_updated")],
    },
    {
      when: "{event: message_deleted, from: anyone}",
      actions: "[{delete: true}]",
      says: [itself("delete", "event: message_deleted")],
    },
    { when: "{dialog: opened}", actions: "[{assign: Anna}, {reply: x}]", says: [] },
    { when: "{dialog: closed}", actions: "[{tag: x}]", says: [] },
    { when: "{reply_failed: any}", actions: "[{note: x}]", says: [] },
    { when: "{reply_failed: any}", actions: "[{ask: x}]", says: [itself("ask", "reply_failed")] },
    { when: "{customer_silent: 1h}", actions: "[{reply: x}]", says: [itself("reply", "customer_silent")] },
    { when: "{customer_silent: 1h}", actions: "[{ask: x}]", says: [itself("ask", "customer_silent")] },
    { when: "{customer_silent: 1h}", actions: "[{note: x}, {close: true}]", says: [] },
    { when: "{manager_silent: 1h}", actions: "[{reply: x}, {assign: Anna}]", says: [] },
  ])("$when with $actions says $says", ({ when, actions, says }) => {
    expect(said(when, actions)).toEqual(says);
  });

  it.each(["once_per: dialog", "again_after: 1h", "if: {assigned: false}", "if: {not: {tag: done}}"])(
    "stops at %s",
    (more) => {
      expect(said("{dialog: assigned}", "[{assign: Anna}]", more)).toEqual([]);
    },
  );

  it("does not stop at a condition that the circle never changes", () => {
    expect(said("{dialog: assigned}", "[{assign: Anna}]", "if: {channel: Shop}")).toEqual([
      itself("assign", "dialog: assigned"),
    ]);
  });

  it("is found through the flows it runs", () => {
    const text = `${ruleWith("{customer_silent: 1h}", "[{run: F}]")}flows: [{flow: F, do: [{reply: x}]}]`;
    expect(compile(text).said.map((line) => line.replace("bot.config.yaml:", ""))).toEqual([
      itself("reply", "customer_silent"),
    ]);
  });

  it("stops at the action's own condition", () => {
    expect(said("{dialog: assigned}", "[{assign: Anna, if: {assigned: false}}]")).toEqual([]);
  });
});

describe("a button", () => {
  const nobody = 'warning 6:30 No rule answers the button "My order". | add a rule with message_is: and this title';
  const file = (handler: string) => `rules:
  - rule: Menu
    when: {message_is: menu}
    do:
      - reply: Choose
        buttons: [Delivery*, My order]
  - {rule: Delivery, when: {message_is: delivery}, do: [{note: x}]}
  - ${handler}
`;

  it.each([
    { handler: "{rule: B, when: {message_is: [my, order]}, do: [{note: x}]}", says: [nobody] },
    { handler: "{rule: B, when: {message_has: orders}, do: [{note: x}]}", says: [nobody] },
    { handler: "{rule: B, when: {message_has: my order, from: manager}, do: [{note: x}]}", says: [nobody] },
    { handler: "{rule: B, when: {message_has: my order, first: true}, do: [{note: x}]}", says: [nobody] },
    { handler: "{rule: B, when: {message_has: my order}, enabled: false, do: [{note: x}]}", says: [nobody] },
    { handler: "{rule: B, when: {message: image}, do: [{note: x}]}", says: [nobody] },
    { handler: "{rule: B, when: {message_is: MY ORDER}, do: [{note: x}]}", says: [] },
    { handler: "{rule: B, when: {message_has: order*}, do: [{note: x}]}", says: [] },
    { handler: "{rule: B, when: {message_matches: '^my'}, do: [{note: x}]}", says: [] },
    { handler: "{rule: B, when: {message: any, from: anyone}, do: [{note: x}]}", says: [] },
    { handler: "{rule: B, when: {message: text}, do: [{note: x}]}", says: [] },
    { handler: "{rule: B, when: {event: message_new}, do: [{note: x}]}", says: [] },
  ])("with $handler says $says", ({ handler, says }) => {
    expect(compile(file(handler)).said.map((line) => line.replace("bot.config.yaml:", ""))).toEqual(says);
  });

  it("is found in nested actions, and judged when it is made of plain text", () => {
    const actions = '[{choose: [{do: [{reply: x, buttons: [Yes, "{{ bot.name }}"]}]}]}]';
    expect(said("{message_is: menu}", actions)).toEqual([
      'warning 4:47 No rule answers the button "Yes". | add a rule with message_is: and this title',
    ]);
  });

  it("is looked for in flows, and is no button where it answers a question", () => {
    const flow = "flows: [{flow: F, do: [{reply: x, buttons: [Yes]}, {ask: x, choices: [No]}]}]";
    expect(compile(`${ruleWith("{message_is: menu}", "[{run: F}]")}${flow}`).said).toEqual([
      'warning bot.config.yaml:5:45 No rule answers the button "Yes". | add a rule with message_is: and this title',
    ]);
  });

  it("is not shown to managers", () => {
    expect(said("{message_is: menu}", "[{reply: x, to: managers, buttons: [Yes]}]")).toEqual([]);
  });
});

describe("a channel that can't show it", () => {
  const actions = "[{reply: x, buttons: [menu]}, {edit: y}]";
  const list = (type: string) => `warning 4:21 ${type} shows no buttons: customers get a numbered list.`;
  const edit = (type: string) =>
    `warning 4:40 ${type} can't change a message that was sent, so "edit" does nothing there. | send a new reply:`;

  it.each([
    { when: "{message_is: menu, channel_type: avito}", says: [list("avito"), edit("avito")] },
    { when: "{message_is: menu, channel_type: [ozon, wildberries]}", says: [list("ozon"), edit("ozon")] },
    { when: "{message_is: menu, channel_type: [ozon, telegram]}", says: [] },
    { when: "{message_is: menu, channel_type: telegram}", says: [] },
    { when: "{message_is: menu}", says: [] },
  ])("$when says $says", ({ when, says }) => {
    expect(said(when, actions)).toEqual(says);
  });

  it("can't show what to choose from either", () => {
    expect(said("{message_is: menu, channel_type: ozon}", "[{ask: x, choices: [a]}]")).toEqual([
      "warning 4:19 ozon shows no buttons: customers get a numbered list.",
    ]);
  });

  it("may be named in the condition", () => {
    expect(said("{message_is: menu}", actions, "if: {channel_type: wildberries}")).toEqual([
      list("wildberries"),
      edit("wildberries"),
    ]);
  });
});

describe("what nothing uses", () => {
  const unused = 'warning bot.config.yaml:1:9 No rule uses the team "sales".';

  it.each([
    { rule: ruleWith("{message: any}"), says: [unused] },
    { rule: ruleWith("{message: any}", "[{assign: Anna, nobody: [{assign: Sales}]}]"), says: [] },
    { rule: ruleWith("{message: any}", "[{note: x}]", "if: {assigned: [sales]}"), says: [] },
    { rule: ruleWith("{message: any}", "[{note: x}]", 'if: {logic: {"==": [{var: dialog.team}, sales]}}'), says: [] },
    { rule: ruleWith("{message: any}", "[{assign: sales}]", "enabled: false"), says: [] },
  ])("a team: $rule", ({ rule, says }) => {
    expect(compile(`teams: {sales: {people: Anna}}\n${rule}`).said).toEqual(says);
  });

  it.each([
    {
      rule: ruleWith("{message: any}"),
      says: [
        'warning bot.config.yaml:1:12 No rule answers the command "prices". | add a rule with when: {command: prices}, or remove it',
      ],
    },
    { rule: ruleWith("{command: prices}"), says: [] },
  ])("a command: $rule", ({ rule, says }) => {
    expect(compile(`commands: {prices: All prices}\n${rule}`).said).toEqual(says);
  });

  it("a team is not, where a flow names it", () => {
    const flow = "flows: [{flow: F, do: [{assign: sales}]}]";
    const text = `teams: {sales: {people: Anna}}\n${ruleWith("{message: any}", "[{run: F}]")}${flow}`;
    expect(compile(text).said).toEqual([]);
  });

  const unusedFlow = (line: number, name: string) =>
    `warning bot.config.yaml:${line}:12 No rule runs the flow "${name}".`;

  it.each([
    { actions: "[{note: x}]", says: [unusedFlow(6, "A"), unusedFlow(7, "B")] },
    { actions: "[{run: b}]", says: [unusedFlow(6, "A")] },
    { actions: "[{assign: Anna, nobody: [{run: A}]}]", says: [] },
    { actions: "[{ask: x, no_answer: {do: [{run: A}]}}]", says: [] },
  ])("a flow: $actions", ({ actions, says }) => {
    const flows = "flows:\n  - {flow: A, do: [{run: B}]}\n  - {flow: B, do: [{note: x}]}\n";
    expect(compile(`${ruleWith("{message: any}", actions)}${flows}`).said).toEqual(says);
  });

  const unusedHours = 'warning bot.config.yaml:1:9 No rule uses the hours "office".';

  it.each([
    { rule: ruleWith("{message: any}"), says: [unusedHours] },
    { rule: ruleWith("{message_has: office}", "[{tag: office}]"), says: [unusedHours] },
    { rule: ruleWith("{message: any}", "[{note: x}]", "if: {any: [{closed: office}]}"), says: [] },
    { rule: ruleWith("{manager_silent: 5m, count_time: office}"), says: [] },
    { rule: ruleWith("{message: any}", "[{note: '{{ hours.office.closes_at or 1 }}'}]"), says: [] },
    { rule: ruleWith("{message: any}", "[{note: x}]", "if: {is: {hours.office.open: true}}"), says: [] },
    { rule: ruleWith("{message: any}", "[{note: x}]", "if: {open: office}\n    enabled: false"), says: [] },
    {
      rule: `${ruleWith("{message: any}", "[{run: F}]")}flows: [{flow: F, do: [{note: x, if: {open: office}}]}]`,
      says: [],
    },
    { rule: "texts: {cancelled: '{{ hours.office.next_open }}'}", says: [] },
  ])("hours: $rule", ({ rule, says }) => {
    expect(compile(`hours: {office: {mon: "09:00-18:00"}}\n${rule}`).said).toEqual(says);
  });
});

describe("a condition that can never hold", () => {
  const clash = (column: number, first: string, second: string) =>
    `warning 5:${column} "${first}" and "${second}" never hold together. | remove one, or use any:`;

  it.each([
    {
      condition: "{assigned: true, not: {assigned: true}}",
      says: [clash(32, "assigned: yes", "not: {assigned: yes}")],
    },
    { condition: "{all: [{assigned: true}, {assigned: false}]}", says: [clash(35, "assigned: yes", "assigned: no")] },
    { condition: "{assigned: false, all: [{assigned: [Anna]}]}", says: [clash(34, "assigned: no", "assigned: Anna")] },
    {
      condition: "{is: {channel.type: vk}, all: [{is: {channel.type: ozon}}]}",
      says: [clash(46, "is: channel.type: vk", "is: channel.type: ozon")],
    },
    {
      condition: "{is: {customer.language: en}, is_not: {customer.language: EN}}",
      says: [clash(48, "is: customer.language: en", "is_not: customer.language: EN")],
    },
    {
      condition: "{known: customer.phone, missing: [customer.email, customer.phone]}",
      says: [clash(33, "known: customer.phone", "missing: customer.phone")],
    },
    {
      condition: "{more_than: {message.text.length: 5}, less_than: {message.text.length: 5}}",
      says: [clash(59, "more_than: message.text.length: 5", "less_than: message.text.length: 5")],
    },
    { condition: "{channel: A, all: [{channel: [B, C]}]}", says: [clash(29, "channel: A", "channel: B, C")] },
    {
      condition: "{all: [{any: []}]}",
      says: ['warning 5:17 "any" without anything in it never holds. | fill it or remove it'],
    },
    {
      condition: "{is: {customer.phone: 5}, missing: customer.phone}",
      says: [clash(35, "is: customer.phone: 5", "missing: customer.phone")],
    },
    {
      condition: "{missing: customer.phone, less_than: {customer.phone: 5}}",
      says: [clash(47, "missing: customer.phone", "less_than: customer.phone: 5")],
    },
    { condition: "{any: []}", says: ['warning 5:10 "any" without anything in it never holds. | fill it or remove it'] },
    {
      condition: "{assigned: true, any: [{assigned: false}, {tag: x}]}",
      says: [clash(33, "assigned: yes", "assigned: no")],
    },
    { condition: "{tag: vip, not: {tag: vip}}", says: [clash(26, "tag: vip", "not: {tag: vip}")] },
  ])("$condition says $says", ({ condition, says }) => {
    expect(said("{message_is: x}", "[{note: x}]", `if: ${condition}`)).toEqual(says);
  });

  it.each([
    "{assigned: true, not: {assigned: [Anna]}}",
    "{assigned: [sales], all: [{assigned: [Anna]}]}",
    "{any: [{assigned: true}, {assigned: false}]}",
    "{is: {dialog.tags: a}, all: [{is: {dialog.tags: b}}]}",
    "{is: {customer.language: en}, all: [{is: {customer.language: EN}}]}",
    "{is: {message.text: 5}, all: [{is: {message.text: 5.0}}]}",
    "{known: customer.phone, missing: customer.email}",
    "{more_than: {message.text.length: 4}, less_than: {message.text.length: 6}}",
    "{channel: [A, B], all: [{channel: [b, C]}]}",
    "{tag: [a, b], not: {tag: a}}",
    "{tag: a, all: [{tag: b}]}",
    "{not: {assigned: true, tag: a}, assigned: true}",
    "{not: {not: {assigned: true}}, assigned: true}",
  ])("is not %s", (condition) => {
    expect(said("{message_is: x}", "[{note: x}]", `if: ${condition}`)).toEqual([]);
  });

  it.each([
    { condition: "{open: office, all: [{closed: office}]}", says: [clash(31, "open: office", "closed: office")] },
    { condition: "{open: office, not: {open: office}}", says: [clash(30, "open: office", "not: {open: office}")] },
    { condition: "{open: office, all: [{closed: night}]}", says: [] },
    { condition: "{open: office, all: [{open: night}]}", says: [] },
  ])("knows hours: $condition says $says", ({ condition, says }) => {
    const hours = "hours: {office: crm, night: crm}";
    const used = "[{note: x, if: {open: night}}]";
    const lines = compile(`${ruleWith("{message_is: x}", used, `if: ${condition}`)}${hours}`).said;
    expect(lines.map((line) => line.replace("bot.config.yaml:", ""))).toEqual(says);
  });

  it("is found in the actions of flows", () => {
    const flow = "flows: [{flow: F, do: [{note: x, if: {any: []}}]}]";
    expect(compile(`${ruleWith("{message: any}", "[{run: F}]")}${flow}`).said).toEqual([
      'warning bot.config.yaml:5:39 "any" without anything in it never holds. | fill it or remove it',
    ]);
  });

  it("is found beside the rule's own channel", () => {
    expect(said("{message_is: x, channel_type: vk}", "[{note: x}]", "if: {channel_type: ozon}")).toEqual([
      'warning 5:10 "channel_type: vk" and "channel_type: ozon" never hold together. | remove one, or use any:',
    ]);
  });

  it("is found in actions, each by itself", () => {
    const actions =
      "[{note: x, if: {all: [{assigned: true}, {assigned: false}]}}, {choose: [{if: {any: []}, do: [{note: y}]}]}]";
    expect(said("{message_is: x}", actions, "if: {assigned: true}")).toEqual([
      'warning 4:50 "assigned: yes" and "assigned: no" never hold together. | remove one, or use any:',
      'warning 4:87 "any" without anything in it never holds. | fill it or remove it',
    ]);
  });
});

describe("lints", () => {
  it("wait until the faults are gone: they would speak of rules that change anyway", () => {
    expect(said("{message_is: menu}", '[{reply: "{{ nobody }}", buttons: [Yes]}]')).toEqual([
      'fault 4:22 A rule for "message" can\'t read "nobody". | read another name, or move this to a rule for another event',
    ]);
  });
});
