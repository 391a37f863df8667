import { OPERATIONS, type Operation, type OperationId } from "../generated/bot-operations.ts";
import type { Json, JsonObject } from "../types/json.ts";
import type { Call } from "../types/plan.ts";
import { ApiError } from "./errors.ts";
import type { HttpRequest, RequestBody, UploadedFile } from "./http/request.ts";
import type { CallKind } from "./http/retry.ts";

/** Calls that do something new each time they are made; the gateway knows no idempotency key. */
const ONCE: ReadonlySet<string> = new Set<OperationId>(["sendMessage", "createDialog"]);

/** How a Bot API call may be repeated. An operation nobody knows is treated as one that must not be. */
export function callKind(operation: string): CallKind {
  const method = operationOf(operation)?.method;
  if (method === undefined || ONCE.has(operation)) return "once";
  return method === "GET" ? "read" : "repeatable";
}

/** The request for a call: its path filled in, its query written out. Throws ApiError (nothing is sent) when the call does not
 *  fit its operation. `file` is what a multipart operation uploads. */
export function botRequest(call: Call, file: UploadedFile | null): HttpRequest {
  const operation = operationOf(call.operation);
  if (!operation) throw unfit(call, "is not an operation of the Bot API");
  if (call.operation === "webSocketConnection") throw unfit(call, "is the event socket, not a request");
  return {
    method: operation.method,
    path: fillPath(call, operation.path),
    query: writeQuery(call),
    body: bodyOf(call, operation, file),
    kind: callKind(call.operation),
  };
}

const operationOf = (name: string): Operation | undefined =>
  Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name as OperationId] : undefined;

function fillPath(call: Call, path: string): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = call.path[name];
    const text = typeof value === "string" || typeof value === "number" ? String(value) : "";
    // A dot segment would silently lead to another address.
    if (text === "" || text === "." || text === "..") throw unfit(call, `has no usable "${name}"`);
    return encodeURIComponent(text);
  });
}

/** Lists repeat the name, booleans are 1 and 0, null is left out. */
function writeQuery(call: Call): [string, string][] {
  return Object.entries(call.query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).flatMap((one: Json): [string, string][] => {
      if (one === null) return [];
      if (typeof one === "object") throw unfit(call, `has a "${name}" that cannot be written into a query`);
      return [[name, typeof one === "boolean" ? String(Number(one)) : String(one)]];
    }),
  );
}

function bodyOf(call: Call, { body, multipart }: Operation, file: UploadedFile | null): RequestBody | null {
  if (multipart) {
    if (file === null) throw unfit(call, "has no file to upload");
    return { as: "file", file };
  }
  if (body === null) return null;
  const value: JsonObject = call.body ?? {};
  return { as: "json", value };
}

const unfit = ({ operation }: Call, what: string) =>
  new ApiError({ kind: "bad_request", sent: "no", message: `The call ${operation} ${what}` });
