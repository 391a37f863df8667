import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { OPERATIONS, type OperationId } from "../../generated/bot-operations.ts";
import { badRequest } from "../world/refusal.ts";

interface Checks {
  readonly path: ValidateFunction;
  readonly query: ValidateFunction;
  readonly body: ValidateFunction | null;
}

/** Addresses and queries are text, so numbers and single values of lists are read from it; bodies are taken as they are. */
const texts = new Ajv2020({ strict: false, allErrors: true, coerceTypes: "array" });
const bodies = new Ajv2020({ strict: false, allErrors: true });
for (const ajv of [texts, bodies]) {
  addFormats.default(ajv);
  ajv.addFormat("binary", true);
}

const compiled = new Map<OperationId, Checks>();

/** Compiled at first use: a shop's try-out uses few operations. */
function checksOf(id: OperationId): Checks {
  const known = compiled.get(id);
  if (known !== undefined) return known;
  const { pathParams, query, body, multipart } = OPERATIONS[id];
  const checks: Checks = {
    path: texts.compile(pathParams),
    query: texts.compile(query),
    body: body === null || multipart ? null : bodies.compile(body),
  };
  compiled.set(id, checks);
  return checks;
}

/** `tags.0.name: must NOT have fewer than 1 characters`. */
function sentence(error: ErrorObject): string {
  const place = error.instancePath.slice(1).replaceAll("/", ".");
  const extra = error.params.additionalProperty;
  const name = typeof extra === "string" ? [place, extra].filter(Boolean).join(".") : place;
  return name === "" ? (error.message ?? "invalid") : `${name}: ${error.message ?? "invalid"}`;
}

function check(validate: ValidateFunction, value: unknown): void {
  if (!validate(value)) throw badRequest(...new Set((validate.errors ?? []).map(sentence)));
}

export interface Parts {
  readonly params: Record<string, unknown>;
  readonly query: Record<string, unknown>;
  readonly body: unknown;
}

/** Holds a request against the API's description. `params` and `query` are changed to their types on the way.
 *  Throws Refusal (400) with every fault. */
export function validateRequest(id: OperationId, { params, query, body }: Parts): void {
  const checks = checksOf(id);
  check(checks.path, params);
  check(checks.query, query);
  if (checks.body === null) return;
  if (body === undefined || body === null) throw badRequest("request body is missing");
  check(checks.body, body);
}
