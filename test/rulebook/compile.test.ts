import { describe, expect, it } from "vitest";
import { evaluate } from "../../src/language/logic/condition.ts";
import type { JsonObject } from "../../src/types/json.ts";
import type { Rule } from "../../src/types/rule.ts";
import { compile, rulesOf, ruleWith } from "./source.ts";

function onlyRule(text: string): Rule {
  const [rule] = rulesOf(text);
  if (!rule) throw new Error("no rule");
  return rule;
}

describe("a rulebook", () => {
  it("holds what the file says, with defaults filled in", () => {
    const { rulebook } = compile(
      "version: 1\ncommands: {delivery: Ways, prices: 08}\nteams: {sales: {people: Anna, max_open: 8}}",
    );
    expect(rulebook).toMatchObject({
      rules: [],
      teams: { sales: { name: "sales", people: ["Anna"], crmGroup: null, maxOpen: 8, place: { line: 3, column: 9 } } },
      commands: { delivery: "Ways", prices: "8" },
      texts: {},
      bot: {
        quietAfterManagerMs: 1_800_000,
        answersPerMinute: 5,
        answerWithinMs: 600_000,
        requestsPerSecond: 5,
        whenUnsure: "drop",
        roles: null,
      },
      language: "en",
      timezone: "UTC",
    });
  });

  it.each([
    { bot: "{quiet_after_manager: until_closed}", gives: { quietAfterManagerMs: "until_closed" } },
    {
      bot: "{quiet_after_manager: 1h30m, answer_within: 90s}",
      gives: { quietAfterManagerMs: 5_400_000, answerWithinMs: 90_000 },
    },
    {
      bot: "{answers_per_minute: 2, requests_per_second: 0.5}",
      gives: { answersPerMinute: 2, requestsPerSecond: 0.5 },
    },
    { bot: "{when_unsure: resend}", gives: { whenUnsure: "resend" } },
    { bot: "{roles: [responsible, hidden]}", gives: { roles: ["responsible", "hidden"] } },
  ])("takes bot: $bot", ({ bot, gives }) => {
    expect(compile(`bot: ${bot}`).rulebook?.bot).toMatchObject(gives);
  });

  it("reads the root file first, then the others as given", () => {
    const file = (name: string) => `rules: [{rule: ${name}, when: {message_is: ${name}}, do: [{note: x}]}]`;
    expect(rulesOf(file("root"), file("b"), file("a")).map(({ name }) => name)).toEqual(["root", "b", "a"]);
  });

  it("is null when anything is at fault, and every fault is said in file order", () => {
    const bad = (name: string) => `rules: [{rule: ${name}, when: {command: nothing}, do: [{reply: "{{ nobody }}"}]}]`;
    const { rulebook, said } = compile(bad("a"), bad("b"));
    expect(rulebook).toBeNull();
    expect(said).toEqual([
      'fault bot.config.yaml:1:35 There is no command "nothing". | declare it under commands:',
      'fault bot.config.yaml:1:62 A rule for "command" can\'t read "nobody". | read another name, or move this to a rule for another event',
      'fault rules/1.yaml:1:35 There is no command "nothing". | declare it under commands:',
      'fault rules/1.yaml:1:62 A rule for "command" can\'t read "nobody". | read another name, or move this to a rule for another event',
    ]);
  });

  it("comes with warnings and stands all the same", () => {
    const { rulebook, said } = compile(ruleWith("{message: any}", '[{note: "{{ customer.phone }}"}]'));
    expect(said).toHaveLength(1);
    expect(rulebook?.rules).toHaveLength(1);
  });

  it.each([
    "[]",
    "null",
    "text",
    "[null, 5, text, []]",
    "[{}]",
    "[{rule: A}]",
    "[{rule: A, when: {}, do: []}]",
    "[{rule: A, when: null}]",
  ])("survives rules: %s, of which the loader has complained", (rules) => {
    expect(compile(`rules: ${rules}`)).toMatchObject({ rulebook: { rules: [] }, said: [] });
  });

  it.each(["null", "[]", "text", "[null, 5]"])("survives do: %s", (actions) => {
    expect(onlyRule(ruleWith("{message: any}", actions)).do).toEqual([]);
  });

  it("says its faults from top to bottom, whichever was found first", () => {
    const rule = "rules: [{rule: A, when: {command: nothing}, do: [{note: x}]}]";
    expect(
      compile(`${rule}\nteams:\n  sales: {}\nbot: {answer_within: soon}`).said.map((line) => line.split(" ")[1]),
    ).toEqual(["bot.config.yaml:1:35", "bot.config.yaml:3:3", "bot.config.yaml:4:22"]);
  });

  it("is plain data: it survives a thread and the store", () => {
    const { rulebook } = compile(
      ruleWith("{message_has: [a]}", "[{reply: {en: Hi, ru: Привет}, buttons: [a]}]", "if: {assigned: false}"),
    );
    expect(structuredClone(rulebook)).toEqual(rulebook);
    expect(JSON.parse(JSON.stringify(rulebook))).toEqual(rulebook);
  });
});

describe("a rule", () => {
  it.each([
    { when: "{message: any}", on: "message", words: null },
    { when: "{message: image}", on: "message", words: null },
    { when: "{message_has: [Delivery time, Envío*, l'envoi]}", on: "message", words: ["delivery", "envio*", "lenvoi"] },
    { when: '{message_is: "08"}', on: "message", words: ["08"] },
    { when: "{message_matches: a+}", on: "message", words: null },
    { when: "{dialog: opened}", on: "dialog:opened", words: null },
    { when: "{dialog: assigned}", on: "dialog:assigned", words: null },
    { when: "{dialog: closed}", on: "dialog:closed", words: null },
    { when: "{manager: joined}", on: "manager:joined", words: null },
    { when: "{manager: left}", on: "manager:left", words: null },
    { when: "{reply_failed: any}", on: "reply_failed", words: null },
    { when: "{event: message_new}", on: "event:message_new", words: null },
    { when: "{from: anyone, message: text}", on: "message", words: null },
  ])("with when: $when listens to $on with first words $words", ({ when, on, words }) => {
    expect(onlyRule(ruleWith(when))).toMatchObject({ on, firstWords: words });
  });

  it("for a command is found by the command's name", () => {
    const rule = onlyRule(`commands: {my_prices: x}\n${ruleWith("{command: my_prices}")}`);
    expect(rule).toMatchObject({ on: "command", firstWords: ["my_prices"] });
  });

  it("judges its match first, then its conditions, each with words for people", () => {
    const rule = onlyRule(
      ruleWith("{message_has: [a, b], channel: Shop}", "[{note: x}]", "if: {assigned: false, tag: vip}"),
    );
    expect(rule.parts.map(({ from, key, label }) => `${from} ${key} ${label}`)).toEqual([
      "when from from: customer",
      'when message_has message has "a" or "b"',
      "when channel channel: Shop",
      "if assigned assigned: no",
      "if tag tag: vip",
    ]);
  });

  it("keeps its pattern", () => {
    expect(onlyRule(ruleWith("{message_matches: (?P<n>x)}")).pattern).toBe("(?P<n>x)");
  });

  it.each([
    { more: "enabled: false", rules: 0 },
    { more: "enabled: true", rules: 1 },
  ])("with $more: $rules rules are in the rulebook", ({ more, rules }) => {
    expect(rulesOf(ruleWith("{message: any}", "[{note: x}]", more))).toHaveLength(rules);
  });

  it("that is switched off is checked all the same", () => {
    const text = ruleWith("{message: any}", '[{note: "{{ nobody }}"}]', "enabled: false");
    expect(compile(text).said).toEqual([
      'fault bot.config.yaml:4:21 A rule for "message" can\'t read "nobody". | read another name, or move this to a rule for another event',
    ]);
  });

  it.each([
    { more: "id: greeting", gives: { id: "greeting", name: "A" } },
    { more: "description: Says x", gives: { id: "A", description: "Says x" } },
    { more: "mode: shadow", gives: { mode: "shadow" } },
    { more: "continue: true", gives: { continues: true } },
    { more: "even_with_manager: true", gives: { evenWithManager: true } },
    { more: "once_per: customer", gives: { oncePer: "customer", againAfterMs: null } },
    { more: "again_after: 8h", gives: { oncePer: null, againAfterMs: 28_800_000 } },
    {
      more: "mode: live",
      gives: { mode: "live", continues: false, evenWithManager: false, description: null, oncePer: null },
    },
  ])("takes $more", ({ more, gives }) => {
    expect(onlyRule(ruleWith("{message: any}", "[{note: x}]", more))).toMatchObject(gives);
  });

  it("knows where it stands", () => {
    expect(onlyRule(`version: 1\n${ruleWith("{message: any}")}`).place).toEqual({
      file: "bot.config.yaml",
      line: 3,
      column: 5,
    });
  });
});

describe("the lane", () => {
  it.each([
    { actions: "[{reply: x}]", lane: "answer" },
    { actions: "[{reply: x, to: managers}]", lane: "silent" },
    { actions: "[{note: x}, {tag: vip}, {assign: Anna}]", lane: "silent" },
    { actions: "[{send_image: 'https://shop.example/a.png'}]", lane: "answer" },
    { actions: "[{assign: Anna, nobody: [{reply: x}]}]", lane: "answer" },
    { actions: "[{choose: [{do: [{note: x}]}, {do: [{assign: Anna, nobody: [{reply: x}]}]}]}]", lane: "answer" },
    { actions: "[{choose: [{do: [{note: x}]}]}]", lane: "silent" },
  ])("of $actions is $lane", ({ actions, lane }) => {
    expect(onlyRule(ruleWith("{message: any}", actions)).lane).toBe(lane);
  });

  it("of a manager's command that is replied to is answer too", () => {
    const rule = onlyRule(`commands: {a: x}\n${ruleWith("{command: a}", "[{reply: x}]")}`);
    expect(rule.lane).toBe("answer");
    expect(onlyRule(ruleWith("{message: any, from: manager}", "[{reply: x}]")).lane).toBe("answer");
  });
});

describe("actions", () => {
  it("keep their branches, their conditions and their places", () => {
    const rule = onlyRule(
      ruleWith(
        "{message: any}",
        "\n      - assign: Anna\n        if: {assigned: false}\n        nobody:\n          - note: Nobody",
      ),
    );
    expect(rule.do).toMatchObject([
      {
        action: "assign",
        place: { line: 5, column: 9 },
        branches: { nobody: [{ action: "note", if: null, place: { line: 8, column: 13 } }] },
      },
    ]);
    const condition = rule.do[0]?.if ?? null;
    const seen = (assigned: boolean): JsonObject => ({ dialog: { assigned } });
    expect([evaluate(condition, seen(false)), evaluate(condition, seen(true))]).toEqual([true, false]);
  });

  it("with several conditions need all of them", () => {
    const condition =
      onlyRule(ruleWith("{message: any}", "[{note: x, if: {assigned: false, is: {message.text: hi}}}]")).do[0]?.if ??
      null;
    const view = (text: string): JsonObject => ({ dialog: { assigned: false }, message: { text } });
    expect([evaluate(condition, view("hi")), evaluate(condition, view("bye"))]).toEqual([true, false]);
  });

  it("with an empty condition always happen", () => {
    const rule = onlyRule(ruleWith("{message: any}", "[{note: x, if: {}}, {choose: [{if: {}, do: [{note: y}]}]}]"));
    expect(rule.do[0]?.if).toBeNull();
    expect(rule.do[1]?.args).toEqual({ conditions: [true] });
  });

  it("find a team however it is typed, by its declared name", () => {
    const text = `teams: {Sales Team: {people: Anna}}\n${ruleWith("{message: any}", "[{assign: sales team}]")}`;
    expect(onlyRule(text).do[0]?.args).toMatchObject({ team: "Sales Team" });
  });

  it("say one text to all, or one by language", () => {
    const rule = onlyRule(ruleWith("{message: any}", "[{note: x}, {note: {ru: а, en: b}}]"));
    expect(rule.do.map(({ args }) => args)).toEqual([
      { text: { any: "x", byLanguage: {} } },
      { text: { any: null, byLanguage: { ru: "а", en: "b" } } },
    ]);
  });
});
