import { afterEach, describe, expect, it } from "vitest";
import { startSandbox } from "../../src/sandbox/index.ts";
import { type Folder, makeFolder, run } from "./program.ts";

const CONFIG = `version: 1
crm: {url: "\${CRM_URL:-}", api_key: "\${CRM_API_KEY:-}"}
teams: {sales: {people: [Anna Petrova]}}
rules:
  - rule: Hello
    when: {message: any}
    do:
      - reply: Hello!
      - assign: sales
rule_sets:
  madrid:
    accounts: ["\${MADRID:-madrid.example}"]
    include: sets/madrid.yaml
  moscow:
    teams: {sales: {people: [Olga Orlova]}}
`;
const MADRID = `rules:
  - rule: Hello
    when: {message: any}
    do:
      - reply: ¡Hola!
      - assign: Nadie Aquí
  - rule: Also
    when: {message: image}
    do:
      - note: An image.
`;

let folder: Folder;
afterEach(() => folder.remove());

async function inFolder(args: readonly string[], env: Readonly<Record<string, string>> = {}, madrid = MADRID) {
  folder = await makeFolder({ "bot.config.yaml": CONFIG, "sets/madrid.yaml": madrid });
  return run(args, { folder, env });
}

describe("rulebot check", () => {
  it("says of every set which rules it has", async () => {
    const { code, stdout } = await inFolder(["check"]);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout:
        'No faults. Rules: 1; warnings: 0.\nRule set "madrid": own rules: 2.\nRule set "moscow": the shared rules.\n',
    });
  });

  it("finds the faults of a set's file", async () => {
    const { code, stdout } = await inFolder(["check"], {}, MADRID.replace("note:", "noote:"));
    expect(code).toBe(1);
    expect(stdout).toContain('sets/madrid.yaml:10:9  I do not know "noote".');
  });

  it("asks an account about the rules of the set that is bound to it", async () => {
    const sandbox = await startSandbox();
    const env = { CRM_URL: sandbox.crmUrl, CRM_API_KEY: sandbox.apiKey, MADRID: new URL(sandbox.crmUrl).host };
    await inFolder(["register"], env);
    const { stdout, stderr } = await run(["check", "--online"], { folder, env }).finally(() => sandbox.stop());
    expect(stderr).toContain('The account was asked about the rule set "madrid", which is bound to it.');
    expect(stdout).toContain("Nadie Aquí");
    expect(stdout).not.toContain("Anna Petrova");
  });
});

describe("rulebot try", () => {
  const said = (stdout: string) => stdout.split("\n").filter((line) => /Rule set|→/u.test(line));

  it.each([
    { args: [], env: {}, says: ["    → to the customer: Hello!", "    → assign the dialog to Anna Petrova"] },
    {
      args: ["--set", "moscow"],
      env: {},
      says: ['Rule set "moscow":', "    → to the customer: Hello!", "    → assign the dialog to Olga Orlova"],
    },
    {
      args: ["--set", "madrid"],
      env: {},
      says: ['Rule set "madrid":', "    → to the customer: ¡Hola!", "    → assign the dialog to Nadie Aquí"],
    },
    {
      args: [],
      env: { CRM_URL: "https://madrid.example", CRM_API_KEY: "key-of-madrid" },
      says: ['Rule set "madrid":', "    → to the customer: ¡Hola!", "    → assign the dialog to Nadie Aquí"],
    },
  ])("with $args and $env takes the right rules", async ({ args, env, says }) => {
    const { code, stdout } = await inFolder(["try", "Hi", ...args], env);
    expect({ code, said: said(stdout) }).toEqual({ code: 0, said: says });
  });

  it.each(["Madrid", "constructor"])("does not know a set %s", async (name) => {
    const { code, stderr } = await inFolder(["try", "Hi", "--set", name]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `There is no rule set "${name}" under rule_sets: (madrid, moscow).\n`,
    });
  });
});
