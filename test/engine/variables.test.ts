import { describe, expect, it } from "vitest";
import { learn } from "../../src/engine/learn.ts";
import { resume } from "../../src/engine/resume.ts";
import { buildView } from "../../src/engine/view.ts";
import type { Event } from "../../src/types/event.ts";
import type { Plan } from "../../src/types/plan.ts";
import type { Rulebook } from "../../src/types/rule.ts";
import type { State } from "../../src/types/state.ts";
import {
  command,
  conversation,
  decideOn,
  NOON,
  reasonsIn,
  ringing,
  rulebook,
  said,
  saidBack,
  shortly,
  telegram,
  world,
} from "./world.ts";

const HOUR = 3_600_000;
const HEAD = `
variables:
  dialog.topic: text
  chat.visits: number
  customer.newsletter: {type: flag, keep: 2h}
  customer.birthday: date
  customer.sizes: list
commands: {visits: Set the visits}
timezone: Europe/Madrid`;

/** Stores something with any message; reads all that is declared, so that nothing is unused. */
const setting = (values: string, head = HEAD) =>
  rulebook(`- rule: Store\n  when: {message: any}\n  do:\n    - set: ${values}\n`, head);

const stored = ({ state }: Plan) => ({
  ...state.dialog?.variables,
  ...state.chat?.variables,
  ...state.customer?.variables,
});

describe("set of a declared variable", () => {
  it.each([
    { values: '{chat.visits: "3"}', kept: { visits: 3 } },
    { values: '{chat.visits: "1.000"}', kept: { visits: 1 } },
    { values: '{chat.visits: "{{ message.text }}"}', text: "1.000", kept: { visits: 1000 } },
    { values: '{chat.visits: "{{ 9 | divided_by: 8.0 }}"}', kept: { visits: 1.125 } },
    { values: '{chat.visits: "{{ chat.visits | plus: 1 }}"}', kept: { visits: 1 } },
    { values: "{customer.newsletter: yes}", kept: { newsletter: true } },
    { values: '{customer.newsletter: "{{ message.text }}"}', text: "Sí", kept: { newsletter: true } },
    { values: '{customer.newsletter: "{{ dialog.first }}"}', kept: { newsletter: true } },
    { values: '{customer.birthday: "{{ message.text }}"}', text: "12 de marzo", kept: { birthday: "2027-03-12" } },
    { values: '{customer.birthday: "{{ now }}"}', kept: { birthday: "2026-11-20T12:00:00.000Z" } },
    { values: '{customer.sizes: "S, M"}', kept: { sizes: ["S", "M"] } },
    { values: "{customer.sizes: [S, 40]}", kept: { sizes: ["S", "40"] } },
    { values: '{customer.sizes: ["{{ message.text }}", M]}', text: "XL", kept: { sizes: ["XL", "M"] } },
    { values: '{customer.sizes: "{{ dialog.tags }}"}', kept: { sizes: ["a, b", "c"] } },
    { values: "{dialog.topic: 2.5}", kept: { topic: "2.5" } },
    { values: '{dialog.other: "{{ 1 | plus: 1 }}"}', kept: { other: "2" } },
  ])("turns $values into $kept", ({ values, text = "hello", kept }) => {
    const state = world({ customer: { language: "es" }, dialog: { tags: ["a, b", "c"], customerMessages: 0 } });
    const plan = decideOn(setting(values, `${HEAD}\nlanguage: es`), said(text), state);
    expect(stored(plan)).toEqual(kept);
    expect(reasonsIn(plan)).toEqual([null]);
  });

  it("keeps nothing of what can't be of the type, says why, and leaves the old value", () => {
    const state = world({ chat: { variables: { visits: 2 } } });
    const plan = decideOn(setting('{chat.visits: "{{ message.text }}"}'), said("a few"), state);
    expect(plan.verdicts[0]?.steps).toEqual([expect.objectContaining({ did: "nothing", reason: "type" })]);
    expect(stored(plan)).toEqual({ visits: 2 });
  });

  it("keeps what fits of several, and says that one did not", () => {
    const plan = decideOn(
      setting('{chat.visits: "{{ message.text }}", dialog.topic: "{{ message.text }}"}'),
      said("tea"),
    );
    expect(stored(plan)).toEqual({ topic: "tea" });
    expect(plan.verdicts[0]?.steps).toEqual([expect.objectContaining({ did: "change", reason: "type" })]);
  });

  it.each(["null", '""', '"{{ customer.last_order }}"'])("is cleared by %s", (nothing) => {
    const rules = rulebook(
      `- rule: Store\n  when: {message: any}\n  do:\n    - set: {customer.newsletter: ${nothing}, customer.last_order: null}\n`,
      HEAD,
    );
    const state = world({ customer: { variables: { newsletter: true }, setAt: { newsletter: NOON } } });
    const { customer } = decideOn(rules, said("hello"), state).state;
    expect(customer?.variables).toEqual({ last_order: null });
    expect(customer?.setAt).toEqual({});
  });

  it("is read in the language of whoever wrote: a manager's command is in that of the files", () => {
    const rules = rulebook(
      '- rule: Visits\n  when: {command: visits}\n  do:\n    - set: {chat.visits: "{{ command.args }}"}\n',
      HEAD,
    );
    const state = world({ customer: { language: "es" } });
    expect(stored(decideOn(rules, command("/visits 1.000"), state))).toEqual({ visits: 1 });
  });
});

describe("the answer to a question", () => {
  const asking = (keys: string) =>
    rulebook(
      `- rule: Ask\n  when: {message_is: hello}\n  do:\n    - ask: Well?\n${keys.replace(/^/gm, "      ")}\n    - reply: "So {{ answer }}."\n`,
      HEAD,
    );

  it.each([
    { keys: "expect: number\nsave: chat.visits", answer: "three", kept: { visits: 3 } },
    { keys: "choices: [Yes, No]\nsave: customer.newsletter", answer: "no", kept: { newsletter: false } },
    { keys: "save: customer.sizes", answer: "S, M", kept: { sizes: ["S", "M"] } },
    { keys: "save: chat.visits", answer: "1,000", kept: { visits: 1000 } },
  ])("is saved as the variable's type: $kept", ({ keys, answer, kept }) => {
    const [, answered] = conversation(asking(keys), [said("hello"), said(answer)]);
    expect(answered && stored(answered)).toEqual(kept);
  });

  it("is not saved where it can't be of the type, but the rule goes on with it", () => {
    const [, answered] = conversation(asking("save: chat.visits"), [said("hello"), said("a few")]);
    expect(answered && stored(answered)).toEqual({});
    expect(answered && reasonsIn(answered)).toEqual(["type", null]);
    expect(answered && shortly(answered)).toEqual(["public: So a few."]);
  });
});

/** Tells what is known of the newsletter, by a text, a condition and raw logic; stores it at "yes". */
const NEWSLETTER = `
- rule: Store
  when: {message_is: "yes"}
  do:
    - set: {customer.newsletter: true, customer.city: Madrid}
- rule: Tell
  when: {message_is: tell}
  do:
    - note: "{{ customer.newsletter or 'unknown' }}, {{ customer.city or 'nowhere' }}"
    - note: known
      if: {known: customer.newsletter}
    - note: missing
      if: {missing: customer.newsletter}
    - note: logic
      if: {logic: {"==": [{var: customer.newsletter}, true]}}
`;
const KNOWN = ["private: true, Madrid", "private: known", "private: logic"];
const UNKNOWN = ["private: unknown, Madrid", "private: missing"];

describe("a variable with keep", () => {
  const rules = rulebook(NEWSLETTER, HEAD);
  const at = (text: string, hours: number): Event => said(text, { at: NOON + hours * HOUR });

  it("counts for that long after it was last set, and is then unknown everywhere", () => {
    const events = [at("yes", 0), at("tell", 2), at("yes", 2), at("tell", 4), at("tell", 4.001)];
    expect(saidBack(rules, events)).toEqual([[], KNOWN, [], KNOWN, UNKNOWN]);
  });

  it("is told apart from others in one document, which have no moment", () => {
    const [plan] = conversation(rules, [at("yes", 0)]);
    expect(plan?.state.customer).toMatchObject({
      variables: { city: "Madrid", newsletter: true },
      setAt: { newsletter: NOON },
    });
    const others = decideOn(setting("{dialog.topic: tea, chat.visits: 1}"), said("hello"));
    expect("setAt" in { ...others.state.dialog, ...others.state.chat }).toBe(false);
  });

  it("leaves its document with the next event, and then only once", () => {
    const plans = conversation(rules, [at("yes", 0), at("hm", 3), at("hm", 3)]);
    expect(plans[1]?.state.customer?.variables).toEqual({ city: "Madrid" });
    expect(plans[1]?.state.customer?.setAt).toEqual({});
    expect(plans[2]?.state.customer).toBe(plans[1]?.state.customer);
  });

  it("counts from the next event where it was stored before it had a limit", () => {
    const before = world({ customer: { variables: { newsletter: true, city: "Madrid" } } });
    const plans = conversation(rules, [at("tell", 0), at("tell", 2), at("tell", 2.001)], before);
    expect(plans.map(shortly)).toEqual([KNOWN, KNOWN, UNKNOWN]);
  });

  it("counts for ever once the limit is gone, and loses its moment when it is set again", () => {
    const free = rulebook(NEWSLETTER, HEAD.replace("{type: flag, keep: 2h}", "flag"));
    const [limited] = conversation(rules, [at("yes", 0)]);
    const plans = conversation(free, [at("tell", 9), at("yes", 9)], limited?.state);
    expect(plans.map(shortly)).toEqual([KNOWN, []]);
    expect(plans[1]?.state.customer?.setAt).toEqual({});
  });

  it("is forgotten while a rule waits", () => {
    const waiting = rulebook(
      `${NEWSLETTER}- rule: Wait
  when: {message_is: wait}
  if: {is: {customer.newsletter: true}}
  do:
    - wait: 3h
    - note: still
`,
      HEAD,
    );
    const [, waits] = conversation(waiting, [at("yes", 0), at("wait", 0)]);
    if (waits === undefined) throw new Error("nothing was decided");
    const rung = decideOn(waiting, ringing(waits), waits.state, NOON + 3 * HOUR);
    expect(shortly(rung)).toEqual([]);
    expect(rung.state.customer?.variables).toEqual({ city: "Madrid" });
  });

  it("is forgotten while the CRM is asked", () => {
    const looking = rulebook(
      `${NEWSLETTER}- rule: Look\n  when: {message_is: look}\n  do:\n    - look_up: delivery_types\n    - note: "{{ customer.newsletter or 'unknown' }}"\n`,
      HEAD,
    );
    const [, asks] = conversation(looking, [at("yes", 0), at("look", 0)]);
    const run = asks?.runs[0];
    const rule = looking.rules.find(({ id }) => id === "Look");
    if (asks === undefined || run?.waitsFor?.kind !== "request" || rule === undefined)
      throw new Error("nothing was asked");
    const now = NOON + 3 * HOUR;
    const input = { kind: "result", key: run.waitsFor.key, at: now, outcome: { ok: true, body: {} } } as const;
    const plan = resume({ rulebook: looking, rule, run, state: asks.state, input, now });
    expect(shortly(plan)).toEqual(["private: unknown"]);
    expect(plan.state.customer?.variables).toEqual({ city: "Madrid" });
  });

  it("is not seen by whoever builds a view of an older state", () => {
    const [plan] = conversation(rules, [at("yes", 0)]);
    const seen = (hours: number) =>
      buildView({ state: plan?.state ?? world(), scope: {}, rulebook: rules, now: NOON + hours * HOUR }).customer;
    expect(seen(2)).toMatchObject({ newsletter: true, city: "Madrid" });
    expect(seen(3)).toMatchObject({ city: "Madrid" });
    expect(seen(3)).not.toHaveProperty("newsletter");
  });

  it("survives news of the customer", () => {
    const [plan] = conversation(rules, [at("yes", 0)]);
    const state = plan?.state ?? world();
    const call = { operation: "listCustomers", path: {}, query: { id: 8120 }, body: null };
    const told = learn(state, call, [{ id: 8120, first_name: "Marta", language: "de" }]);
    expect(told.customer).toMatchObject({ language: "de", setAt: { newsletter: NOON } });
  });
});

describe("documents", () => {
  const names = ["constructor", "toString", "hasOwnProperty"];
  const head = `variables:\n${names.map((name) => `  dialog.${name}: {type: text, keep: 1h}`).join("\n")}`;
  const rules: Rulebook = rulebook(
    `- rule: Store\n  when: {message: any}\n  do:\n    - set: {${names.map((name) => `dialog.${name}: tea`).join(", ")}}\n`,
    head,
  );

  it("keep variables with the names of JavaScript's own", () => {
    const first = decideOn(rules, said("hello"), world({ dialog: { variables: { constructor: "old" } } }));
    expect(Object.keys(first.state.dialog?.setAt ?? {}).toSorted()).toEqual(names.toSorted());
    const quiet = rulebook("- rule: No\n  when: {message_is: x}\n  do: [{note: no}]\n", head);
    const later = decideOn(quiet, said("hello", { at: NOON + 2 * HOUR }), first.state);
    expect(later.state.dialog?.variables).toEqual({});
  });

  it("come back from the store as they went, and decide the same", () => {
    const back = (state: State): State => JSON.parse(JSON.stringify(state));
    const rules = rulebook(NEWSLETTER, HEAD);
    const [stored] = conversation(rules, [said("yes")], world({ channel: telegram() }));
    const state = stored?.state ?? world();
    for (const hours of [1, 3]) {
      const event = said("tell", { at: NOON + hours * HOUR });
      expect(decideOn(rules, event, back(state))).toEqual(decideOn(rules, event, state));
    }
  });
});
