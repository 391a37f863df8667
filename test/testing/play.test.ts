import { describe, expect, it } from "vitest";
import { playTest } from "../../src/testing/play.ts";
import { rulebook } from "../engine/world.ts";
import { failureOf, read, SHOP, testOf, whyFails } from "./rehearsal.ts";

/** Whatever happens, told to the staff. */
const LISTENER = rulebook(
  `
- rule: From a customer
  when: {message: any}
  do: [{note: "customer: {{ message.text }}{{ message.type }}"}]
- rule: From a manager
  when: {message: text, from: manager}
  do: [{note: "manager {{ message.scope }}"}]
- rule: From a bot
  when: {message: text, from: bot}
  again_after: 1m
  do: [{note: bot}]
- rule: Answer
  when: {message_is: answer}
  do: [{reply: An answer.}]
- rule: Edited
  when: {event: message_updated}
  if: {is: {message.from: customer}}
  do: [{note: "edited: {{ message.text }}"}]
- rule: Deleted
  when: {event: message_deleted}
  do: [{note: deleted}]
- rule: Profile
  when: {message_is: who}
  do: [{note: "who: {{ customer.first_name or 'nobody' }} {{ customer.phone or 'none' }}"}]
- rule: Command
  when: {command: ways}
  do: [{note: "command {{ command.args }}"}]
- rule: Assigned
  when: {dialog: assigned}
  do: [{note: "assigned {{ manager.name or 'nobody' }}"}]
- rule: Closed
  when: {dialog: closed}
  do: [{note: closed}]
- rule: Joined
  when: {manager: joined}
  do: [{note: "joined {{ manager.name or 'nobody' }}"}]
- rule: Left
  when: {manager: left}
  do: [{note: "left {{ manager.name or 'nobody' }}"}]
- rule: Failed
  when: {reply_failed: any}
  do: [{note: "failed: {{ message.text }}"}]
- rule: Tagged
  when: {message_is: tags}
  do: [{note: "tags: {{ dialog.tags }}."}]
- rule: Silent
  when: {manager_silent: 10m}
  do: [{note: silent}]
`,
  "commands: {ways: Ways}",
);
const BESIDE = "managers: {Anna Petrova: online, Olga Ruiz: offline}";

describe("a step", () => {
  it.each([
    { what: "customer", steps: ["customer: Hi"], note: "customer: Hitext" },
    {
      what: "customer, an image",
      steps: ['customer: {image: "https://a.example/a.jpg", text: this}'],
      note: "thisimage",
    },
    { what: "customer, a file", steps: ['customer: {file: "https://a.example/a.pdf"}'], note: "customer: file" },
    { what: "customer, a voice", steps: ['customer: {audio: "https://a.example/a.ogg"}'], note: "customer: audio" },
    { what: "customer, a card", steps: ["customer: {product: Kettle}"], note: "customer: product" },
    { what: "customer, an order", steps: ["customer: {order: 1051C}"], note: "customer: order" },
    { what: "customer, words alone", steps: ["customer: {text: Hi}"], note: "customer: Hitext" },
    { what: "edits", steps: ["customer: Hi", "edits: Bye"], note: "edited: Bye" },
    { what: "deletes", steps: ["customer: Hi", "deletes: yes"], note: "deleted" },
    {
      what: "changes",
      steps: ["changes: {name: Marta, phone: '+34600123456'}", "customer: who"],
      note: "who: Marta +34600123456",
    },
    { what: "manager", steps: ["customer: Hi", "manager: Hello"], note: "manager public" },
    { what: "manager, a note", steps: ["customer: Hi", "{manager: Hello, note: yes}"], note: "manager private" },
    { what: "manager, by name", steps: ["customer: Hi", "{manager: Hello, by: Olga Ruiz}"], note: "joined Olga Ruiz" },
    { what: "command", steps: ["customer: Hi", "command: /ways express"], note: "command express" },
    { what: "command without its slash", steps: ["customer: Hi", "command: ways express"], note: "command express" },
    { what: "bot", steps: ["customer: Hi", "bot: Polly"], note: "bot" },
    { what: "assign", steps: ["customer: Hi", "assign: Anna Petrova"], note: "assigned Anna Petrova" },
    { what: "close", steps: ["customer: Hi", "close: yes"], note: "closed" },
    { what: "joins", steps: ["customer: Hi", "joins: Anna Petrova"], note: "joined Anna Petrova" },
    {
      what: "leaves",
      steps: ["customer: Hi", "joins: Anna Petrova", "leaves: Anna Petrova"],
      note: "left Anna Petrova",
    },
    { what: "tag, untag", steps: ["customer: Hi", "tag: [a, b]", "untag: a", "customer: tags"], note: "tags: b." },
    { what: "fails", steps: ["customer: answer", "fails: yes"], note: "failed: An answer." },
    { what: "wait", steps: ["customer: Hi", "assign: Anna Petrova", "wait: 10m"], note: "silent" },
  ])("$what happens", async ({ steps, note }) => {
    const text = testOf([...steps, `expect: {note_has: "${note}"}`], [BESIDE, "bots: [Parrot]"]);
    expect((await failureOf(text, LISTENER))?.issue.cause.en ?? null).toBe(null);
  });

  it("wait ends just before a timer, or on it", async () => {
    expect(await whyFails(["customer: later", "wait: 9m59s", "expect: {reply: []}"])).toBe(null);
    expect(await whyFails(["customer: later", "wait: 10m", "expect: {reply: Ten minutes are over.}"])).toBe(null);
  });

  it("online and offline count for those who can be picked", async () => {
    const steps = ["offline: Anna Petrova", "customer: refund", "expect: {assigned: Ivan Sidorov}"];
    expect(await whyFails(steps)).toBe(null);
    const beside = ["managers: {Ivan Sidorov: offline}"];
    expect(await whyFails(["online: Ivan Sidorov", "customer: refund", "expect: {assigned: yes}"], beside)).toBe(null);
  });

  it("unassign takes the dialog from whoever has it", async () => {
    const steps = ["customer: refund", "unassign: yes", "expect: {assigned: no}"];
    expect(await whyFails(steps)).toBe(null);
  });

  it.each([
    { steps: ["customer: Hi", "assign: Nobody"], why: "this can't happen: no bot Nobody." },
    { steps: ["customer: Hi", "online: Nobody"], why: "this can't happen: no person Nobody." },
    { steps: ["fails: yes"], why: "this can't happen: no message of the bot yet." },
    { steps: ["close: yes"], why: "this can't happen: no open dialog in chat 5301." },
    { steps: ["customer: Hi", "unassign: yes"], why: "this can't happen: dialog has no responsible." },
    { steps: ["customer: Hi", "bot: Hi"], why: "this can't happen: there is no other bot." },
  ])("that is not possible ends the test: $why", async ({ steps, why }) => {
    expect(await whyFails(steps)).toBe(why);
  });
});

describe("a test", () => {
  it("begins in the account it describes, or says why that can't be", async () => {
    const beside = ["crm: {orders: [{number: 1A, customer: Marta, items: Kettle}]}"];
    expect(await whyFails(["customer: order"], beside)).toBe("this can't happen: no CRM customer Marta.");
  });

  it("gives managers the dialogs they have already", async () => {
    const managers = (anna: number) => [
      `managers: {Anna Petrova: {online: yes, open_dialogs: ${anna}}, Ivan Sidorov: online}`,
    ];
    expect(await whyFails(["customer: refund", "expect: {assigned: Anna Petrova}"], managers(1))).toBe(null);
    expect(await whyFails(["customer: refund", "expect: {assigned: Ivan Sidorov}"], managers(2))).toBe(null);
  });

  it("answers look-ups from its own CRM, under the bot's own rules of who may see what", async () => {
    const crm =
      "crm: {customers: [{name: Marta}, {name: Pablo}], products: [{name: Tea}], orders: [{number: 1A, customer: NAME, items: Tea, status: Being packed}]}";
    const ask = (owner: string, reply: string) =>
      whyFails(["customer: order", `expect: {reply: ${reply}}`], ["customer: Marta", crm.replace("NAME", owner)]);
    expect(await ask("Marta", "1A is Being packed.")).toBe(null);
    expect(await ask("Pablo", "No order.")).toBe(null);
    expect(await whyFails(["customer: order", "expect: {reply: No order.}"], ["crm: {answers: no}"])).toBe(null);
  });

  it.each([
    { http: '[{url: "https://stock.example/*", answer: {count: 3}}]', reply: "3 left." },
    { http: '[{url: "https://stock.example/stock", answer: {count: 4}}]', reply: "4 left." },
    { http: '[{url: "https://stock.example/*", status: 500}]', reply: "Nobody knows." },
    { http: '[{url: "https://stock.example/*", fails: yes}]', reply: "Nobody knows." },
    { http: '[{url: "https://stock.example/*", method: POST, answer: {count: 5}}]', reply: "Nobody knows." },
    { http: "[]", reply: "Nobody knows." },
  ])("answers other services with $http", async ({ http, reply }) => {
    expect(await whyFails(["customer: stock", `expect: {reply: ${reply}}`], [`http: ${http}`])).toBe(null);
  });

  it("keeps the customers apart whom it names", async () => {
    const steps = [
      "customer: delivery",
      "{customer: refund, as: Pablo}",
      "expect: {fired: Delivery, assigned: no, not_fired: Refund}",
    ];
    expect(await whyFails([...steps, "{expect: {fired: Refund, assigned: yes, reply: []}, as: Pablo}"])).toBe(null);
    expect(await whyFails([...steps, "{expect: {reply_has: days}, as: Pablo}"])).not.toBe(null);
  });

  it("gives every decision, for coverage, and the same each time", async () => {
    const [test] = read(testOf(["customer: refund", "wait: 1h", "customer: delivery"])).tests;
    if (test === undefined) throw new Error("the test has a fault");
    const outcomes = async () =>
      (await playTest(test, SHOP)).whole.decisions.flatMap(({ verdicts }) =>
        verdicts.map(({ rule, outcome }) => `${rule}: ${outcome}`),
      );
    const first = await outcomes();
    expect(first).toContain("Refund: fired");
    expect(first).toContain("Delivery: fired");
    expect(await outcomes()).toEqual(first);
  });
});
