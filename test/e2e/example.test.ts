import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { heard, listeningBot, sandboxFor, spoken } from "./bot.ts";

const EXAMPLE = new URL("../fixtures/example/bot.config.yaml", import.meta.url).pathname;
const OWN = "http: {host: 127.0.0.1, port: 0}\nlog: {format: json, level: debug}\nrules:";

/** The printed example on a free port, as patient as a test needs it. */
async function files(): Promise<Readonly<Record<string, string>>> {
  const printed = await readFile(EXAMPLE, "utf8");
  const text = printed.replace(/^rules:/m, OWN).replace("answers_per_minute: 5", "answers_per_minute: 100");
  return { "bot.config.yaml": text, [join("rules", "10-none.yaml")]: "rules: []\n" };
}

type Sandbox = Awaited<ReturnType<typeof sandboxFor>>;

/** Says each text once the bot has answered the one before; `first` messages are awaited after the first text. */
async function talk(sandbox: Sandbox, texts: readonly string[], first = 1, choice = {}): Promise<readonly string[]> {
  const before = spoken(sandbox).length;
  let wanted = before;
  for (const [index, text] of texts.entries()) {
    wanted += index === 0 ? first : 1;
    sandbox.customerSays(text, choice);
    await heard(sandbox, wanted);
  }
  return spoken(sandbox).slice(before);
}

const HELLO = "public: Hello Marta! How can we help?";
const NUMBER = "public: Which order number?";
const PHONE = "public: And the phone number it was placed with?";
const NONE = "public: I see no such order; a manager will check.";

it("tells a customer the status of an order, asking for its number and phone", async (test) => {
  const sandbox = await sandboxFor(test);
  await listeningBot(test, sandbox, { files: await files() });
  const said = await talk(sandbox, ["Hi, where is my order?", "4117A", "I forgot", "+34 600 12 34 56"], 2);
  expect(said.toSorted()).toEqual(
    [
      HELLO,
      NUMBER,
      PHONE,
      "public: Please type it like +34 600 123 456",
      "public: Order 4117A is Handed to courier.",
    ].toSorted(),
  );
  expect(said.at(-1)).toBe("public: Order 4117A is Handed to courier.");
});

it("lists the ways of delivery for managers, privately", async (test) => {
  const sandbox = await sandboxFor(test);
  await listeningBot(test, sandbox, { files: await files() });
  sandbox.customerSays("delivery?");
  await heard(sandbox, 2);
  sandbox.managerCommands("/delivery");
  expect((await heard(sandbox, 3)).at(-1)).toMatch(/^private: We ship with .+, .+\.$/);
});

it("hands an unknown order to the team, and finds nothing more after three tries", async (test) => {
  const sandbox = await sandboxFor(test);
  await listeningBot(test, sandbox, { files: await files() });
  const ofPablo = ["my order", "4118A", "+34 600 98 76 54"];
  expect(await talk(sandbox, ["my order", "4118A", "+34 600 12 34 56"], 2)).toEqual([HELLO, NUMBER, PHONE, NONE]);
  await sandbox.until(({ dialogs }) => [...dialogs.values()].some(({ responsible }) => responsible?.type === "user"));
  for (let tries = 2; tries <= 3; tries++)
    expect((await talk(sandbox, ["my order", `499${tries}Z`, "+34 600 12 34 56"])).at(-1)).toBe(NONE);
  expect((await talk(sandbox, ofPablo)).at(-1)).toBe(NONE);
  sandbox.newCustomer({ name: "Luis", channel: "telegram" });
  expect((await talk(sandbox, ofPablo, 2, { customer: "Luis" })).at(-1)).toBe("public: Order 4118A is New.");
});

const responsibleOf = (sandbox: Sandbox, dialogId: number) => sandbox.world.dialogs.get(dialogId)?.responsible ?? null;

async function assignedTo(sandbox: Sandbox, dialogId: number): Promise<string | null> {
  await sandbox.until(() => responsibleOf(sandbox, dialogId) !== null);
  return sandbox.world.people.get(responsibleOf(sandbox, dialogId)?.id ?? 0)?.firstName ?? null;
}

/** A new customer asks something; gives the dialog. */
function newQuestion(sandbox: Sandbox, name: string): number {
  sandbox.newCustomer({ name, channel: "telegram" });
  return sandbox.customerSays("Is this for me?", { customer: name }).dialogId ?? 0;
}

it("shares new questions out in turn, and serves the queue when someone is back", async (test) => {
  const sandbox = await sandboxFor(test);
  sandbox.setOnline("Ivan Sidorov", true);
  await listeningBot(test, sandbox, { files: await files() });
  const given: (string | null)[] = [];
  for (const name of ["Ada", "Bea", "Cleo", "Dora"]) given.push(await assignedTo(sandbox, newQuestion(sandbox, name)));
  expect(given).toEqual(["Anna", "Ivan", "Anna", "Ivan"]);
  sandbox.setOnline("Anna Petrova", false);
  sandbox.setOnline("Ivan Sidorov", false);
  const first = newQuestion(sandbox, "Eve");
  const second = newQuestion(sandbox, "Fay");
  await sandbox.until(() => spoken(sandbox).filter((text) => text.startsWith("public: Hello")).length >= 6);
  expect([responsibleOf(sandbox, first), responsibleOf(sandbox, second)]).toEqual([null, null]);
  sandbox.setOnline("Ivan Sidorov", true);
  expect([await assignedTo(sandbox, first), await assignedTo(sandbox, second)]).toEqual(["Ivan", "Ivan"]);
});
