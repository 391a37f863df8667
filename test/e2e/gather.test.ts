import { describe, expect, it } from "vitest";
import type { Sandbox } from "../../src/sandbox/index.ts";
import { connected, listeningBot, sandboxFor, spoken } from "./bot.ts";

const RULES = `
- rule: Seen
  when: {event: message_new}
  do:
    - note: Seen {{ message.text }}.
- rule: Order
  when: {message_has: order}
  do:
    - ask: Tell me about it.
    - reply: "Noted: {{ answer }}"
- rule: Urgent
  when: {message_has: urgent}
  gather: 0s
  do:
    - reply: "At once: {{ message.text }}"
- rule: Turn
  when: {message: any}
  do:
    - reply: "Turn: {{ message.text }}"
`;
const LIMITS = "bot: {answers_per_minute: 100, requests_per_second: 50}";
const files = (head: string) => ({ "bot.config.yaml": connected(RULES, `${LIMITS}\n${head}`) });

/** What customers were told, in order. */
const openly = (sandbox: Sandbox) => spoken(sandbox).filter((text) => text.startsWith("public: "));

/** Writes one message and waits until the bot has seen it. */
async function says(sandbox: Sandbox, text: string): Promise<void> {
  sandbox.customerSays(text);
  await sandbox.until(() => spoken(sandbox).includes(`private: Seen ${text}.`));
}

async function told(sandbox: Sandbox, count: number): Promise<readonly string[]> {
  await sandbox.until(() => openly(sandbox).length >= count);
  return openly(sandbox);
}

describe("quick messages", () => {
  it("are answered together, also as the answer to a question, unless a rule does not wait", async (test) => {
    const sandbox = await sandboxFor(test);
    await listeningBot(test, sandbox, { files: files("gather: 1s") });
    for (const text of ["hello", "are you", "there?"]) sandbox.customerSays(text);
    const turn = "public: Turn: hello\nare you\nthere?";
    expect(await told(sandbox, 1)).toEqual([turn]);
    sandbox.customerSays("my order");
    const asked = "public: Tell me about it.";
    expect(await told(sandbox, 2)).toEqual([turn, asked]);
    for (const text of ["It is late", "by a week"]) sandbox.customerSays(text);
    const noted = "public: Noted: It is late\nby a week";
    expect(await told(sandbox, 3)).toEqual([turn, asked, noted]);
    for (const text of ["this is", "urgent"]) sandbox.customerSays(text);
    expect(await told(sandbox, 4)).toEqual([turn, asked, noted, "public: At once: this is\nurgent"]);
  });

  it.for(["SIGTERM", "SIGKILL"] as const)("outlive %s and are answered once", async (signal, test) => {
    const sandbox = await sandboxFor(test);
    const first = await listeningBot(test, sandbox, { files: files("gather: 2s") });
    for (const text of ["one", "two"]) await says(sandbox, text);
    await first.stop(signal);
    await listeningBot(test, sandbox, { files: {}, folder: first.folder });
    await told(sandbox, 1);
    sandbox.customerSays("urgent");
    expect(await told(sandbox, 2)).toEqual(["public: Turn: one\ntwo", "public: At once: urgent"]);
  });

  it("are answered although the files no longer gather", async (test) => {
    const sandbox = await sandboxFor(test);
    const bot = await listeningBot(test, sandbox, { files: files("gather: 3s") });
    for (const text of ["one", "two"]) await says(sandbox, text);
    await bot.save("bot.config.yaml", files("")["bot.config.yaml"]);
    await bot.logged(({ msg }) => msg === "the files were read again");
    expect(await told(sandbox, 1)).toEqual(["public: Turn: one\ntwo"]);
    await says(sandbox, "three");
    expect(await told(sandbox, 2)).toEqual(["public: Turn: one\ntwo", "public: Turn: three"]);
  });
});
