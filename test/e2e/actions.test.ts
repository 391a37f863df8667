import { expect, it } from "vitest";
import type { Sandbox } from "../../src/sandbox/index.ts";
import { connected, heard, listeningBot, sandboxFor, spoken } from "./bot.ts";

const ACTIONS = `
- rule: Hi
  when: {message_is: hi}
  do:
    - reply: One.
- rule: Mend
  when: {message_is: mend}
  do:
    - edit: Two.
    - tag: mended
- rule: Take back
  when: {message_is: take back}
  do:
    - delete: yes
    - tag: taken back
- rule: Picture
  when: {message_is: picture}
  do:
    - send_image: https://files.example/shop.jpg
      caption: Our shop
- rule: Rehearsal
  when: {message_is: rehearse}
  mode: shadow
  do:
    - reply: Never said.
    - tag: never put
- rule: Rehearsed
  when: {message_is: rehearse}
  do:
    - tag: rehearsed
- rule: Quiet please
  when: {message_is: hush}
  do:
    - mute: until_closed
    - tag: muted
- rule: Speak again
  when: {message_is: speak}
  do:
    - unmute: yes
    - reply: I am back.
`;

async function tagged(sandbox: Sandbox, tag: string): Promise<void> {
  await sandbox.until(
    ({ dialogs }) => [...dialogs.values()].some(({ tags }) => tags.some(({ name }) => name === tag)),
    15_000,
  );
}

const own = (sandbox: Sandbox) =>
  [...sandbox.world.messages.values()].filter(({ from, scope }) => from?.type === "bot" && scope === "public");

it("edits and deletes its last message, sends a picture, rehearses a shadow rule, keeps silent and speaks again", async (test) => {
  const sandbox = await sandboxFor(test);
  const bot = await listeningBot(test, sandbox, { files: { "bot.config.yaml": connected(ACTIONS) } });
  sandbox.customerSays("hi");
  await heard(sandbox, 1);
  sandbox.customerSays("mend");
  await tagged(sandbox, "mended");
  expect(own(sandbox).map(({ content, deleted }) => [content, deleted])).toEqual([["Two.", false]]);
  sandbox.customerSays("take back");
  await tagged(sandbox, "taken back");
  expect(own(sandbox).map(({ content, deleted }) => [content, deleted])).toEqual([["Two.", true]]);

  sandbox.customerSays("picture");
  await heard(sandbox, 2);
  expect(own(sandbox).at(-1)).toMatchObject({ type: "image", note: "Our shop", items: [{ kind: "image" }] });

  sandbox.customerSays("rehearse");
  await tagged(sandbox, "rehearsed");
  expect(await bot.logged(({ msg }) => msg === "rule would have fired (shadow)")).toMatchObject({ rule: "Rehearsal" });

  sandbox.customerSays("hush");
  await tagged(sandbox, "muted");
  sandbox.customerSays("hi");
  expect(await bot.logged(({ msg }) => msg === "action withheld")).toMatchObject({
    level: 30,
    rule: "Hi",
    action: "reply",
    reason: "muted",
  });
  sandbox.customerSays("speak");
  expect((await heard(sandbox, 3)).at(-1)).toBe("public: I am back.");
  expect(JSON.stringify([...sandbox.world.dialogs.values()])).not.toContain("never put");
});

it("opens a dialog where none is open, and speaks in it", async (test) => {
  const rules = `
- rule: Bye
  when: {message_is: bye}
  do:
    - close: yes
- rule: Call on
  when: {command: callon}
  do:
    - open_dialog: yes
    - reply: Here we are again.
      to: customer
`;
  const sandbox = await sandboxFor(test);
  const file = connected(rules, "commands: {callon: Speak to the customer again}");
  await listeningBot(test, sandbox, { files: { "bot.config.yaml": file } });
  const closed = sandbox.waitFor(({ kind }) => kind === "dialog_closed", 15_000);
  sandbox.customerSays("bye");
  await closed;
  sandbox.managerCommands("/callon");
  expect(await heard(sandbox, 1)).toEqual(["public: Here we are again."]);
  const dialogs = [...sandbox.world.dialogs.values()];
  expect(dialogs.map(({ closedAt }) => closedAt === null)).toEqual([false, true]);
  expect(own(sandbox)[0]?.dialogId).toBe(dialogs[1]?.id);
});

it("pauses at its cap of answers with one note, and the log says why an answer did not come", async (test) => {
  const sandbox = await sandboxFor(test);
  const rules =
    "- rule: Echo\n  when: {message: any}\n  do:\n    - reply: Again.\n- rule: Seen\n  when: {message: any}\n  do:\n    - tag: '{{ message.text }}'\n";
  const file = connected(rules, "bot: {answers_per_minute: 2}");
  const bot = await listeningBot(test, sandbox, { files: { "bot.config.yaml": file } });
  for (const text of ["one", "two", "three", "four"]) sandbox.customerSays(text);
  await tagged(sandbox, "four");
  const note =
    "private: The bot has answered here as often as it may in a minute (bot.answers_per_minute). It pauses; please take over if needed.";
  expect(spoken(sandbox)).toEqual(["public: Again.", "public: Again.", note]);
  const withheld = bot.logs.filter(({ msg }) => msg === "answer withheld");
  expect(withheld.map(({ rule, reason, level }) => [rule, reason, level])).toEqual([
    ["Echo", "answers_per_minute", 30],
    ["Echo", "answers_per_minute", 30],
  ]);
});

it("falls silent with one note when it repeats itself with no word from the customer", async (test) => {
  const rules = `
- rule: Bot talk
  when: {message: any, from: bot}
  do:
    - reply: I am a bot.
    - tag: "{{ message.text }}"
`;
  const sandbox = await sandboxFor(test);
  const bot = await listeningBot(test, sandbox, { files: { "bot.config.yaml": connected(rules) } });
  sandbox.customerSays("hello");
  for (const text of ["one", "two", "three", "four"]) sandbox.otherBotSays(text);
  await tagged(sandbox, "four");
  expect(spoken(sandbox)).toEqual([
    "public: I am a bot.",
    "public: I am a bot.",
    "private: The bot was repeating itself with no word from the customer, so it keeps silent in this chat for 30 minutes.",
  ]);
  const withheld = bot.logs.filter(({ msg }) => msg === "action withheld");
  expect(withheld.map(({ reason }) => reason)).toEqual(["loop", "muted"]);
});
