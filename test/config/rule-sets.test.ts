import { join, resolve } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { type Loaded, loadConfig } from "../../src/config/load.ts";
import { createLoader } from "../../src/config/load-in-worker.ts";
import { type ParsedFile, parseFile, type RawFile } from "../../src/config/parse.ts";
import { createParseCache } from "../../src/config/parse-cache.ts";
import { folderWith, ruleWith, write } from "./folder.ts";

const ROOT = `version: 1
include: rules/*.yaml
hours:
  office: {mon-fri: 09:00-18:00}
teams:
  sales: {people: [Anna Petrova]}
  support: {people: [Olga Ruiz]}
texts: {cancelled: Never mind.}
commands: {hello: Says hello}
variables: {dialog.city: text}
rules:
  - rule: Greeting
    when: {message: any}
    if: {open: office}
    do:
      - assign: sales
      - queue: support
      - set: {dialog.city: "{{ dialog.city or 'Vigo' }}"}
  - rule: On demand
    when: {command: hello}
    do:
      - note: Hello!
rule_sets:
  valencia:
    accounts: [Valencia.example]
    texts: {cancelled: Vale.}
    hours: {office: {mon-fri: 10:00-14:00}}
    teams: {Sales: {people: [Ana Ruiz]}}
  madrid:
    include: sets/madrid/*.yaml
    hours: {office: crm}
`;

const files = {
  "bot.config.yaml": ROOT,
  "rules/10.yaml": `teams: {leads: {crm_group: leads}}\nrules:\n${ruleWith("assign: leads", "Other")}`,
  "sets/madrid/10.yaml": `texts: {cancelled: "Nada, {{ dialog.city or 1 }}."}
variables: {dialog.topic: text}
flows:
  - flow: Ask
    do:
      - ask: Which?
        save: dialog.topic
rules:
  - rule: Greeting
    when: {message: any}
    if: {open: office}
    do:
      - run: Ask
      - queue: leads
      - note: "{{ dialog.topic or 1 }} {{ dialog.city or 1 }}"
      - set: {dialog.city: Madrid}
`,
};

const load = (folder: string, parse = parseFile): Promise<Loaded> =>
  loadConfig({ file: join(folder, "bot.config.yaml"), env: {}, parse });

const told = ({ issues }: Loaded) => issues.map(({ place, code }) => `${place.file}:${place.line} ${code}`);

describe("a rule set without rules of its own", () => {
  it("is the shared rulebook with other texts, hours and teams", async () => {
    const { rulebook, ruleSets, issues } = await load(folderWith(files));
    expect(issues).toEqual([]);
    const { rulebook: own, accounts } = ruleSets.valencia ?? {};
    expect(accounts).toEqual(["valencia.example"]);
    expect(own).toEqual({
      ...rulebook,
      version: own?.version,
      texts: { cancelled: { any: "Vale.", byLanguage: {} } },
      hours: own?.hours,
      teams: { ...rulebook?.teams, sales: expect.objectContaining({ name: "sales", people: ["Ana Ruiz"] }) },
    });
    expect(own?.hours).not.toEqual(rulebook?.hours);
    expect(own?.version).not.toBe(rulebook?.version);
  });

  it("shares the very list of rules, also when it comes from the reading thread", async () => {
    const loader = createLoader({ timeLimitMs: 15_000 });
    onTestFinished(() => loader.close());
    const { rulebook, ruleSets } = await loader.load({ file: join(folderWith(files), "bot.config.yaml"), env: {} });
    expect(rulebook?.rules).toHaveLength(3);
    expect(ruleSets.valencia?.rulebook.rules).toBe(rulebook?.rules);
  });

  it("has another version when one of its names changes", async () => {
    const folder = folderWith(files);
    const before = await load(folder);
    write(folder, { "bot.config.yaml": ROOT.replace("Ana Ruiz", "Eva Ruiz") });
    const after = await load(folder);
    expect(after.rulebook?.version).toBe(before.rulebook?.version);
    expect(after.ruleSets.valencia?.rulebook.version).not.toBe(before.ruleSets.valencia?.rulebook.version);
    expect(after.ruleSets.madrid?.rulebook.version).toBe(before.ruleSets.madrid?.rulebook.version);
  });
});

describe("a rule set with files of its own", () => {
  it("has their rules instead of the shared ones, and what the shared files declare", async () => {
    const { ruleSets } = await load(folderWith(files));
    const own = ruleSets.madrid?.rulebook;
    expect(own?.rules.map(({ name, place }) => `${place.file} ${name}`)).toEqual(["sets/madrid/10.yaml Greeting"]);
    expect(Object.keys(own?.teams ?? {})).toEqual(["sales", "support", "leads"]);
    expect(own?.hours).toEqual({ office: "crm" });
    expect(Object.keys(own?.variables ?? {})).toEqual(["dialog.city", "dialog.topic"]);
    expect(own?.texts.cancelled?.any).toBe("Nada, {{ dialog.city or 1 }}.");
    expect(own?.commands).toEqual({ hello: "Says hello" });
  });

  it("may share a file with the shared rules and with other sets", async () => {
    const more = "  moscow: {include: [rules/10.yaml, sets/madrid/10.yaml]}\n";
    const parsed: string[] = [];
    const cache = createParseCache((raw: RawFile): ParsedFile => {
      parsed.push(raw.file);
      return parseFile(raw);
    });
    const loaded = await load(folderWith({ ...files, "bot.config.yaml": ROOT + more }), cache.parse);
    expect(told(loaded)).toEqual([]);
    expect(loaded.ruleSets.moscow?.rulebook.rules.map(({ name }) => name)).toEqual(["Other", "Greeting"]);
    expect(parsed).toEqual(["bot.config.yaml", "rules/10.yaml", "sets/madrid/10.yaml"]);
  });

  it("says of a shared file nothing twice", async () => {
    const more = "  moscow: {include: [rules/10.yaml]}\n";
    const broken = { "bot.config.yaml": ROOT + more, "rules/10.yaml": `rules:\n${ruleWith("queue: leadz")}` };
    expect(told(await load(folderWith({ ...files, ...broken })))).toEqual([
      "rules/10.yaml:5 unknown-team",
      "sets/madrid/10.yaml:14 unknown-team",
    ]);
  });
});

describe("a fault in a rule set", () => {
  it("refuses the whole save, and is told with those of other files", async () => {
    const folder = folderWith({
      ...files,
      "rules/10.yaml": `rules:\n${ruleWith("queue: leadz")}`,
      "sets/madrid/10.yaml": `rules:\n${ruleWith("queue: supprt")}${ruleWith("tagg: x", "Two")}`,
      "bot.config.yaml": ROOT.replace("14:00", "25:00"),
    });
    const loaded = await load(folder);
    expect(told(loaded)).toEqual([
      "bot.config.yaml:27 hours-impossible-time",
      "rules/10.yaml:5 unknown-team",
      "sets/madrid/10.yaml:5 unknown-team",
      "sets/madrid/10.yaml:9 unknown-key",
    ]);
    expect(loaded).toMatchObject({ rulebook: null, ruleSets: {}, settings: { timezone: "UTC" } });
  });

  it("of the shared rules refuses the sets, too", async () => {
    const folder = folderWith({
      ...files,
      "rules/10.yaml": `rules:\n${ruleWith("queue: sales")}${ruleWith("queue: x")}`,
    });
    expect(await load(folder)).toMatchObject({ rulebook: null, ruleSets: {} });
  });

  it("leaves what its hours and teams are for without blame", async () => {
    const loaded = await load(folderWith({ ...files, "bot.config.yaml": ROOT.replace("people: [Ana", "peple: [Ana") }));
    expect(told(loaded)).toEqual(["bot.config.yaml:28 unknown-key"]);
  });
});

it("tells to watch the files and folders of sets", async () => {
  const folder = folderWith(files);
  const { watched, sources } = await load(folder);
  expect(watched).toEqual(
    expect.arrayContaining([resolve(folder, "sets/madrid"), resolve(folder, "sets/madrid/10.yaml")]),
  );
  expect(Object.keys(sources)).toEqual(["bot.config.yaml", "rules/10.yaml", "sets/madrid/10.yaml"]);
});

it("has another hash when a file of a set changes, or a name that it uses", async () => {
  const folder = folderWith(files);
  const hash = async (env: Record<string, string>) =>
    (await loadConfig({ file: join(folder, "bot.config.yaml"), env })).hash;
  const before = await hash({});
  write(folder, { "sets/madrid/20.yaml": `rules:\n${ruleWith(`note: "\${SHOP_KEY:-none}"`, "Twenty")}` });
  const after = await hash({});
  expect(after).not.toBe(before);
  expect(await hash({ SHOP_KEY: "x" })).not.toBe(after);
});

it("keeps the secrets of a set's files", async () => {
  const folder = folderWith(files);
  write(folder, { "sets/madrid/20.yaml": `rules:\n${ruleWith(`note: "\${SHOP_KEY}"`, "Twenty")}` });
  const { secrets, issues } = await loadConfig({
    file: join(folder, "bot.config.yaml"),
    env: { SHOP_KEY: "k-123456" },
  });
  expect(issues).toEqual([]);
  expect(secrets).toEqual(["k-123456"]);
});
