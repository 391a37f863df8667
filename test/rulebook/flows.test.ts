import { describe, expect, it } from "vitest";
import type { Rule, Step } from "../../src/types/rule.ts";
import { compile, rulesOf, ruleWith } from "./source.ts";

function said(...texts: readonly string[]): readonly string[] {
  return compile(...texts).said.map((line) => line.replace("bot.config.yaml:", ""));
}

function onlyRule(...texts: readonly string[]): Rule {
  const [rule] = rulesOf(...texts);
  if (!rule) throw new Error("no rule");
  return rule;
}

function inFlow(step: Step | undefined): readonly Step[] {
  return step?.branches.flow ?? [];
}

/** A rule for any message with these actions, then flows, each in one line. */
function withFlows(actions: string, ...flows: readonly string[]): string {
  return `${ruleWith("{message: any}", actions)}flows:\n${flows.map((flow) => `  - ${flow}\n`).join("")}`;
}

const faults = (lines: readonly string[]) => lines.filter((line) => line.startsWith("fault"));

describe("a flow", () => {
  it("stands in the rule that runs it, with its own places", () => {
    const other = "flows:\n  - flow: Bye\n    do:\n      - reply: Bye!\n";
    const rule = onlyRule(ruleWith("{message: any}", "[{note: x}, {run: Bye}]"), other);
    expect(rule.do[1]).toMatchObject({
      action: "run",
      args: { flow: "Bye", with: {} },
      place: { file: "bot.config.yaml", line: 4 },
      branches: {
        flow: [{ action: "reply", place: { file: "rules/1.yaml", line: 4, column: 9 } }],
      },
    });
  });

  it("is found however its name is typed", () => {
    expect(inFlow(onlyRule(withFlows("[{run: say  bye}]", "{flow: Say Bye, do: [{note: x}]}")).do[0])).toHaveLength(1);
  });

  it("may run other flows", () => {
    const text = withFlows("[{run: A}]", "{flow: A, do: [{run: B}]}", "{flow: B, do: [{note: x}]}");
    expect(inFlow(inFlow(onlyRule(text).do[0])[0])).toMatchObject([{ action: "note" }]);
  });

  it.each([
    { flow: "{flow: A, do: [{reply: x}]}", lane: "answer" },
    { flow: "{flow: A, do: [{choose: [{do: [{ask: x}]}]}]}", lane: "answer" },
    { flow: "{flow: A, do: [{note: x}]}", lane: "silent" },
  ])("decides the lane of the rule that runs it: $flow makes it $lane", ({ flow, lane }) => {
    expect(onlyRule(withFlows("[{run: A}]", flow)).lane).toBe(lane);
  });

  it("gives the rules that run it another version when it changes, and no other rule", () => {
    const more = "  - {rule: B, when: {message_is: b}, do: [{note: x}]}\n";
    const versions = (said: string) =>
      rulesOf(`${ruleWith("{message_is: a}", "[{run: A}]")}${more}flows: [{flow: A, do: [{note: ${said}}]}]`).map(
        ({ version }) => version,
      );
    const [before, after] = [versions("x"), versions("y")];
    expect(before.map((version, index) => version === after[index])).toEqual([false, true]);
  });

  it.each([
    { actions: "[{run: Prise}]", says: 'fault 4:16 There is no flow "Prise". | did you mean Price?' },
    { actions: "[{run: Weather}]", says: 'fault 4:16 There is no flow "Weather". | describe it under flows:' },
    {
      actions: "[{assign: Anna, nobody: [{run: Prise}]}]",
      says: 'fault 4:40 There is no flow "Prise". | did you mean Price?',
    },
    {
      actions: "[{ask: x, no_answer: {do: [{run: Prise}]}}]",
      says: 'fault 4:42 There is no flow "Prise". | did you mean Price?',
    },
  ])("has to be there: $actions", ({ actions, says }) => {
    expect(faults(said(withFlows(actions, "{flow: Price, do: [{note: x}]}")))).toEqual([says]);
  });

  it("of a name that another has is a fault, in another file too", () => {
    const second = "flows: [{flow: a, do: [{note: y}]}]";
    expect(said(withFlows("[{run: A}]", "{flow: A, do: [{note: x}]}"), second)).toEqual([
      'fault rules/1.yaml:1:16 Another flow is already called "a" (6). | give this one another name',
    ]);
  });

  it("needs a chat if its actions do, and a customer if it asks, by the event of the rule", () => {
    const flow = "flows: [{flow: A, do: [{ask: x}, {wait: 1m}]}]";
    expect(said(`${ruleWith("{manager: online}", "[{run: A}]")}${flow}`)).toEqual([
      'fault 5:25 "ask" needs a chat, and "manager: online" happens outside of chats. | remove it, or choose another event in when:',
      'fault 5:35 "wait" needs a chat, and "manager: online" happens outside of chats. | remove it, or choose another event in when:',
    ]);
    expect(said(`${ruleWith("{manager: joined}", "[{run: A}]")}${flow}`)).toEqual([
      'fault 5:25 "ask" waits for a customer\'s answer, but "manager: joined" is the staff\'s doing. | ask in a rule for a customer\'s message',
    ]);
  });

  it("without anything to say may run where there is no chat", () => {
    const flow = "flows: [{flow: A, do: [{bot_api: {operation: listBots}}]}]";
    expect(said(`${ruleWith("{manager: online}", "[{run: A}]")}${flow}`)).toEqual([]);
  });
});

describe("a flow that runs itself", () => {
  const end = "| take one run: out of this round";

  it.each([
    {
      actions: "[{run: A}]",
      flows: ["{flow: A, do: [{note: x}, {run: A}]}"],
      says: [`fault 6:37 The flow "A" runs itself without end: A -> A. ${end}`],
    },
    {
      actions: "[{run: A}, {run: B}]", // entered at both ends, told once
      flows: ["{flow: A, do: [{choose: [{do: [{run: B}]}]}]}", "{flow: B, do: [{run: A}]}"],
      says: [`fault 7:26 The flow "A" runs itself without end: A -> B -> A. ${end}`],
    },
    {
      actions: "[{run: C}]", // told from the flow that stands first
      flows: ["{flow: A, do: [{run: B}]}", "{flow: B, do: [{run: C}]}", "{flow: C, do: [{run: A}]}"],
      says: [`fault 8:26 The flow "A" runs itself without end: A -> B -> C -> A. ${end}`],
    },
    {
      actions: "[{note: x}]", // no rule runs it yet
      flows: ["{flow: A, do: [{run: B}]}", "{flow: B, do: [{run: A}]}"],
      says: [`fault 7:26 The flow "A" runs itself without end: A -> B -> A. ${end}`],
    },
    {
      actions: "[{run: A}]",
      flows: ["{flow: A, do: [{run: B}, {run: B}]}", "{flow: B, do: [{note: x}]}"],
      says: [],
    },
  ])("by way of $flows is told once", ({ actions, flows, says }) => {
    expect(said(withFlows(actions, ...flows))).toEqual(says);
  });
});

describe("flows that run flows", () => {
  const chain = (length: number, runs: string) =>
    Array.from({ length }, (_, index) => {
      const last = index === length - 1;
      return `{flow: F${index}, do: [${last ? "{note: x}" : runs.replaceAll("NEXT", `F${index + 1}`)}]}`;
    });

  it("may be 30 inside each other, and no more", () => {
    expect(said(withFlows("[{run: F0}]", ...chain(30, "{run: NEXT}")))).toEqual([]);
    expect(faults(said(withFlows("[{run: F0}]", ...chain(31, "{run: NEXT}"))))).toEqual([
      "fault 35:28 More than 30 flows run inside each other here. | run them one after another",
    ]);
  });

  it("may not multiply without end", () => {
    const [first = "", ...more] = faults(said(withFlows("[{run: F0}]", ...chain(25, "{run: NEXT}, {run: NEXT}"))));
    expect(first).toMatch(/^fault \d+:\d+ With the flow "F\d+" a rule comes to too many actions\./);
    expect(more.length).toBeLessThan(50);
  });
});

describe("what a flow is given", () => {
  const flow = (text: string) => `{flow: A, do: [{note: "${text}"}]}`;

  it.each([
    { actions: "[{run: A, with: {city: Madrid}}]", text: "{{ args.city }}", says: [] },
    {
      actions: "[{run: A, with: {city: Madrid}}, {run: A}]",
      text: "{{ args.city }}",
      says: ['warning 6:31 "args.city" may be empty. | say what to write then: {{ args.city or "..." }}'],
    },
    { actions: "[{run: A, with: {city: Madrid}}, {run: A}]", text: "{{ args.city or 1 }}", says: [] },
    {
      actions: "[{run: A, with: {city: Madrid}}]",
      text: "{{ args.sity }}",
      says: ['fault 6:31 No run: of this flow gives it "sity". | did you mean args.city?'],
    },
    {
      actions: "[{run: A}]",
      text: "{{ args.city }}",
      says: ['fault 6:31 No run: of this flow gives it "city". | give it beside run: with: {city: ...}'],
    },
    {
      actions: '[{note: "{{ args.city }}"}, {run: A, with: {city: Madrid}}]',
      text: "x",
      says: [
        'fault 4:21 "args.city" is what a flow is given, and no flow is here. | read args. in a flow only, or write the value itself',
      ],
    },
  ])("is read as args: $text with $actions", ({ actions, text, says }) => {
    expect(said(withFlows(actions, flow(text)))).toEqual(says);
  });

  it("is its own in each flow", () => {
    const flows = [
      "{flow: A, do: [{run: B, with: {day: '{{ args.city }}'}}]}",
      '{flow: B, do: [{note: "{{ args.city }}"}]}',
    ];
    expect(said(withFlows("[{run: A, with: {city: Madrid}}]", ...flows))).toEqual([
      'fault 7:31 No run: of this flow gives it "city". | give it beside run: with: {city: ...}',
    ]);
  });

  it("may come from anything the rule can read, and is checked there", () => {
    expect(said(withFlows('[{run: A, with: {city: "{{ nobody }}"}}]', flow("{{ args.city }}")))).toEqual([
      'fault 4:36 A rule for "message" can\'t read "nobody". | read another name, or move this to a rule for another event',
    ]);
    expect(said(withFlows('[{run: A, with: {city: "{{ customer.phone }}"}}]', flow("{{ args.city }}")))).toEqual([]);
  });

  it("may be anything in a flow that no rule runs yet", () => {
    expect(said(withFlows("[{note: x}]", flow("{{ args.city }} {{ match.word }}")))).toEqual([
      'warning 6:12 No rule runs the flow "A".',
    ]);
  });

  it("does not keep a flow that no rule runs from being checked", () => {
    expect(faults(said(withFlows("[{note: x}]", flow("{{ nobody }}"))))).toEqual([
      'fault 6:31 A rule for "message" can\'t read "nobody". | read another name, or move this to a rule for another event',
    ]);
  });
});

describe("what a flow stores", () => {
  it("is known to all rules, and as good as there in the rule that runs it", () => {
    const flow = "{flow: A, do: [{ask: Where to?, save: dialog.city}, {set: {chat.asked: 1}}]}";
    expect(said(withFlows('[{run: A}, {note: "{{ dialog.city }} {{ chat.asked }} {{ answer }}"}]', flow))).toEqual([]);
  });

  it("may be missing in another rule", () => {
    const other = '  - {rule: B, when: {message_is: b}, do: [{note: "{{ dialog.city }}"}]}\n';
    const text = `${ruleWith("{message_is: a}", "[{run: A}]")}${other}flows: [{flow: A, do: [{ask: x, save: dialog.city}]}]`;
    expect(said(text)).toEqual([
      'warning 5:54 "dialog.city" may be empty. | say what to write then: {{ dialog.city or "..." }}',
    ]);
  });
});
