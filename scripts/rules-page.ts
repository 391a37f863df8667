/** Makes docs/rules.md: every key of both schemas for people who do not program, from the schemas' own descriptions. */
type Node = { readonly [key: string]: unknown };

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && !Array.isArray(value);
const nodeOf = (value: unknown): Node => (isNode(value) ? value : {});
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** What can stand under a key that refers to one of these definitions. */
const KINDS: Readonly<Record<string, string>> = {
  text: "text",
  texts: "text, or a list of texts",
  textByLanguage: "text, or one for each language",
  duration: "span, such as `10m`",
  durationOrClosed: "span, or `until_closed`",
  scalar: "text, number, `true`, `false` or `null`",
  storable: "text, number, `true`, `false`, `null`, or a list of them",
  path: "name, such as `customer.phone`",
  paths: "name, or a list of names",
  condition: "conditions, as under [if](#if)",
  match: "keys, see [when](#when)",
  actions: "list of actions, see [do](#do)",
  rules: "list of [rules](#rule)",
  flows: "list of [flows](#flow)",
  cost: "`{value: 19.90, currency: EUR}`",
  hours: "see [hours](#hours)",
  openHours: "see [hours](#hours)",
  variables: "see [variables](#variables)",
  teams: "see [teams](#teams)",
  ownTexts: "see [texts](#texts)",
  product: "see [a product](#a-product)",
  order: "see [an order](#an-order)",
};

const SCALARS: Readonly<Record<string, string>> = {
  string: "text",
  number: "number",
  integer: "whole number",
  boolean: "`true`, `false`",
  null: "`null`",
  array: "list",
  object: "keys with values",
};

const nameOf = ({ $ref }: Node) => String($ref ?? "").replace(/^.*\/\$defs\//u, "");
const codes = (values: readonly unknown[]) =>
  values
    .filter((value) => value !== true && value !== false)
    .map((value) => `\`${String(value)}\``)
    .join(", ");

/** The values that a key takes, in words. */
function valuesOf(schema: Node, definitions: Node): string {
  const name = nameOf(schema);
  if (name !== "") return KINDS[name] ?? valuesOf(nodeOf(definitions[name]), definitions);
  const ways = listOf(schema.anyOf).map((way) => valuesOf(nodeOf(way), definitions));
  if (ways.length > 0) return [...new Set(ways)].join("; or ");
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.enum !== undefined) return codes(listOf(schema.enum));
  const items = nodeOf(schema.items);
  if (schema.type === "array" && Object.keys(items).length > 0) return `list of: ${valuesOf(items, definitions)}`;
  const types = Array.isArray(schema.type) ? schema.type : [schema.type ?? "object"];
  if (schema.tsType === "string") return "text";
  return [...new Set(types.map((type) => SCALARS[String(type)] ?? String(type)))].join(" or ");
}

interface Row {
  readonly key: string;
  readonly schema: Node;
}

/** A key and, where its own keys stand right here, those as `by.number`. */
function rowsOf(schema: Node, prefix = ""): readonly Row[] {
  return Object.entries(nodeOf(schema.properties)).flatMap(([name, raw]) => {
    const key = `${prefix}${name}`;
    const inner = nodeOf(raw);
    return [{ key, schema: inner }, ...rowsOf(inner, `${key}.`), ...rowsOf(nodeOf(inner.items), `${key}[].`)];
  });
}

const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");

function tableOf(rows: readonly Row[], definitions: Node): string {
  const lines = rows.map(({ key, schema }) => {
    const described = schema.description ?? nodeOf(definitions[nameOf(schema)]).description ?? "";
    return `| \`${key}\` | ${cell(String(described))} | ${cell(valuesOf(schema, definitions))} |`;
  });
  return ["| key | what it is | values |", "| --- | --- | --- |", ...lines].join("\n");
}

function section(heading: string, schema: Node, definitions: Node): string {
  const rows = rowsOf(schema);
  const table = rows.length === 0 ? [] : [tableOf(rows, definitions)];
  return [heading, String(schema.description ?? ""), ...table].filter((part) => part !== "").join("\n\n");
}

/** Where a map's values have keys of their own, these are what people look for. */
const namedValue = (schema: Node, definitions: Node): Node => {
  const value = nodeOf(schema.additionalProperties);
  const target = nameOf(value) === "" ? value : nodeOf(definitions[nameOf(value)]);
  const keyed = listOf(target.anyOf)
    .map(nodeOf)
    .find(({ properties }) => properties !== undefined);
  return { ...(keyed ?? target), description: `${String(schema.description)} ${String(target.description ?? "")}` };
};

const HEAD = `<!-- Made by \`npm run generate\` from schemas/. Do not edit. -->

# Every key of the files

For looking things up; [the README](../README.md#write-rules) is for learning. A span is whole numbers with \`s\`, \`m\`, \`h\`, \`d\`:
\`90s\`, \`1h30m\`. In a text, \`{{ name or "otherwise" }}\` is filled in. A key such as \`by.number\` stands as \`number\` below \`by\`.`;

/** The text of docs/rules.md. */
export function writeRulesPage(rules: unknown, config: unknown): string {
  const file = nodeOf(rules);
  const definitions = nodeOf(file.$defs);
  const part = (heading: string, name: string) => section(heading, nodeOf(definitions[name]), definitions);
  const actions = listOf(nodeOf(definitions.action).anyOf).map((one) => nameOf(nodeOf(one)));
  return `${[
    HEAD,
    section("## A file with rules", { ...file, $defs: undefined }, definitions),
    part("## rule", "rule"),
    part("## when", "match"),
    part("## if", "condition"),
    section("## do", { description: nodeOf(definitions.actions).description }, definitions),
    ...actions.map((name) => part(`### ${name}`, name)),
    part("### A product", "product"),
    part("### An order", "order"),
    part("## flow", "flow"),
    section("## hours", namedValue(nodeOf(definitions.hours), definitions), definitions),
    section("## variables", namedValue(nodeOf(definitions.variables), definitions), definitions),
    section("## teams", namedValue(nodeOf(definitions.teams), definitions), definitions),
    part("## texts", "ownTexts"),
    section("## bot.config.yaml", nodeOf(config), definitions),
    section("## rule_sets", namedValue(nodeOf(nodeOf(nodeOf(config).properties).rule_sets), definitions), definitions),
  ].join("\n\n")}\n`;
}
