import { Ajv2020 } from "ajv/dist/2020.js";
import { OPERATIONS, type Operation, type OperationId, SCHEMAS } from "../generated/bot-operations.ts";
import { didYouMean } from "../language/fault.ts";
import { suggest } from "../language/names.ts";
import type { Sentence } from "../types/issue.ts";
import { isObject, type Json, type JsonObject } from "../types/json.ts";
import type { Action, CompileTools, Scene } from "./action.ts";
import { checkTemplates, fill, fitTo } from "./fill.ts";
import { afterSpeaking, nothing } from "./speech.ts";

type Part = "path" | "query" | "body";

interface BotApiArgs {
  readonly operation: OperationId | null;
  readonly path: JsonObject;
  readonly query: JsonObject;
  readonly body: JsonObject | null;
}

/** Filled in from the event where the rule does not give them. */
const IMPLIED: readonly string[] = ["chat_id", "dialog_id"];
/** These need bytes or a socket, which a rule does not have. */
const REFUSED: readonly string[] = ["uploadFile", "webSocketConnection"];
const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });

function isOperation(name: string): name is OperationId {
  return Object.hasOwn(OPERATIONS, name) && !REFUSED.includes(name);
}

const allowed = Object.keys(OPERATIONS).filter(isOperation);

function propertiesOf(schema: JsonObject | null): JsonObject {
  if (schema === null) return {};
  if (typeof schema.$ref === "string") {
    const target = SCHEMAS[schema.$ref.slice(schema.$ref.lastIndexOf("/") + 1)];
    return isObject(target) ? propertiesOf(target) : {};
  }
  const variants = Array.isArray(schema.anyOf) ? schema.anyOf.filter(isObject).map(propertiesOf) : [];
  const own = isObject(schema.properties) ? schema.properties : {};
  return Object.assign({}, ...variants, own);
}

function requiredOf(schema: JsonObject | null): readonly string[] {
  if (schema === null) return [];
  if (typeof schema.$ref === "string") {
    const target = SCHEMAS[schema.$ref.slice(schema.$ref.lastIndexOf("/") + 1)];
    return isObject(target) ? requiredOf(target) : [];
  }
  return Array.isArray(schema.required) ? schema.required.filter((name) => typeof name === "string") : [];
}

function parts(operation: Operation): Readonly<Record<Part, JsonObject>> {
  return {
    path: propertiesOf(operation.pathParams),
    query: propertiesOf(operation.query),
    body: propertiesOf(operation.body),
  };
}

function partOf(operation: Operation, key: string): Part | null {
  const known = parts(operation);
  const order: readonly Part[] = ["path", "body", "query"];
  return order.find((part) => Object.hasOwn(known[part], key)) ?? null;
}

function unknownOperation(name: string, tools: CompileTools): void {
  const near = suggest(name, allowed);
  const all = allowed.join(", ");
  tools.fault(
    ["operation"],
    "unknown-operation",
    {
      en: `The Bot API has no operation "${name}" that a rule can use.`,
      es: `La Bot API no tiene una operación "${name}" que una regla pueda usar.`,
      ru: `В Bot API нет операции "${name}", доступной правилу.`,
    },
    didYouMean(near) ?? oneOf(all),
  );
}

function oneOf(all: string): Sentence {
  return { en: `use one of ${all}`, es: `use una de ${all}`, ru: `используйте одну из: ${all}` };
}

function checkKey(operation: Operation, key: string, tools: CompileTools): void {
  if (partOf(operation, key) !== null) return;
  const known = Object.values(parts(operation)).flatMap((part) => Object.keys(part));
  const near = suggest(key, known);
  tools.fault(
    [key],
    "unknown-parameter",
    {
      en: `This operation has no "${key}".`,
      es: `Esta operación no tiene "${key}".`,
      ru: `У этой операции нет "${key}".`,
    },
    didYouMean(near) ?? oneOf(known.join(", ")),
  );
}

/** A literal value must fit its description; one with a template can only be seen when it is filled. */
function checkValue(schema: JsonObject, key: string, value: Json, tools: CompileTools): void {
  if (JSON.stringify(value).includes("{{") || JSON.stringify(value).includes("{%")) return;
  const fitted = fitTo(schema, SCHEMAS, value);
  const check = ajv.compile({ $defs: SCHEMAS, ...schema });
  if (fitted !== undefined && check(fitted)) return;
  const reason = check.errors?.[0]?.message ?? "must not be empty";
  tools.fault(
    [key],
    "bad-parameter",
    {
      en: `"${key}" does not fit this operation: it ${reason}.`,
      es: `"${key}" no sirve para esta operación: ${reason}.`,
      ru: `"${key}" не подходит этой операции: ${reason}.`,
    },
    null,
  );
}

function checkRequired(operation: Operation, given: JsonObject, tools: CompileTools): void {
  const required = [...requiredOf(operation.pathParams), ...requiredOf(operation.query), ...requiredOf(operation.body)];
  for (const name of required) {
    if (Object.hasOwn(given, name) || IMPLIED.includes(name)) continue;
    tools.fault(
      ["operation"],
      "missing-parameter",
      {
        en: `This operation needs "${name}".`,
        es: `Esta operación necesita "${name}".`,
        ru: `Этой операции нужен "${name}".`,
      },
      null,
    );
  }
}

function take(operation: Operation, part: Part, given: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(given).filter(([key]) => partOf(operation, key) === part));
}

function compile(raw: { readonly bot_api: JsonObject }, tools: CompileTools): BotApiArgs {
  const { operation: name, ...given } = raw.bot_api;
  const inside: CompileTools = {
    ...tools,
    fault: (path, code, cause, fix) => tools.fault(["bot_api", ...path], code, cause, fix),
  };
  checkTemplates(given, ["bot_api"], tools);
  if (typeof name !== "string" || !isOperation(name)) {
    unknownOperation(String(name ?? ""), inside);
    return { operation: null, path: {}, query: {}, body: null };
  }
  const operation = OPERATIONS[name];
  for (const [key, value] of Object.entries(given)) {
    checkKey(operation, key, inside);
    const part = partOf(operation, key);
    const schema = part === null ? undefined : parts(operation)[part][key];
    if (isObject(schema)) checkValue(schema, key, value, inside);
  }
  checkRequired(operation, given, inside);
  return {
    operation: name,
    path: take(operation, "path", given),
    query: take(operation, "query", given),
    body: operation.body === null ? null : take(operation, "body", given),
  };
}

/** The event's own chat and dialog stand where the rule leaves them out. */
function implied(properties: JsonObject, scene: Scene): JsonObject {
  const known: JsonObject = { chat_id: scene.state.chat?.id ?? null, dialog_id: scene.state.dialog?.id ?? null };
  return Object.fromEntries(
    IMPLIED.filter((name) => Object.hasOwn(properties, name)).map((name) => [name, known[name] ?? null]),
  );
}

function filled(schema: JsonObject | null, given: JsonObject, scene: Scene): JsonObject {
  const value = fitTo(schema ?? {}, SCHEMAS, fill(given, scene));
  return isObject(value) ? value : {};
}

/** Any operation of the Bot API, checked against its description at load. Keys are its parameters and body fields. */
export const botApi: Action<{ readonly bot_api: JsonObject }, BotApiArgs> = {
  name: "bot_api",
  speaksTo: (args) => (args.operation === "sendMessage" ? (args.body?.scope === "private" ? "staff" : "writer") : null),
  compile: (raw, tools) => ({ args: compile(raw, tools) }),
  advance(args, scene) {
    if (args.operation === null) return nothing("failed");
    const operation = OPERATIONS[args.operation];
    const path = {
      ...implied(propertiesOf(operation.pathParams), scene),
      ...filled(operation.pathParams, args.path, scene),
    };
    if (Object.values(path).includes(null)) return nothing("no_dialog");
    const body = args.body && {
      ...implied(propertiesOf(operation.body), scene),
      ...filled(operation.body, args.body, scene),
    };
    if (body?.chat_id === null) return nothing("no_chat");
    const speaks = args.operation === "sendMessage" && body?.scope !== "private";
    if (speaks && scene.silenced !== null) return nothing(scene.silenced);
    const query = filled(operation.query, args.query, scene);
    const calls = [{ call: { operation: args.operation, path, query, body }, public: speaks }];
    return speaks ? { calls, state: afterSpeaking(scene.state, scene.now, [], false) } : { calls };
  },
};
