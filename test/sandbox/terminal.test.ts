import { PassThrough } from "node:stream";
import { describe, expect, it, onTestFinished } from "vitest";
import { attachTerminal } from "../../src/sandbox/terminal/index.ts";
import { readLine } from "../../src/sandbox/terminal/line.ts";
import type { Language } from "../../src/types/issue.ts";
import type { Verdict } from "../../src/types/plan.ts";
import { registeredClient } from "../helpers/sandbox.ts";

it.each([
  { typed: "hello there ", line: { kind: "customer", text: "hello there" } },
  { typed: "2", line: { kind: "customer", text: "2" } },
  { typed: "//start", line: { kind: "customer", text: "/start" } },
  { typed: "  ", line: { kind: "empty" } },
  { typed: "/help", line: { kind: "help" } },
  { typed: "/manager  Hello, I am Anna", line: { kind: "manager", text: "Hello, I am Anna" } },
  { typed: "/manager", line: { kind: "lacking", word: "manager" } },
  { typed: "/note call back", line: { kind: "note", text: "call back" } },
  { typed: "/delivery express  now", line: { kind: "command", name: "delivery", line: "/delivery express  now" } },
  { typed: "/online Ivan Sidorov", line: { kind: "online", name: "Ivan Sidorov" } },
  { typed: "/offline Anna", line: { kind: "offline", name: "Anna" } },
  { typed: "/assign Anna", line: { kind: "assign", name: "Anna" } },
  { typed: "/channel whatsapp", line: { kind: "channel", name: "whatsapp" } },
  { typed: "/new", line: { kind: "new", name: null } },
  { typed: "/new Luis Ortega", line: { kind: "new", name: "Luis Ortega" } },
  { typed: "/image https://a.example/b.png", line: { kind: "image", url: "https://a.example/b.png" } },
  { typed: "/file", line: { kind: "file", url: null } },
  { typed: "/close", line: { kind: "close" } },
  { typed: "/", line: { kind: "command", name: "", line: "/" } },
])("$typed is read as $line", ({ typed, line }) => {
  expect(readLine(typed)).toEqual(line);
});

/** A terminal on two plain streams. `type` types lines and gives what is printed up to the line that is `last`. */
async function terminal({ language = "en" as Language, tty = false } = {}) {
  const client = await registeredClient();
  const input = new PassThrough();
  const output = new PassThrough();
  if (tty)
    for (const stream of [input, output])
      Object.assign(stream, { isTTY: true, setRawMode: () => stream, columns: 200 });
  let printed = "";
  const looks = new Set<() => void>();
  output.on("data", (chunk: Buffer) => {
    printed += String(chunk);
    for (const look of [...looks]) look();
  });
  const { promise: interrupted, resolve: interrupt } = Promise.withResolvers<void>();
  const attached = attachTerminal({ sandbox: client.sandbox, input, output, language, interrupt });
  onTestFinished(() => attached.close());
  const until = (last: string) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!printed.includes(last)) return;
        looks.delete(look);
        resolve();
      };
      looks.add(look);
      look();
    });
  const type = async (typed: readonly string[], last: string): Promise<string> => {
    await until("\n");
    printed = "";
    for (const line of typed) input.write(`${line}\n`);
    await until(last);
    return printed;
  };
  return { ...client, ...attached, input, type, until, interrupted, printed: () => printed };
}

const verdict = (rule: string, outcome: Verdict["outcome"]): Verdict => ({
  ruleId: rule,
  rule,
  occasion: "message",
  outcome,
  failed: null,
  steps: [],
});

const asked = (type: string, from: string) => ({
  key: "message_new:1",
  type,
  at: 0,
  chatId: 1,
  data: { message: { from: { type: from } } },
});

describe("the terminal", () => {
  it("says who one is, and types as the customer", async () => {
    const { type, until, sandbox } = await terminal();
    await until("You are Marta Lind on telegram. Type a message and press Enter; /help shows what else you can do.\n");
    expect(await type(["hello", "2"], "Marta Lind: 2\n")).toBe("  dialog opened\nMarta Lind: hello\nMarta Lind: 2\n");
    const contents = [...sandbox.world.messages.values()].map(({ content }) => content).filter(Boolean);
    expect(contents).toEqual(["hello", "2"]);
  });

  it("shows what the bot says, with its buttons, notes, edits and failures", async () => {
    const { type, api, sandbox, until } = await terminal();
    await type(["hello"], "hello\n");
    const [chat] = sandbox.world.chats.keys();
    const say = (body: object) =>
      api("sendMessage", { body: { chat_id: chat, scope: "public", type: "text", ...body } });
    const suggestions = [{ type: "text", title: "Delivery" }, { type: "phone" }];
    const first = await say({ content: "How can we help?", transport_attachments: { suggestions } });
    await until("Test bot: How can we help? [Delivery] [phone]\n");
    await say({ content: "She asked twice", scope: "private" });
    await until("Test bot (to the staff): She asked twice\n");
    await say({ type: "product", product: { id: 1, name: "Pot" } });
    await until("Test bot: <product Pot>\n");
    const id = Number(Object(first.body).message_id);
    await api("editMessage", { path: { message_id: id }, body: { content: "Yes?" } });
    await until("Test bot (edited): Yes? [Delivery] [phone]\n");
    sandbox.messageFails(id, "reply_timed_out");
    await until("  not delivered (reply_timed_out): Yes? [Delivery] [phone]\n");
    await api("deleteMessage", { path: { message_id: id } });
    await until("  Test bot deleted: Yes? [Delivery] [phone]\n");
  });

  it("shows assignments, tags and closings, whoever makes them", async () => {
    const { type, sandbox } = await terminal();
    await type(["hello"], "hello\n");
    const shown = await type(["/assign ivan", "/close"], "dialog closed\n");
    expect(shown).toBe("  assigned to Ivan Sidorov\n  dialog closed\n");
    await type(["again"], "again\n");
    sandbox.tagByManager(["vip"]);
    sandbox.untagByManager(["vip"]);
    sandbox.assignByManager("Autoresponder");
    sandbox.unassignByManager();
    expect(await type(["/online Ivan Sidorov", "/offline Anna"], "offline\n")).toBe(
      "  Ivan Sidorov is online\n  Anna Petrova is offline\n",
    );
  });

  it("shows which rules acted, and that none did", async () => {
    const { decided, until } = await terminal();
    decided({
      event: asked("message_new", "customer"),
      verdicts: [verdict("Welcome", "fired"), verdict("Later", "condition")],
    });
    decided({ event: asked("message_new", "customer"), verdicts: [verdict("Trial", "shadow")] });
    decided({ event: asked("message_new", "bot"), verdicts: [] });
    decided({ event: asked("chat_updated", "customer"), verdicts: [] });
    decided({ event: asked("message_new", "user"), verdicts: [verdict("Command", "fired")] });
    await until("  rule: Welcome\n  rule in shadow mode: Trial\n  no rule acted\n  rule: Command\n");
  });

  it("says that no rule fits once the customer has paused, not while more may follow", async () => {
    const { decided, until } = await terminal();
    const paused = { key: "t", type: "timer", at: 0, chatId: 1, data: { timer: "gather:7740" } };
    decided({ event: asked("message_new", "customer"), verdicts: [], gathers: true });
    decided({ event: asked("message_new", "customer"), verdicts: [verdict("Prices", "gathers")], gathers: true });
    decided({ event: paused, verdicts: [verdict("Prices", "condition")], gathers: false });
    decided({ event: { ...paused, data: { timer: "run:1" } }, verdicts: [], gathers: false });
    decided({ event: asked("message_new", "user"), verdicts: [verdict("Command", "fired")], gathers: false });
    await until(
      "  rule held back: Prices: it waits for more messages of the customer (gather)\n  no rule fits this\n  rule: Command\n",
    );
  });

  it.each([
    {
      language: "en" as const,
      none: "no rule fits this",
      lines:
        "  rule: Prices\n    reply (line 7) not done: one of your people has written, so the bot is silent (bot.quiet_after_manager)\n",
    },
    {
      language: "es" as const,
      none: "ninguna regla coincide",
      lines:
        "  regla: Prices\n    reply (línea 7) sin hacer: escribió alguien de su equipo, así que el bot calla (bot.quiet_after_manager)\n",
    },
    {
      language: "ru" as const,
      none: "ни одно правило не подошло",
      lines:
        "  правило: Prices\n    reply (строка 7) не выполнено: написал ваш сотрудник, поэтому бот молчит (bot.quiet_after_manager)\n",
    },
  ])("says in $language why a rule's answer was withheld", async ({ language, lines, none }) => {
    const { decided, until } = await terminal({ language });
    const steps = [
      { action: "reply", line: 7, did: "nothing" as const, reason: "quiet" },
      { action: "tag", line: 8, did: "call" as const, reason: null },
      { action: "untag", line: 9, did: "nothing" as const, reason: "already" },
    ];
    decided({ event: asked("message_new", "customer"), verdicts: [{ ...verdict("Prices", "fired"), steps }] });
    decided({ event: asked("message_new", "customer"), verdicts: [] });
    await until(`${lines}  ${none}\n`);
  });

  it.each([
    {
      given: verdict("Welcome", "once"),
      says: "  rule held back: Welcome: it has acted here already (once_per or again_after)\n  no rule acted\n",
    },
    {
      given: verdict("Prices", "capped"),
      says: "  rule held back: Prices: the bot has answered here as often as it may in a minute (bot.answers_per_minute)\n  no rule acted\n",
    },
    {
      given: { ...verdict("Logic", "condition"), error: "too deep" },
      says: "  rule that could not be judged: Logic: too deep\n  no rule fits this\n",
    },
    {
      given: verdict("Prices", "condition"),
      says: "telegram. Type a message and press Enter; /help shows what else you can do.\n  no rule fits this\n",
    },
  ])("says why a rule did not act: $given.outcome", async ({ given, says }) => {
    const { decided, until } = await terminal();
    decided({ event: asked("message_new", "customer"), verdicts: [given] });
    await until(says);
  });

  it("says that no rule fits a manager's command, and is silent about what managers write", async () => {
    const { decided, until } = await terminal();
    const typed = (type: string) => {
      const event = asked("message_new", "user");
      return { event: { ...event, data: { message: { ...event.data.message, type } } }, verdicts: [] };
    };
    decided(typed("text"));
    decided(typed("command"));
    await until("can do.\n  no rule fits this\n");
  });

  it("tells what the program has to say", async () => {
    const { tell, until } = await terminal();
    tell("The files were read again. Rules: 2.");
    await until("The files were read again. Rules: 2.\n");
  });

  it("lets a manager write, note and give the bot's commands", async () => {
    const { type, api, sandbox } = await terminal();
    await type(["hello"], "hello\n");
    expect(await type(["/delivery express"], "\n")).toBe("The bot has no command /delivery.\n");
    await api("createOrUpdateCommand", {
      path: { command_name: "delivery" },
      body: { description: "Ways of delivery" },
    });
    expect(await type(["/delivery express", "/manager Hi", "/note Hm"], "Hm\n")).toBe(
      "Anna Petrova (to the staff): /delivery express\nAnna Petrova: Hi\nAnna Petrova (to the staff): Hm\n",
    );
    const command = [...sandbox.world.messages.values()].find(({ type }) => type === "command");
    expect(command?.content).toBe("/delivery express");
  });

  it("goes on as another customer, or in another messenger, and back", async () => {
    const { type, sandbox } = await terminal();
    expect(await type(["/new", "hola"], "hola\n")).toContain("You are Customer 2 on telegram.");
    expect(await type(["/channel whatsapp", "hi"], "hi\n")).toContain("You are Customer 2 on whatsapp.");
    expect(await type(["/channel telegram", "back"], "back\n")).toContain("You are Customer 2 on telegram.");
    expect(await type(["/new Luis Ortega"], "\n")).toContain("You are Luis Ortega on telegram.");
    expect(sandbox.world.chats.size).toBe(2);
  });

  it("sends pictures and files", async () => {
    const { type } = await terminal();
    expect(await type(["/image", "/file https://a.example/list.pdf"], "<file>\n")).toBe(
      "  dialog opened\nMarta Lind: <image>\nMarta Lind: <file>\n",
    );
  });

  it.each([
    { typed: "/close", answer: "No dialog is open.\n" },
    { typed: "/manager hi", answer: "No dialog is open.\n" },
    { typed: "/online Bob", answer: "I do not know Bob.\n" },
    { typed: "/channel pigeon", answer: "I do not know pigeon.\n" },
    { typed: "/assign", answer: "/assign needs something after it.\n" },
  ])("answers $typed with: $answer", async ({ typed, answer }) => {
    const { type } = await terminal();
    expect(await type([typed], "\n")).toBe(answer);
  });

  it("says what the service refuses", async () => {
    const { type, sandbox } = await terminal();
    await type(["hello"], "hello\n");
    sandbox.changePerson("Anna", { active: false });
    expect(await type(["/assign Anna"], "refused")).toContain("refused: user is not active\n");
  });

  it("helps, and names the channels and the bot's commands", async () => {
    const { type, api } = await terminal();
    expect(await type(["/help"], "no commands.\n")).toContain("telegram, whatsapp, instagram");
    await api("createOrUpdateCommand", { path: { command_name: "delivery" }, body: { description: "Ways" } });
    await type(["/help"], "The bot's commands:\n/delivery            Ways\n");
  });

  it.each([
    { language: "es" as const, words: "Usted es Marta Lind en telegram." },
    { language: "ru" as const, words: "Вы — Marta Lind, канал telegram." },
  ])("speaks $language", async ({ language, words }) => {
    const { until } = await terminal({ language });
    await until(words);
  });

  it("lives on when its input ends: what happens is still shown", async () => {
    const { input, until, sandbox } = await terminal();
    input.end();
    sandbox.customerSays("still here");
    await until("Marta Lind: still here\n");
  });

  it("ends when it is closed: nothing more is shown, and the sandbox goes on", async () => {
    const { close, printed, sandbox } = await terminal();
    close();
    const before = printed();
    sandbox.customerSays("unseen");
    expect(printed()).toBe(before);
    expect(sandbox.world.messages.size).toBeGreaterThan(0);
  });

  it("keeps what is being typed below what is printed, and hands Ctrl-C on", async () => {
    const { input, until, sandbox, interrupted, type } = await terminal({ tty: true });
    await until("> ");
    input.write("hel");
    await until("hel");
    sandbox.setOnline("Ivan Sidorov", true);
    await until("\r\u001b[K  Ivan Sidorov is online\n");
    await until("> hel");
    const shown = await type(["lo", "/offline Anna"], "offline\n");
    // The customer's own words are on the screen already.
    expect(shown).not.toContain("Marta Lind: hello");
    expect([...sandbox.world.messages.values()][0]?.content).toBe("hello");
    input.write("\u0003");
    await interrupted;
  });
});
