import { Ajv2020, type ErrorObject, type SchemaObject, type ValidateFunction } from "ajv/dist/2020.js";
import rulesSchema from "../../../schemas/rules.schema.json" with { type: "json" };
import { type FileKind, follow, rootSchema, type Schema, typesOf, waysOf } from "./schema-tree.ts";

export type SchemaError = ErrorObject<string, Record<string, unknown>, unknown>;

/** What the schema of that kind of file says against a value: all errors, but one for each cause. */
export function checkAgainst(kind: FileKind, value: unknown): readonly SchemaError[] {
  const validate = validatorOf(kind);
  return validate(value) ? [] : (validate.errors ?? []).filter(({ keyword }) => keyword !== "if");
}

/** The schemas are written for editors and for people; for checking they are turned so that a wrong value fails in one
 *  place only: instead of trying every branch of `anyOf`, the branch that was meant is chosen first. */
function turn(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(turn);
  if (!isSchema(schema)) return schema;
  // Beside `oneKeyOf`, `if` and `else` say the same to editors; elsewhere an `if` is a key of the rules.
  const doubled = Object.hasOwn(schema, "oneKeyOf") ? ["if", "else", "anyOf"] : ["anyOf"];
  const kept = Object.entries(schema).filter(([key]) => !doubled.includes(key));
  const turned = Object.fromEntries(kept.map(([key, value]) => [key, turn(value)]));
  return Array.isArray(schema.anyOf) ? { ...turned, ...choose(schema) } : turned;
}

function isSchema(value: unknown): value is Schema & Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** A branch is asked only where it was meant: `if not meant, nothing, else the branch`. */
function choose(schema: Schema): SchemaObject {
  const branches = schema.anyOf ?? [];
  const ways = waysOf(schema);
  const types = ways.flatMap(typesOf);
  if (types.every((type) => type === "object")) return chooseByKey(branches);
  const allOf = branches.map((branch) => ({
    if: { not: { type: [...new Set(waysOf(branch).flatMap(typesOf))] } },
    else: turn(branch),
  }));
  return { type: [...new Set(types)], allOf };
}

function chooseByKey(branches: readonly Schema[]): SchemaObject {
  const keyed = branches.map((branch) => ({ key: follow(branch).required?.[0] ?? "", branch }));
  const allOf = keyed.map(({ key, branch }) => ({ if: { not: { required: [key] } }, else: turn(branch) }));
  return { type: "object", oneKeyOf: keyed.map(({ key }) => key), allOf };
}

function createAjv(): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    strict: false,
    allowUnionTypes: true,
    // A test checks the schemas themselves. Here, that and tidying the code up would take longer than checking the files.
    meta: false,
    validateSchema: false,
    code: { optimize: false },
  });
  ajv.addVocabulary(["tsType"]);
  ajv.addKeyword({
    keyword: "oneKeyOf",
    type: "object",
    errors: false,
    validate: (keys: readonly string[], value: object) => keys.filter((key) => Object.hasOwn(value, key)).length === 1,
  });
  ajv.addSchema(turn(rulesSchema) as SchemaObject);
  return ajv;
}

const validators = new Map<FileKind, ValidateFunction>();
let ajv: Ajv2020 | null = null;

/** Made when the first file of that kind is checked: most programs never see a file of tests. */
function validatorOf(kind: FileKind): ValidateFunction {
  const known = validators.get(kind);
  if (known !== undefined) return known;
  ajv ??= createAjv();
  const schema = kind === "rules" ? { $ref: "rules.schema.json" } : (turn(rootSchema(kind)) as SchemaObject);
  const made = ajv.compile(schema);
  validators.set(kind, made);
  return made;
}
