import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

const read = (name: string) => JSON.parse(readFileSync(new URL(`../../schemas/${name}`, import.meta.url), "utf8"));
const schemas = {
  config: read("bot.config.schema.json"),
  rules: read("rules.schema.json"),
  tests: read("tests.schema.json"),
};

/** What an editor does: standard JSON Schema over YAML 1.2, knowing nothing of our own reading. */
function editorAccepts(kind: "config" | "rules", yaml: string): boolean {
  const ajv = new Ajv2020({ strict: false });
  ajv.addSchema(schemas.rules);
  return Boolean(ajv.compile(kind === "config" ? schemas.config : { $ref: "rules.schema.json" })(parse(yaml)));
}

interface Place {
  readonly where: string;
  readonly schema: Record<string, unknown>;
}

/** Every key that can be written, with its schema. */
function keysOf(schema: unknown, where: string): readonly Place[] {
  if (typeof schema !== "object" || schema === null) return [];
  const own = "properties" in schema && "type" in schema ? Object.entries(Object(schema.properties)) : [];
  const here = own.map(([key, value]) => ({ where: `${where}.${key}`, schema: Object(value) }));
  return [...here, ...Object.entries(schema).flatMap(([key, value]) => keysOf(value, `${where}.${key}`))];
}

const keys = Object.entries(schemas).flatMap(([name, schema]) => keysOf(schema, name));

describe("the schemas", () => {
  it.each(Object.entries(schemas))("are JSON Schema themselves: %s", (_, schema) => {
    const ajv = new Ajv2020({ strict: false });
    expect(ajv.validateSchema(schema) === true ? [] : ajv.errors).toEqual([]);
  });

  it("explain every key to people who do not program", () => {
    expect(keys.length).toBeGreaterThan(120);
    expect(keys.filter(({ schema }) => !described(schema)).map(({ where }) => where)).toEqual([]);
  });

  it("accept no unknown key anywhere but in free data", () => {
    const open = JSON.stringify(schemas).match(/"type":"object"[^{}]*"additionalProperties":true/gu) ?? [];
    expect(open.length).toBe(1); // logic; bot_api states its own properties first
    expect(editorAccepts("config", "version: 1\nweather: sunny\n")).toBe(false);
  });

  it.each(["bot.config.yaml", "rules/10-events.yaml"])("let an editor accept %s", (name) => {
    const text = readFileSync(new URL(`../fixtures/whole/${name}`, import.meta.url), "utf8");
    const filled = text.replace(`"\${HTTP_PORT:-9090}"`, "9090");
    expect(editorAccepts(name.startsWith("rules") ? "rules" : "config", filled)).toBe(true);
  });

  it.each([
    ["two events", "{message: any, dialog: opened}"],
    ["no event", "{from: manager}"],
    ["a misspelt event", "{mesage: any}"],
  ])("let an editor mark %s", (_what, when) => {
    expect(editorAccepts("rules", `rules: [{rule: A, when: ${when}, do: [{close: yes}]}]`)).toBe(false);
    expect(editorAccepts("rules", "rules: [{rule: A, when: {message: any}, do: [{close: yes}]}]")).toBe(true);
  });
});

function described(schema: Record<string, unknown>): boolean {
  if (typeof schema.description === "string" && schema.description !== "") return true;
  const name = typeof schema.$ref === "string" ? (schema.$ref.split("/").at(-1) ?? "") : "";
  return typeof { ...schemas.rules.$defs, ...schemas.tests.$defs }[name]?.description === "string";
}
