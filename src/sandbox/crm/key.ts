import type { FastifyRequest } from "fastify";
import { CrmRefusal } from "../world/refusal.ts";
import type { ApiKey } from "../world/rows.ts";
import type { World } from "../world/world.ts";

/** The parts of a request by name, whatever they are. */
export const asRecord = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? { ...value } : {};

/** The key from the header, the query or the form: all three are allowed. */
export function keyOf(request: FastifyRequest): string | null {
  const candidates = [request.headers["x-api-key"], asRecord(request.query).apiKey, asRecord(request.body).apiKey];
  return candidates.find((key) => typeof key === "string" && key !== "")?.toString() ?? null;
}

/** Which permission a method needs; null: any valid key will do. Of settings and notifications it is an inference. */
export type Scope = string | null;

/** The method as older keys name it: `/api/integration-modules/{code}/edit`. */
function methodPath({ routeOptions }: FastifyRequest): string {
  return String(routeOptions.url)
    .replace("/api/v5/", "/api/")
    .replace(/:(\w+)/g, "{$1}");
}

function isAllowed(key: ApiKey, request: FastifyRequest, scope: string): boolean {
  if (key.scopes.length > 0) return key.scopes.includes(scope);
  return key.methods.includes(methodPath(request));
}

/** The key of a request. Throws CrmRefusal (403) for a missing or wrong one, and for one without the permission. */
export function checkKey(world: World, request: FastifyRequest, scope: Scope): ApiKey {
  const text = keyOf(request);
  if (text === null) throw new CrmRefusal(403, '"apiKey" is missing.');
  const key = world.keys.get(text);
  if (key === undefined) throw new CrmRefusal(403, 'Wrong "apiKey" value.');
  if (scope !== null && !isAllowed(key, request, scope)) throw new CrmRefusal(403, "Access denied.");
  return key;
}
