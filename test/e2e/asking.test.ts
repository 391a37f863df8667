import { describe, expect, it } from "vitest";
import type { Sandbox } from "../../src/sandbox/index.ts";
import { connected, heard, listeningBot, sandboxFor, spoken } from "./bot.ts";

const ORDER = `
- rule: Order
  when: {message_has: order}
  do:
    - ask: Which order number?
      expect: order_number
      save: dialog.order_number
    - ask: And the phone?
      expect: phone
      save: dialog.order_phone
      retry: {times: 2, say: Please type it like +34 600 123 456}
      no_answer:
        do:
          - reply: Never mind the phone.
    - reply: Order {{ dialog.order_number }}, phone {{ dialog.order_phone }}.
- rule: Choice
  when: {message_has: tea}
  do:
    - ask: Which tea?
      choices: [Oolong, Green]
      save: dialog.tea
    - reply: "{{ dialog.tea }} it is."
- rule: Short
  when: {message_has: short}
  do:
    - ask: Still there?
      no_answer:
        after: 2s
        do:
          - reply: Another time, then.
- rule: Later
  when: {message_has: later}
  do:
    - reply: Wait a second.
    - wait: 1s
    - reply: A second later.
- rule: Hi
  when: {message_is: hi}
  do:
    - reply: Hi.
`;
const NUMBER = "public: Which order number?";
const PHONE = "public: And the phone?";
const LIKE = "public: Please type it like +34 600 123 456";
const DONE = "public: Order 4117A, phone +34600123456.";
const HEAD = `
bot: {answers_per_minute: 100, requests_per_second: 50}
texts: {cancelled: Never mind.}
`;
const FILES = { "bot.config.yaml": connected(ORDER, HEAD) };

/** Says each text once the bot has answered the one before, and gives all the bot has said. */
async function talk(sandbox: Sandbox, texts: readonly string[], choice = {}): Promise<readonly string[]> {
  for (const text of texts) {
    const count = spoken(sandbox).length;
    sandbox.customerSays(text, choice);
    await heard(sandbox, count + 1);
  }
  return spoken(sandbox);
}

describe("a question", () => {
  it("is asked again after a wrong answer, stores its answers, and goes through no_answer after the last wrong one", async (test) => {
    const sandbox = await sandboxFor(test);
    await listeningBot(test, sandbox, { files: FILES });
    const texts = ["my order", "no. 4117A", "I forgot", "600 12", "+34 600 12 34 56", "hi"];
    expect(await talk(sandbox, texts)).toEqual([NUMBER, PHONE, LIKE, LIKE, DONE, "public: Hi."]);
    const wrong = await talk(sandbox, ["my order", "4117A", "one", "two", "three", "hi"]);
    expect(wrong.slice(6)).toEqual([NUMBER, PHONE, LIKE, LIKE, "public: Never mind the phone.", "public: Hi."]);
  });

  it("is left by a cancel word, but not by the words of another rule", async (test) => {
    const sandbox = await sandboxFor(test);
    await listeningBot(test, sandbox, { files: FILES });
    const said = await talk(sandbox, ["my order", "hi", "Cancel", "hi"]);
    expect(said).toEqual([NUMBER, NUMBER, "public: Never mind.", "public: Hi."]);
  });

  it("shows its choices as buttons, or as numbers that are understood", async (test) => {
    const sandbox = await sandboxFor(test);
    await listeningBot(test, sandbox, { files: FILES });
    expect(await talk(sandbox, ["tea", "green"])).toEqual(["public: Which tea?", "public: Green it is."]);
    const asked = [...sandbox.world.messages.values()].find(({ content }) => content === "Which tea?");
    expect(asked?.attachments?.suggestions?.map(({ title }) => title)).toEqual(["Oolong", "Green"]);
    expect((await talk(sandbox, ["tea", "1"], { channel: "whatsapp" })).slice(2)).toEqual([
      "public: Which tea?\n1. Oolong\n2. Green",
      "public: Oolong it is.",
    ]);
  });

  it("is given up after no_answer.after", async (test) => {
    const sandbox = await sandboxFor(test);
    await listeningBot(test, sandbox, { files: FILES });
    sandbox.customerSays("short");
    expect(await heard(sandbox, 2)).toEqual(["public: Still there?", "public: Another time, then."]);
    expect((await talk(sandbox, ["hi"])).at(-1)).toBe("public: Hi.");
  });

  it("ends when a manager takes over", async (test) => {
    const sandbox = await sandboxFor(test);
    const rules = `${ORDER}- rule: Seen\n  when: {message: any}\n  do:\n    - note: I saw {{ message.text }}.\n`;
    await listeningBot(test, sandbox, { files: { "bot.config.yaml": connected(rules) } });
    sandbox.customerSays("my order");
    await sandbox.until(() => spoken(sandbox).includes(NUMBER));
    sandbox.managerSays("I am here");
    sandbox.customerSays("4117A");
    await sandbox.until(() => spoken(sandbox).includes("private: I saw 4117A."));
    expect(spoken(sandbox).filter((text) => text.startsWith("public"))).toEqual([NUMBER]);
  });
});

describe("a restart", () => {
  it.for(["SIGTERM", "SIGKILL"] as const)(
    "after %s goes on with a question and a wait, and says nothing twice",
    async (signal, test) => {
      const sandbox = await sandboxFor(test);
      const first = await listeningBot(test, sandbox, { files: FILES });
      await talk(sandbox, ["my order", "4117A"]);
      sandbox.newCustomer({ name: "Luis", channel: "telegram" });
      await talk(sandbox, ["later"], { customer: "Luis" });
      await first.stop(signal);
      await listeningBot(test, sandbox, { files: {}, folder: first.folder });
      await sandbox.until(() => spoken(sandbox).includes("public: A second later."));
      await talk(sandbox, ["+34 600 12 34 56"], { customer: "Marta Lind" });
      expect(spoken(sandbox)).toEqual([NUMBER, PHONE, "public: Wait a second.", "public: A second later.", DONE]);
    },
  );
});

const flow = (last: string) => `
- rule: Order
  when: {message_has: order}
  do:
    - run: Which order
    - reply: ${last} {{ answer }}.
`;
const FLOW = `
flows:
  - flow: Which order
    do:
      - ask: Which number?
      - ask: And the phone?
`;
const READ = "the files were read again";

describe("a reload", () => {
  it("lets a run finish under its old rule and flow, while new runs take the new one", async (test) => {
    const sandbox = await sandboxFor(test);
    const bot = await listeningBot(test, sandbox, { files: { "bot.config.yaml": connected(flow("Old"), FLOW) } });
    await talk(sandbox, ["order"]);
    await bot.save("bot.config.yaml", connected(flow("New"), FLOW.replaceAll("phone", "e-mail")));
    await bot.logged(({ msg }) => msg === READ);
    const said = await talk(sandbox, ["4117A", "600", "order", "5", "6"]);
    expect(said).toEqual([
      "public: Which number?",
      "public: And the phone?",
      "public: Old 600.",
      "public: Which number?",
      "public: And the e-mail?",
      "public: New 6.",
    ]);
  });

  it.for([
    ["deleted", ""],
    ["disabled", flow("Old").replace("  when:", "  enabled: no\n  when:")],
  ] as const)("ends the runs of a rule that was %s without a word", async ([, left], test) => {
    const sandbox = await sandboxFor(test);
    const other = "- rule: Any\n  when: {message_is: [4117A, hm]}\n  do:\n    - reply: Yes.\n";
    const file = (rules: string) => connected(`${rules}${other}`, rules === "" ? "" : FLOW);
    const bot = await listeningBot(test, sandbox, { files: { "bot.config.yaml": file(flow("Old")) } });
    await talk(sandbox, ["order"]);
    await bot.save("bot.config.yaml", file(left));
    await bot.logged(({ msg }) => msg === READ);
    expect(await talk(sandbox, ["4117A", "hm"])).toEqual(["public: Which number?", "public: Yes.", "public: Yes."]);
  });
});

const SILENCE = `
- rule: Silent
  when: {manager_silent: 1s}
  if: {is_not: {dialog.team: leads}}
  do:
    - assign: leads
    - note: "Escalated: {{ previous.manager.name or 'nobody' }} did not reply."
- rule: Patience
  when: {message: any}
  if: {assigned: no}
  do:
    - assign: sales
`;
const TEAMS = "teams: {sales: {people: [Anna Petrova]}, leads: {people: [Olga Ruiz]}}";

describe("a silent manager", () => {
  it("is relieved by the next team with a note, and one who answers is not", async (test) => {
    const sandbox = await sandboxFor(test);
    sandbox.setOnline("Olga Ruiz", true);
    await listeningBot(test, sandbox, { files: { "bot.config.yaml": connected(SILENCE, TEAMS) } });
    const assigned = () => sandbox.waitFor(({ kind }) => kind === "assigned");
    let next = assigned();
    const answered = sandbox.customerSays("anyone?");
    await next;
    sandbox.managerSays("Yes, me", { manager: "Anna Petrova" });
    sandbox.newCustomer({ name: "Luis", channel: "telegram" });
    next = assigned();
    const ignored = sandbox.customerSays("anyone?", { customer: "Luis" });
    await next;
    const holder = (chatId: number) =>
      [...sandbox.world.dialogs.values()].find((dialog) => dialog.chatId === chatId)?.responsible?.id;
    await heard(sandbox, 1);
    expect(spoken(sandbox)).toEqual(["private: Escalated: Anna Petrova did not reply."]);
    const person = (name: string) => [...sandbox.world.people.values()].find(({ firstName }) => firstName === name)?.id;
    expect(holder(ignored.chatId)).toBe(person("Olga"));
    expect(holder(answered.chatId)).toBe(person("Anna"));
  });
});

describe("opening hours", () => {
  it("are open all day, never, or as the account says", async (test) => {
    const rules = `
- rule: Open
  when: {message: any}
  if: {open: always}
  continue: yes
  do:
    - reply: Always is open.
- rule: Not open
  when: {message: any}
  if: {open: never}
  continue: yes
  do:
    - reply: Never is open.
- rule: Closed
  when: {message: any}
  if: {closed: never}
  do:
    - reply: "Never is closed until {{ hours.never.next_open or 'for ever' }}."
    - note: "{{ hours.account.next_open or hours.account.closes_at or 'never' | date: '%H:%M' }}"
`;
    const hours =
      'timezone: Europe/Madrid\nhours: {always: {daily: "00:00-24:00"}, never: {daily: closed}, account: crm}';
    const sandbox = await sandboxFor(test);
    await listeningBot(test, sandbox, { files: { "bot.config.yaml": connected(rules, hours) } });
    sandbox.customerSays("a");
    const said = await heard(sandbox, 3);
    expect(said.slice(0, 2)).toEqual(["public: Always is open.", "public: Never is closed until for ever."]);
    // The sandbox's shop works from 9 or 10 and has a lunch.
    expect(said[2]).toMatch(/^private: (09|10|13|14|15|18):00$/);
  });
});
