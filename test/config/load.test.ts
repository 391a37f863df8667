import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { formatIssues } from "../../src/config/format/format-issues.ts";
import { type Loaded, loadConfig } from "../../src/config/load.ts";
import { folderWith, rootWith, ruleWith, write } from "./folder.ts";

const KEY = "0123456789abcdef0123456789abcdef";

function load(folder: string, env: Record<string, string> = {}): Promise<Loaded> {
  return loadConfig({ file: join(folder, "bot.config.yaml"), env });
}

/** File, line and code of every issue, in the order in which they are told. */
const told = ({ issues }: Loaded) => issues.map(({ place, code }) => `${place.file}:${place.line} ${code}`);

describe("faults", () => {
  it("of all files and of all kinds are told at once, by file and line", async () => {
    const folder = folderWith({
      "bot.config.yaml": `version: 1\ntimezone: Madrd\ninclude: [rules/*.yaml, none/*.yaml]\nrules:\n${ruleWith("replly: Hi", "One")}${ruleWith('reply: "{{ mesage.text }}"', "Two")}`,
      "rules/10.yaml": `rules:\n${ruleWith("mute: soon", "Three")}${ruleWith("note: {{ x }}", "Four")}`,
      "rules/20.yaml": `rules:\n${ruleWith('note: "{{ mesage.text }}"', "Five")}${ruleWith("mute: soon", "Six")}`,
    });
    expect(told(await load(folder))).toEqual([
      "bot.config.yaml:2 bad-timezone",
      "bot.config.yaml:3 include-nothing",
      "bot.config.yaml:8 unknown-key",
      "bot.config.yaml:12 unknown-path",
      "rules/10.yaml:9 needs-quotes",
      "rules/20.yaml:5 unknown-path",
      "rules/20.yaml:9 wrong-form",
    ]);
  });

  it("of a rule that was left out bring no others with them", async () => {
    const sound = `version: 1\nrules:\n${ruleWith("set: {dialog.topic: delivery}", "Keeps")}${ruleWith('note: "About {{ dialog.topic or 1 }}"', "Reads")}`;
    const folder = folderWith({ "bot.config.yaml": sound });
    expect(told(await load(folder))).toEqual([]);
    write(folder, { "bot.config.yaml": sound.replace("- set:", "- sett:") });
    expect(told(await load(folder))).toEqual(["bot.config.yaml:6 unknown-key"]);
  });

  it("leave the settings when they are in rules only", async () => {
    const loaded = await load(folderWith({ "bot.config.yaml": `${rootWith("replly: Hi")}timezone: Europe/Madrid\n` }));
    expect(loaded).toMatchObject({ rulebook: null, settings: { timezone: "Europe/Madrid" } });
  });

  it.each([
    "flows: [{flow: A, dou: []}]",
    "hours: {office: {mon: [a]}}",
    "texts: {cancelled: [a]}",
    "cancel_words: {a: b}",
  ])("leave the settings when they are in %s", async (section) => {
    const loaded = await load(folderWith({ "bot.config.yaml": `version: 1\ntimezone: Europe/Madrid\n${section}\n` }));
    expect(loaded).toMatchObject({ rulebook: null, settings: { timezone: "Europe/Madrid" } });
  });

  it.each([
    ["es", "es"],
    ["ru", "ru"],
    ["klingon", "en"],
  ])("of a file with language: %s are spoken in %s", async (written, spoken) => {
    const folder = folderWith({ "bot.config.yaml": `${rootWith("replly: Hi")}language: ${written}\n` });
    expect((await load(folder)).language).toBe(spoken);
  });

  it("tell what is no file at all", async () => {
    const loaded = await loadConfig({ file: "/dev/null", env: {} });
    expect(told(loaded)).toEqual(["null:1 file-unreadable"]);
  });
});

describe("rules", () => {
  it("of the root file come first, then those of the others by path", async () => {
    const folder = folderWith({
      "bot.config.yaml": `include: [rules/*.yaml]\n${rootWith("tag: root")}`,
      "rules/20.yaml": `rules:\n${ruleWith("tag: b", "Twenty")}`,
      "rules/10.yaml": `rules:\n${ruleWith("tag: a", "Ten")}`,
    });
    const { rulebook, issues } = await load(folder);
    expect(issues).toEqual([]);
    expect(rulebook?.rules.map(({ name }) => name)).toEqual(["Hello", "Ten", "Twenty"]);
  });

  it("stay where they are in the file when one before them is broken", async () => {
    const text = `version: 1\nrules:\n${ruleWith("replly: Hi", "Broken")}${ruleWith('note: "{{ nothing.here }}"', "Second")}`;
    const { issues } = await load(folderWith({ "bot.config.yaml": text }));
    expect(issues[1]?.place).toEqual({ file: "bot.config.yaml", line: 10, column: 19 });
  });
});

describe("names from the environment", () => {
  const text = `crm: {url: "\${CRM_URL:-}", api_key: "\${CRM_API_KEY:-}"}\n${rootWith("tag: a")}`;

  it("come from .env beside the file, and the real environment wins", async () => {
    const folder = folderWith({
      "bot.config.yaml": text,
      ".env": `CRM_URL=https://env-file.example # a remark\nCRM_API_KEY='${KEY}'\n`,
    });
    const { settings } = await load(folder, { CRM_URL: "https://real.example" });
    expect(settings?.crm).toEqual({ url: "https://real.example", apiKey: KEY });
  });

  it("may all be missing where there are defaults: then no CRM is configured", async () => {
    const { settings, issues } = await load(folderWith({ "bot.config.yaml": text }));
    expect(issues).toEqual([]);
    expect(settings?.crm).toBeNull();
  });
});

describe("secrets", () => {
  const broken = (crm: string) => `version: 1\ncrm: ${crm}\nrules:\n${ruleWith("replly: Hi")}`;

  it.each([
    ["a literal key", broken(`{url: https://shop.example, api_key: ${KEY}}`)],
    ["a literal default", broken(`{url: https://shop.example, api_key: "\${CRM_API_KEY:-${KEY}}"}`)],
    ["a half literal key", broken(`{url: https://shop.example, api_key: "\${PREFIX:-}${KEY}"}`)],
    [
      "a literal default in a file that is not YAML",
      broken(`{url: https://shop.example, api_key: "\${CRM_API_KEY:-${KEY}}"`),
    ],
    ["a literal default beside another fault", broken(`{url: 5, x: 1, api_key: "\${NO_KEY:-${KEY}}"}`)],
    ["a key of the wrong kind", broken(`{url: https://shop.example, api_key: [${KEY}]}`)],
    ["a key in a file that is not YAML", broken(`{url: https://shop.example, api_key: ${KEY}`)],
    ["a key in quotes on the faulty line", `version: 1\ncrm:\n  api_key: "${KEY}" x\n`],
    [
      "a key from the environment, written out elsewhere",
      `${broken(`{url: https://shop.example, api_key: "\${CRM_API_KEY}"}`)}# once ${KEY}
language: ${KEY}
`,
    ],
  ])("%s is shown nowhere", async (_what, text) => {
    const loaded = await load(folderWith({ "bot.config.yaml": text }), { CRM_API_KEY: KEY });
    const { issues, sources } = loaded;
    expect(loaded.rulebook).toBeNull();
    expect(issues.length).toBeGreaterThan(0);
    for (const format of ["text", "json", "github"] as const)
      for (const language of ["en", "es", "ru"] as const)
        expect(formatIssues({ issues, language, sources, format })).not.toContain(KEY);
    expect(JSON.stringify(sources)).not.toContain(KEY);
  });

  it("from the environment are listed, so that others can hide them", async () => {
    const text = `storage: "\${DATABASE_URL}"\ncrm: {url: "https://shop.example", api_key: "\${CRM_API_KEY}"}\n${rootWith(`note: "\${SHOP_TOKEN} \${SHOP_NAME}"`)}`;
    const env = {
      CRM_API_KEY: KEY,
      DATABASE_URL: "postgres://bot:hunter2@db/bot",
      SHOP_TOKEN: "tok-123456",
      SHOP_NAME: "Kettles",
    };
    const { secrets, issues } = await load(folderWith({ "bot.config.yaml": text }), env);
    expect(issues).toEqual([]);
    expect([...secrets].toSorted()).toEqual([KEY, "hunter2", "tok-123456"].toSorted());
  });

  it("of a service are listed, whatever their names sound like, and in both spellings", async () => {
    const env = {
      BOSS: "boss-of-all-bots",
      SEAL: "AB".repeat(32),
      SEAL_BEFORE: Buffer.alloc(32, 7).toString("base64"),
      SHARED: "agreed-with-them",
      SCRAPE: "scraped-by-them",
    };
    const text = `module: {public_url: https://bot.example}
service:
  admin_password: \${BOSS}
  encryption_key: \${SEAL}
  old_encryption_keys: ["\${SEAL_BEFORE}"]
  secret: \${SHARED}
http: {metrics_token: "\${SCRAPE}"}
${rootWith("tag: a")}`;
    const { secrets, issues } = await load(folderWith({ "bot.config.yaml": text }), env);
    expect(issues).toEqual([]);
    expect(secrets).toEqual(expect.arrayContaining([...Object.values(env), env.SEAL.toLowerCase(), "07".repeat(32)]));
  });

  it.each([
    ["a password of several words", "admin_password: correct horse battery", ["horse", "battery"]],
    ["a password in quotes", 'admin_password: "correct, horse # battery"', ["horse", "battery"]],
    ["an old key in a list", `old_encryption_keys:\n    - ${KEY}${KEY}`, [KEY]],
    ["an old key in base64", `old_encryption_keys: [${Buffer.alloc(32, 7).toString("base64")}]`, ["BwcHBw"]],
  ])("of a service are shown nowhere in a file that is not YAML: %s", async (_what, line, hidden) => {
    const loaded = await load(folderWith({ "bot.config.yaml": `version: 1\nservice:\n  ${line}\n x: [\n` }));
    expect(loaded.issues.length).toBeGreaterThan(0);
    for (const word of hidden) expect(JSON.stringify(loaded)).not.toContain(word);
  });

  it("in a file keep the settings from being used", async () => {
    const folder = folderWith({ "bot.config.yaml": `version: 1\ncrm: {url: https://shop.example, api_key: ${KEY}}\n` });
    expect(await load(folder)).toMatchObject({ settings: null, rulebook: null });
  });
});

describe("the hash", () => {
  const files = {
    "bot.config.yaml": `include: rules/*.yaml\n${rootWith(`note: "\${GREETING:-Hi}"`)}`,
    "rules/a.yaml": "rules: []\n",
  };

  it.each([
    ["nothing", {}, {}, true],
    ["a rule", { "rules/a.yaml": "rules: [] # changed\n" }, {}, false],
    ["a new file", { "rules/b.yaml": "rules: []\n" }, {}, false],
    ["a name that is used", {}, { GREETING: "Hello" }, false],
    ["a name that is not used", {}, { OTHER: "Hello" }, true],
    [".env", { ".env": "GREETING=Hello\n" }, {}, false],
  ])("after a change of %s", async (_what, change, env, same) => {
    const folder = folderWith(files);
    const before = await load(folder);
    write(folder, change);
    const after = await load(folder, env);
    expect(after.issues).toEqual([]);
    expect(after.hash === before.hash).toBe(same);
  });
});

it("tells which files and folders to watch", async () => {
  const folder = folderWith({
    "bot.config.yaml": `include: [rules/**/*.yaml]\n${rootWith("tag: a")}`,
    "rules/deep/a.yaml": "rules: []\n",
  });
  const { watched } = await load(folder);
  expect([...watched].toSorted()).toEqual(
    ["", ".env", "bot.config.yaml", "rules", "rules/deep", "rules/deep/a.yaml"].map((path) => resolve(folder, path)),
  );
});
