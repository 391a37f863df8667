import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Sandbox } from "../../src/sandbox/index.ts";
import { connected, heard, listeningBot, sandboxFor, spoken } from "./bot.ts";

const ECHO = `
- rule: Echo
  when: {message: any}
  do:
    - reply: "{{ message.text }}"
`;
const HEAD = "bot: {requests_per_second: 50, answers_per_minute: 100}";
const NAMES = ["Ana", "Boris", "Chloe"] as const;

/** The texts of one customer that were answered, in order. */
const answersTo = (sandbox: Sandbox, name: string) =>
  spoken(sandbox)
    .filter((text) => text.includes(name))
    .map((text) => text.replace("public: ", ""));

it("answers everything that was written while it was dead once and in order, after a kill -9", async (test) => {
  const sandbox = await sandboxFor(test);
  const folder = await mkdtemp(join(tmpdir(), "rulebot-"));
  test.onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const files = { "bot.config.yaml": connected(ECHO, HEAD) };
  const first = await listeningBot(test, sandbox, { files, folder });
  for (const name of NAMES) sandbox.newCustomer({ name, channel: "telegram" });
  const talk = (from: number, to: number) => {
    for (let n = from; n <= to; n++) for (const name of NAMES) sandbox.customerSays(`${name} ${n}`, { customer: name });
  };
  talk(1, 2);
  await heard(sandbox, 3);
  // In the middle of its work: some of these are stored, some are not.
  talk(3, 4);
  await first.stop("SIGKILL");
  talk(5, 9);
  await listeningBot(test, sandbox, { files, folder });
  talk(10, 11);

  // A reply whose answer was lost by the kill is looked up before it is sent again: that takes half a minute at most.
  await heard(sandbox, 33, 60_000);
  const wanted = (name: string) => Array.from({ length: 11 }, (_, index) => `${name} ${index + 1}`);
  for (const name of NAMES) expect(answersTo(sandbox, name)).toEqual(wanted(name));
}, 90_000);
