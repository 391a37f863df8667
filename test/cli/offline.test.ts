import { readFile } from "node:fs/promises";
import { afterEach, describe, expect, it } from "vitest";
import { type Folder, makeFolder, run, runProcess, VERSION } from "./program.ts";

const RULES = `version: 1
commands: {delivery: Ways of delivery}
teams: {sales: {people: [Anna Petrova]}}
rules:
  - rule: Welcome
    when: {dialog: opened}
    do:
      - reply: Hello!
        buttons: [Delivery, Prices]
  - rule: Rehearsed
    mode: shadow
    when: {message: any}
    do:
      - reply: In the shadow.
  - rule: Delivery
    when: {message_has: delivery}
    if: {tag: vip}
    do:
      - reply: We deliver at once.
      - tag: asked
  - rule: Prices
    when: {message_has: [price, prices, delivery]}
    do:
      - reply: See our list.
  - rule: Late
    when: {message: any}
    do:
      - reply: "It is {{ message.time | date: '%H:%M' }}."
  - rule: Command
    when: {command: delivery}
    do:
      - reply: By courier or post.
      - assign: sales
`;

const ACTIONS = `version: 1
rules:
  - rule: All
    when: {message: any}
    do:
      - reply: Never.
        if: {tag: vip}
      - note: First.
      - send_image: https://a.example/b.png
        caption: Look
      - set:
          dialog.topic: pictures
          chat.count: 2
      - send_product:
          id: 1
          name: Pot
      - tag: [a, b]
      - tag: a
      - assign: Olga Ruiz
      - choose:
          - do: [{mute: 2h}]
      - reply: Unheard.
      - unmute: yes
      - stop: yes
      - reply: Never.
`;

const BROKEN = `version: 1
rules:
  - rule: A
    when: {mesage_has: [delivery]}
    do:
      - reply: Hello
`;

let folder: Folder;
afterEach(() => folder.remove());

async function inFolder(config: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  folder = await makeFolder({ "bot.config.yaml": config });
  return run(args, { folder, env });
}

describe("the process", () => {
  const inProcess = async (config: string, args: readonly string[]) => {
    folder = await makeFolder({ "bot.config.yaml": config });
    return runProcess(args, { folder });
  };

  it("alone shows help", async () => {
    const { code, stdout, stderr } = await inProcess(RULES, []);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("Usage: rulebot [options] [command]");
  });

  it("tells its version", async () => {
    const about = JSON.parse(await readFile("package.json", "utf8"));
    expect(await inProcess(RULES, ["--version"])).toEqual({ code: 0, stdout: `${about.version}\n`, stderr: "" });
  });

  it("is wrong usage with an unknown command", async () => {
    const { code, stdout, stderr } = await inProcess(RULES, ["nonsense"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr.split("\n")[0]).toBe("error: unknown command 'nonsense'");
  });

  it("exits with 1 and shows the faults of its files", async () => {
    const { code, stdout, stderr } = await inProcess(BROKEN, ["check"]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    expect(stdout).toContain('bot.config.yaml:4:12  I do not know "mesage_has".');
  });

  it("reads files below the folder it stands in, and decides a message by them", async () => {
    const { code, stdout, stderr } = await inProcess(RULES, ["try", "What about delivery?"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("✓ Welcome  (bot.config.yaml:5)\n");
  });
});

describe("rulebot", () => {
  it("alone shows help", async () => {
    const { code, stdout } = await inFolder(RULES, []);
    expect(code).toBe(0);
    expect(stdout).toContain("Usage: rulebot [options] [command]");
    for (const command of ["start", "check", "try", "register", "unregister", "status"])
      expect(stdout).toContain(command);
  });

  it("tells its version", async () => {
    expect(await inFolder(RULES, ["--version"])).toEqual({ code: 0, stdout: `${VERSION}\n`, stderr: "" });
  });

  it.each([
    { args: ["nonsense"], says: "error: unknown command 'nonsense'" },
    { args: ["check", "--nonsense"], says: "error: unknown option '--nonsense'" },
    {
      args: ["check", "--format", "xml"],
      says: "error: option '--format <format>' argument 'xml' is invalid. Allowed choices are text, json, github.",
    },
    { args: ["try"], says: "error: missing required argument 'text'" },
  ])("$args is wrong usage", async ({ args, says }) => {
    const { code, stderr } = await inFolder(RULES, args);
    expect(code).toBe(2);
    expect(stderr.split("\n")[0]).toBe(says);
    expect(stderr).not.toContain("    at ");
  });
});

describe("rulebot check", () => {
  it("is content with sound files", async () => {
    const { code, stdout, stderr } = await inFolder(
      "version: 1\nrules:\n  - rule: A\n    when: {message: any}\n    do:\n      - reply: Hi\n",
      ["check"],
    );
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "No faults. Rules: 1; warnings: 0.\n", stderr: "" });
  });

  it("shows a fault with its place and its cure, and exits with 1", async () => {
    const { code, stdout } = await inFolder(BROKEN, ["check"]);
    expect(code).toBe(1);
    expect(stdout).toContain('bot.config.yaml:4:12  I do not know "mesage_has".');
    expect(stdout).toContain("did you mean message_has?");
  });

  it("speaks the language of the file", async () => {
    const { stdout } = await inFolder(BROKEN.replace("version: 1", "version: 1\nlanguage: ru"), ["check"]);
    expect(stdout).toMatch(/bot\.config\.yaml:5:12 {2}.*[а-я]/u);
  });

  it("prints data for programs", async () => {
    const { code, stdout } = await inFolder(BROKEN, ["check", "--format", "json"]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)[0]).toMatchObject({ severity: "fault", file: "bot.config.yaml", line: 4, column: 12 });
  });

  it("prints an empty list for programs when all is well", async () => {
    const { code, stdout } = await inFolder("version: 1\n", ["check", "--format", "json"]);
    expect({ code, list: JSON.parse(stdout) }).toEqual({ code: 0, list: [] });
  });

  it("prints annotations for GitHub", async () => {
    const { stdout } = await inFolder(BROKEN, ["check", "--format", "github"]);
    expect(stdout).toMatch(/^::error file=bot\.config\.yaml,line=4,col=12/m);
  });

  it("takes another file with --config", async () => {
    folder = await makeFolder({ "shop/other.yaml": BROKEN });
    const { code, stdout } = await run(["check", "--config", "shop/other.yaml"], { folder });
    expect(code).toBe(1);
    expect(stdout).toContain("other.yaml:4:12");
  });

  it("says in one sentence that the file is not there", async () => {
    folder = await makeFolder();
    const { code, stdout, stderr } = await run(["check"], { folder });
    expect(code).toBe(1);
    expect(stdout.split("\n")[0]).toMatch(/^bot\.config\.yaml:1:1 {2}.+\.$/);
    expect(stdout + stderr).not.toContain("    at ");
  });

  it("online needs an account", async () => {
    const { code, stderr } = await inFolder(RULES, ["check", "--online"]);
    expect(code).toBe(2);
    expect(stderr).toContain("No CRM is configured, so there is nothing to ask.");
  });
});

describe("rulebot try", () => {
  it("shows every rule with a tick or a cross beside each condition, and what would be sent", async () => {
    const { code, stdout, stderr } = await inFolder(RULES, ["try", "What about delivery?"]);
    expect(code).toBe(0);
    expect(stderr).not.toContain("    at ");
    expect(stdout.trimEnd().split("\n")).toEqual([
      "✓ Welcome  (bot.config.yaml:5)",
      "    → to the customer: Hello! [Delivery] [Prices]",
      "✗ Rehearsed  (bot.config.yaml:10)",
      "    ✓ from: customer",
      "    held back: mode: shadow, it only records what it would do",
      "    → to the customer: In the shadow.",
      "✗ Delivery  (bot.config.yaml:15)",
      "    ✓ from: customer",
      '    ✓ message has "delivery"',
      "    ✗ tag: vip",
      "✓ Prices  (bot.config.yaml:21)",
      "    ✓ from: customer",
      '    ✓ message has "price", "prices" or "delivery"',
      "    → to the customer: See our list.",
      "✗ Late  (bot.config.yaml:25)",
      "    ✓ from: customer",
      "    held back: an earlier rule has answered",
      "✗ Command  (bot.config.yaml:29)",
      "    ✗ when: command",
    ]);
  });

  it("sees the tags it is given", async () => {
    const { stdout } = await inFolder(RULES, ["try", "delivery", "--tag", "other", "--tag", "vip"]);
    expect(stdout).toContain(
      "    ✓ tag: vip\n    → to the customer: We deliver at once.\n    → tag the dialog: asked\n",
    );
  });

  it("tells each action in order: what it would do, or why it would not", async () => {
    const { stdout } = await inFolder(ACTIONS, ["try", "go"]);
    expect(stdout.trimEnd().split("\n").slice(2)).toEqual([
      '    → reply (line 6) not done: its "if" does not hold',
      "    → note to the staff: First.",
      "    → fetch https://a.example/b.png, then send it",
      "    → to the customer: <image> Look",
      "    → remember dialog.topic: pictures",
      "    → remember chat.count: 2",
      "    → to the customer: <product Pot>",
      "    → tag the dialog: a, b",
      "    → tag (line 18) not done: it is so already",
      "    → assign the dialog to Olga Ruiz",
      "    → choose: way 1 of 1",
      "        → keep silent here for 2 hours",
      "    → reply (line 22) not done: the bot is muted here",
      "    → speak here again from now on",
      "    → stop: nothing more in this rule",
    ]);
  });

  it("keeps the order where a long text goes in pieces", async () => {
    const long = "Words and words. ".repeat(400).trim();
    const rules = `version: 1\nrules:\n  - rule: A\n    when: {message: any}\n    do:\n      - tag: first\n      - reply: ${long}\n      - set:\n          dialog.topic: last\n`;
    const { stdout } = await inFolder(rules, ["try", "Hi"]);
    const done = stdout.split("\n").filter((line) => line.includes("→"));
    expect(done.at(0)).toBe("    → tag the dialog: first");
    expect(done.at(-1)).toBe("    → remember dialog.topic: last");
    expect(done.length).toBeGreaterThan(3);
  });

  it.each([
    { language: "es", says: ["→ al cliente: Hello!", "retenida: ya respondió una regla anterior"] },
    { language: "ru", says: ["→ клиенту: Hello!", "придержано: ответило правило, стоящее раньше"] },
  ])("speaks the language of the file: $language", async ({ language, says }) => {
    const { stdout } = await inFolder(RULES.replace("version: 1", `version: 1\nlanguage: ${language}`), [
      "try",
      "price?",
    ]);
    for (const words of says) expect(stdout).toContain(words);
  });

  it("decides a manager's command", async () => {
    const { stdout } = await inFolder(RULES, ["try", "delivery express", "--command"]);
    expect(stdout).toContain("✓ Command");
    expect(stdout).toContain("    → note to the staff: By courier or post.\n    → assign the dialog to Anna Petrova\n");
    expect(stdout).toContain("✗ Welcome  (bot.config.yaml:5)\n    ✗ when: dialog: opened");
  });

  it("refuses a command that is not declared", async () => {
    const { code, stderr } = await inFolder(RULES, ["try", "/payment", "--command"]);
    expect(code).toBe(2);
    expect(stderr).toContain(
      'The command "/payment" is not declared under commands: (/delivery).'.replace(": (", ": ("),
    );
  });

  it("shows buttons as the channel would", async () => {
    const { stdout } = await inFolder(RULES, ["try", "Hi", "--channel", "whatsapp"]);
    expect(stdout).toMatch(/to the customer: Hello!\s+1\. Delivery\s+2\. Prices/);
  });

  it("plays the customer's next messages in the same conversation", async () => {
    const asking = `version: 1
rules:
  - rule: City
    when: {message_has: delivery}
    do:
      - ask: Which city?
        save: dialog.city
        choices: [Madrid, Another]
      - reply: "To {{ dialog.city }} in a day."
`;
    const { code, stdout } = await inFolder(asking, ["try", "delivery?", "--answer", "Rome", "--answer", "madrid"]);
    expect(code).toBe(0);
    expect(stdout.split("\n").filter((line) => !line.startsWith("  "))).toEqual([
      "✓ City  (bot.config.yaml:3)",
      "",
      "The customer writes: Rome",
      "✓ City  (bot.config.yaml:3)",
      "",
      "The customer writes: madrid",
      "✓ City  (bot.config.yaml:3)",
      "",
    ]);
    expect(stdout).toContain("    → remember dialog.city: Madrid\n    → to the customer: To Madrid in a day.\n");
  });

  it("never prints a secret that a rule sends elsewhere", async () => {
    const calling = `version: 1
rules:
  - rule: Stock
    when: {message: any}
    do:
      - http:
          method: POST
          url: https://shop.example/stock?key=\${STOCK_KEY}
          body: {key: "\${STOCK_KEY}"}
`;
    const { stdout } = await inFolder(calling, ["try", "Hi"], { STOCK_KEY: "k-123-secret" });
    expect(stdout).toContain('    → call POST https://shop.example/stock?key=[secret] with {"key":"[secret]"}\n');
    expect(stdout).not.toContain("k-123-secret");
  });

  it("takes a moment in the time zone of the file", async () => {
    const zone = RULES.replace("version: 1", "version: 1\ntimezone: Europe/Madrid");
    const { stdout } = await inFolder(zone, ["try", "Hi", "--at", "2026-11-20 12:55"]);
    expect(stdout).toContain("to the customer: It is 12:55.");
  });

  it("refuses a moment it does not understand", async () => {
    const { code, stderr } = await inFolder(RULES, ["try", "Hi", "--at", "tomorrow"]);
    expect(code).toBe(2);
    expect(stderr).toContain('I do not understand the time "tomorrow". Write it like "2026-11-20 12:55".');
  });

  it("tries nothing with files that have faults", async () => {
    const { code, stderr } = await inFolder(BROKEN, ["try", "Hi"]);
    expect(code).toBe(1);
    expect(stderr).toContain('I do not know "mesage_has".');
  });
});
