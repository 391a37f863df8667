import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type Bot, connected, heard, listeningBot, sandboxFor } from "./bot.ts";

const answer = (text: string, head = "") =>
  connected(`- rule: Answer\n  when: {message: any}\n  do:\n    - reply: ${text}\n`, head);

const READ = "the files were read again";
const readings = ({ logs }: Bot) => logs.filter(({ msg }) => msg === READ).length;

it("keeps its rules while its file is away, and takes over the one that an editor puts in its place", async (test) => {
  const sandbox = await sandboxFor(test);
  const bot = await listeningBot(test, sandbox, { files: { "bot.config.yaml": answer("One.") }, args: ["--no-watch"] });
  const file = join(bot.folder, "bot.config.yaml");
  await rm(file);
  bot.signal("SIGHUP");
  await bot.logged(({ msg }) => msg === "the files have faults; the rules before go on");
  expect(bot.errors()).toMatch(/bot\.config\.yaml/);
  sandbox.customerSays("a");
  expect(await heard(sandbox, 1)).toEqual(["public: One."]);

  await bot.save("other.yaml", answer("Two."));
  await rename(join(bot.folder, "other.yaml"), file);
  bot.signal("SIGHUP");
  await bot.logged(({ msg }) => msg === READ);
  sandbox.customerSays("b");
  expect((await heard(sandbox, 2)).at(-1)).toBe("public: Two.");
  expect(await (await fetch(`${bot.url()}/readyz`)).json()).toMatchObject({
    ready: true,
    config_last_reload_success: 1,
  });
});

it("reads many saves at once as one, and ends up with the last", async (test) => {
  const sandbox = await sandboxFor(test);
  const bot = await listeningBot(test, sandbox, { files: { "bot.config.yaml": answer("First.") } });
  for (let save = 0; save < 100; save++) await bot.save("bot.config.yaml", answer(`Save ${save}.`));
  const second = "  - rule: Never\n    when: {message_is: never}\n    do:\n      - tag: never\n";
  await bot.save("bot.config.yaml", `${answer("Last.")}${second}`);
  await bot.logged(({ msg, rules }) => msg === READ && rules === 2);
  sandbox.customerSays("a");
  expect(await heard(sandbox, 1)).toEqual(["public: Last."]);
  // One, unless this machine took half a second over one save.
  expect(readings(bot)).toBeLessThan(10);
});

it("says which settings wait for a restart, and takes over the rules beside them", async (test) => {
  const sandbox = await sandboxFor(test);
  const bot = await listeningBot(test, sandbox, { files: { "bot.config.yaml": answer("One.") } });
  await bot.save("bot.config.yaml", answer("Two.", "module: {code: rulebot, name: Another name}"));
  const line = await bot.logged(({ msg }) => String(msg).includes("restart to use their new values"));
  expect(line.level).toBe(40);
  await bot.logged(({ msg }) => msg === READ);
  sandbox.customerSays("a");
  expect(await heard(sandbox, 1)).toEqual(["public: Two."]);
  expect(sandbox.world.modules.get("rulebot")?.fields.name).not.toBe("Another name");
});
