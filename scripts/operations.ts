/** Makes src/generated/bot-operations.ts: every request of the Bot API as data, from schemas/bot-api.openapi.yaml. */
import { parse } from "yaml";

type Node = { readonly [key: string]: unknown };

interface Parameter {
  readonly name: string;
  readonly in: "path" | "query";
  readonly required: boolean;
  readonly schema: Node;
}

const HEAD = `import type { JsonObject } from "../types/json.ts";

/** One request of the Bot API. \`path\` begins after \`/api/bot/v1\` and has its parameters in braces. The schemas are JSON
 *  Schema 2020-12 and stand alone: each carries \`$defs\`. \`body\` is null where the operation takes none; where
 *  \`multipart\` is true the body is a form with a file. */
export interface Operation {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly summary: string;
  readonly pathParams: JsonObject;
  readonly query: JsonObject;
  readonly body: JsonObject | null;
  readonly multipart: boolean;
}
`;

/** Prose, and the hint of a default: a schema here only judges. */
const LEFT_OUT = new Set(["description", "examples", "default"]);
/** The query writes booleans as text; people and our own calls write real ones, which the client translates. */
const BOOLEAN = { enum: ["0", "1", "false", "true", 0, 1, false, true] };
const METHODS = ["get", "post", "put", "patch", "delete"] as const;

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && !Array.isArray(value);

function node(value: unknown, where: string): Node {
  if (!isNode(value)) throw new Error(`${where} is not an object in schemas/bot-api.openapi.yaml`);
  return value;
}

const nodes = (value: unknown): readonly Node[] =>
  Array.isArray(value) ? value.map((one) => node(one, "an entry")) : [];

/** The same schema without prose, its references pointing into `$defs`. */
function lean(value: unknown, isMap = false): unknown {
  if (Array.isArray(value)) return value.map((one) => lean(one));
  if (!isNode(value)) return value;
  const kept = Object.entries(value).filter(([key]) => isMap || !LEFT_OUT.has(key));
  return Object.fromEntries(
    kept.map(([key, inner]) => {
      if (key === "$ref") return [key, String(inner).replace("#/components/schemas/", "#/$defs/")];
      return [key, lean(inner, key === "properties" && !isMap)];
    }),
  );
}

function follow(root: Node, value: Node): Node {
  if (typeof value.$ref !== "string") return value;
  return value.$ref
    .split("/")
    .slice(1)
    .reduce<Node>((at, key) => node(at[key], String(value.$ref)), root);
}

function readParameter(root: Node, raw: Node): Parameter {
  const { name, in: place, required, schema } = follow(root, raw);
  if (place !== "path" && place !== "query") throw new Error(`parameter ${String(name)} is in ${String(place)}`);
  return { name: String(name), in: place, required: required === true, schema: node(schema, String(name)) };
}

function parametersSchema(parameters: readonly Parameter[]): Node {
  const required = parameters.filter((one) => one.required).map((one) => one.name);
  return {
    type: "object",
    properties: Object.fromEntries(parameters.map((one) => [one.name, lean(one.schema)])),
    additionalProperties: false,
    ...(required.length > 0 && { required }),
  };
}

function readBody(root: Node, raw: unknown): { schema: unknown; multipart: boolean } {
  if (raw === undefined) return { schema: null, multipart: false };
  const content = node(follow(root, node(raw, "requestBody")).content, "content");
  const [type, media] = Object.entries(content)[0] ?? [];
  return { schema: lean(node(media, "media type").schema), multipart: type === "multipart/form-data" };
}

/** Objects as code; `$defs` is shared by all, so it is written once and named here. */
const write = (schema: unknown): string => {
  if (schema === null) return "null";
  const text = JSON.stringify(schema);
  return text.includes('"#/$defs/') ? `{ $defs: SCHEMAS, ...${text} }` : text;
};

function writeOperation(
  root: Node,
  place: { path: string; method: string; shared: readonly Node[] },
  raw: Node,
): string {
  const parameters = [...place.shared, ...nodes(raw.parameters)].map((one) => readParameter(root, one));
  const { schema, multipart } = readBody(root, raw.requestBody);
  const fields = [
    `method: ${JSON.stringify(place.method.toUpperCase())}`,
    `path: ${JSON.stringify(place.path)}`,
    `summary: ${JSON.stringify(raw.summary ?? "")}`,
    `pathParams: ${write(parametersSchema(parameters.filter((one) => one.in === "path")))}`,
    `query: ${write(parametersSchema(parameters.filter((one) => one.in === "query")))}`,
    `body: ${write(schema)}`,
    `multipart: ${multipart}`,
  ];
  return `  ${String(raw.operationId)}: {\n${fields.map((field) => `    ${field},\n`).join("")}  },\n`;
}

/** The text of src/generated/bot-operations.ts. Throws when the description has something this reader does not know. */
export function writeOperations(openApi: string): string {
  const root = node(parse(openApi), "the document");
  const schemas = node(node(root.components, "components").schemas, "components.schemas");
  const ids: string[] = [];
  const table: string[] = [];
  for (const [path, item] of Object.entries(node(root.paths, "paths"))) {
    const shared = nodes(node(item, path).parameters);
    for (const method of METHODS) {
      const raw = node(item, path)[method];
      if (!isNode(raw)) continue;
      ids.push(JSON.stringify(raw.operationId));
      table.push(writeOperation(root, { path, method, shared }, raw));
    }
  }
  const defs = Object.entries({ ...schemas, Boolean: BOOLEAN }).map(
    ([name, schema]) => `  ${JSON.stringify(name)}: ${JSON.stringify(lean(schema))},\n`,
  );
  return [
    HEAD,
    `\nexport type OperationId =\n${ids.map((id) => `  | ${id}`).join("\n")};\n`,
    `\n/** The shared shapes (\`components.schemas\`), by name; their references begin with \`#/$defs/\`. */\n`,
    `export const SCHEMAS: JsonObject = {\n${defs.join("")}};\n`,
    `\n/** Every request of the Bot API by its operationId. */\n`,
    `export const OPERATIONS: Readonly<Record<OperationId, Operation>> = {\n${table.join("")}};\n`,
  ].join("");
}
