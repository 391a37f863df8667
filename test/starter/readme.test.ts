import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { loadConfig } from "../../src/config/load.ts";

const readme = await readFile("README.md", "utf8");
const examples = [...readme.matchAll(/```yaml\n([\s\S]*?)```/gu)].map(([, text]) => text ?? "");
const schemas = await Promise.all(["rules", "bot.config"].map(readSchema));
const [rules, config] = schemas;

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly anyOf?: readonly { readonly $ref: string }[];
}

async function readSchema(name: string): Promise<Schema> {
  return JSON.parse(await readFile(`schemas/${name}.schema.json`, "utf8"));
}

const keysOf = (schema: Schema | undefined) => Object.keys(schema?.properties ?? {});
const definition = (name: string) => rules?.$defs?.[name];
const actions = (definition("action")?.anyOf ?? []).map(({ $ref }) => $ref.replace("#/$defs/", ""));

/** What stands between a heading and the next one of any level. */
function section(heading: string): string {
  const [, after = ""] = readme.split(`${heading}\n`);
  return after.split(/^##/mu)[0] ?? "";
}

/** Words in the first column's code, such as `unassign: yes` or `module.code`. */
function firstColumn(text: string): readonly string[] {
  const rows = text.split("\n").filter((line) => line.startsWith("| `"));
  const cells = rows.map((row) => row.split("|")[1] ?? "");
  return cells.flatMap((cell) =>
    [...cell.matchAll(/`([^`]+)`/gu)].map(([, word]) => (word ?? "").replace(/: .*/u, "")),
  );
}

function settings(): readonly string[] {
  const ofTeam = keysOf(definition("team")).map((key) => `teams.<name>.${key}`);
  const others = Object.entries(config?.properties ?? {}).flatMap(([key, schema]) => {
    if (key === "teams") return ofTeam;
    if (key === "commands") return ["commands.<name>"];
    return schema.properties === undefined ? [key] : keysOf(schema).map((inner) => `${key}.${inner}`);
  });
  return others;
}

async function faultsOf(example: string): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "readme-"));
  const head = "version: 1\nteams:\n  sales:\n    people: [Anna]\n";
  await writeFile(join(folder, "bot.config.yaml"), head + example);
  const { issues } = await loadConfig({ file: join(folder, "bot.config.yaml"), env: {} });
  await rm(folder, { recursive: true });
  return issues.filter((issue) => issue.severity === "fault").map((issue) => issue.cause.en);
}

it("shows examples of rules", () => {
  expect(examples.length).toBeGreaterThanOrEqual(2);
});

it.each(examples)("shows rules without a fault: %s", async (example) => {
  expect(await faultsOf(example)).toEqual([]);
});

it.each([
  { heading: "### when: what happens", keys: keysOf(definition("match")) },
  { heading: "### if: what must hold as well", keys: keysOf(definition("condition")) },
  { heading: "### do: what the bot does", keys: actions },
  {
    heading: "### The rule's other keys",
    keys: keysOf(definition("rule")).filter((key) => !["rule", "when", "if", "do"].includes(key)),
  },
  { heading: "## Settings", keys: settings() },
])("lists every key, and no other, under $heading", ({ heading, keys }) => {
  expect(keys).not.toEqual([]);
  expect([...firstColumn(section(heading))].sort()).toEqual([...keys].sort());
});
