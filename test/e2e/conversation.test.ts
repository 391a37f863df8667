import { expect, it } from "vitest";
import { connected, heard, listeningBot, sandboxFor, spoken } from "./bot.ts";

const SHOP = `
- rule: Welcome
  when: {dialog: opened}
  once_per: dialog
  do:
    - reply: Hello {{ customer.first_name or "there" }}!
      buttons: [Delivery, Talk to a person]
- rule: Delivery
  when: {message_has: [delivery, envío*]}
  do:
    - reply: In 1-3 days.
    - tag: delivery
- rule: Person
  when: {message_has: talk to a person}
  do:
    - assign: sales
      nobody:
        - reply: Everyone is away.
    - note: "{{ customer.first_name or 'Someone' }} wants a person."
- rule: Delivery list
  when: {command: delivery}
  do:
    - reply: "Courier, post. You said: {{ command.args or '-' }}"
- rule: Thanks
  when: {message_is: thanks}
  continue: yes
  do:
    - reply: You are welcome.
- rule: Anything
  when: {message_is: [thanks, hm]}
  do:
    - reply: Anything else?
- rule: Bye
  when: {message_is: bye}
  do:
    - reply: Bye.
    - close: yes
- rule: Closed
  when: {dialog: closed}
  do:
    - reply: The dialog is closed.
`;
const HEAD = `
teams: {sales: {people: [Anna Petrova, Ivan Sidorov]}}
commands: {delivery: Ways of delivery}
`;
const FILES = { "bot.config.yaml": connected(SHOP, HEAD) };

it("welcomes a new customer with buttons, then answers by words", async (test) => {
  const sandbox = await sandboxFor(test);
  await listeningBot(test, sandbox, { files: FILES });
  sandbox.customerSays("How long does ENVIOS take?");
  expect(await heard(sandbox, 2)).toEqual(["public: Hello Marta!", "public: In 1-3 days."]);
  const welcome = [...sandbox.world.messages.values()].find(({ content }) => content === "Hello Marta!");
  expect(welcome?.attachments?.suggestions).toEqual([
    { type: "text", title: "Delivery" },
    { type: "text", title: "Talk to a person" },
  ]);
  await sandbox.until(({ dialogs }) =>
    [...dialogs.values()].some(({ tags }) => tags.some(({ name }) => name === "delivery")),
  );
});

it("lists the buttons with numbers where the channel shows none, and understands the number", async (test) => {
  const sandbox = await sandboxFor(test);
  await listeningBot(test, sandbox, { files: FILES });
  sandbox.customerSays("hello", { channel: "whatsapp" });
  expect(await heard(sandbox, 1)).toEqual(["public: Hello Marta!\n1. Delivery\n2. Talk to a person"]);
  sandbox.customerSays("1", { channel: "whatsapp" });
  expect((await heard(sandbox, 2)).slice(1)).toEqual(["public: In 1-3 days."]);
});

it("answers a manager's command privately and leaves other bots' commands alone", async (test) => {
  const sandbox = await sandboxFor(test);
  await listeningBot(test, sandbox, { files: FILES });
  sandbox.customerSays("hello");
  await heard(sandbox, 1);
  sandbox.managerCommands("/payment now");
  sandbox.managerCommands("/delivery express");
  expect((await heard(sandbox, 2)).slice(1)).toEqual(["private: Courier, post. You said: express"]);
});

it("assigns the first free person of a team and notes why; nobody there is said", async (test) => {
  const sandbox = await sandboxFor(test);
  await listeningBot(test, sandbox, { files: FILES });
  sandbox.customerSays("I want to talk to a person");
  await sandbox.waitFor(({ kind }) => kind === "assigned");
  expect((await heard(sandbox, 2)).at(-1)).toBe("private: Marta wants a person.");
  sandbox.setOnline("Anna Petrova", false);
  sandbox.newCustomer({ name: "Luis", channel: "telegram" });
  sandbox.customerSays("talk to a person please", { customer: "Luis" });
  expect((await heard(sandbox, 5)).slice(2)).toEqual([
    "public: Hello Luis!",
    "public: Everyone is away.",
    "private: Luis wants a person.",
  ]);
});

it("lets the next answer rule speak after `continue: yes`, and only the first otherwise", async (test) => {
  const sandbox = await sandboxFor(test);
  await listeningBot(test, sandbox, { files: FILES });
  sandbox.customerSays("thanks");
  expect((await heard(sandbox, 3)).slice(1)).toEqual(["public: You are welcome.", "public: Anything else?"]);
});

it("closes a dialog after its last word, and answers for a dialog closed by itself or by a manager", async (test) => {
  const sandbox = await sandboxFor(test);
  await listeningBot(test, sandbox, { files: FILES });
  sandbox.customerSays("bye");
  expect((await heard(sandbox, 3)).slice(1)).toEqual(["public: Bye.", "public: The dialog is closed."]);
  sandbox.newCustomer({ name: "Luis", channel: "telegram" });
  sandbox.customerSays("hm", { customer: "Luis" });
  await heard(sandbox, 5);
  sandbox.closeByManager();
  expect((await heard(sandbox, 6)).slice(5)).toEqual(["public: The dialog is closed."]);
});

it("keeps quiet once a manager has written, and never answers its own echo or another bot", async (test) => {
  const rules = `
- rule: Anything
  when: {message: any}
  do:
    - reply: "You said {{ message.text }}."
    - tag: seen {{ message.text }}
`;
  const sandbox = await sandboxFor(test);
  await listeningBot(test, sandbox, { files: { "bot.config.yaml": connected(rules) } });
  const tagged = (tag: string) =>
    sandbox.until(({ dialogs }) => [...dialogs.values()].some(({ tags }) => tags.some(({ name }) => name === tag)));
  sandbox.customerSays("one");
  await heard(sandbox, 1);
  sandbox.otherBotSays("I am a bot, too");
  sandbox.managerSays("I am here");
  sandbox.customerSays("two");
  await tagged("seen two");
  expect(spoken(sandbox)).toEqual(["public: You said one."]);
});

it("handles the events of one chat in order while other chats go on", async (test) => {
  const rules = `
- rule: Echo
  when: {message: any}
  do:
    - reply: "{{ customer.first_name or '' }} {{ message.text }}"
`;
  const sandbox = await sandboxFor(test);
  await listeningBot(test, sandbox, {
    files: { "bot.config.yaml": connected(rules, "bot: {answers_per_minute: 100, requests_per_second: 50}") },
  });
  const names = ["Ana", "Ben", "Cid"];
  for (const name of names) sandbox.newCustomer({ name, channel: "telegram" });
  for (const number of [1, 2, 3, 4, 5])
    for (const name of names) sandbox.customerSays(String(number), { customer: name });
  const said = await heard(sandbox, 15);
  for (const name of names) {
    expect(said.filter((text) => text.includes(name))).toEqual(
      [1, 2, 3, 4, 5].map((number) => `public: ${name} ${number}`),
    );
  }
});
