import type { FastifyRequest } from "fastify";
import { CrmRefusal } from "../world/refusal.ts";
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

/** Throws CrmRefusal (403) for a missing or wrong key, and for one without the permission. */
export function checkKey(world: World, request: FastifyRequest, scope: Scope): void {
  const key = keyOf(request);
  if (key === null) throw new CrmRefusal(403, '"apiKey" is missing.');
  if (key !== world.apiKey) throw new CrmRefusal(403, 'Wrong "apiKey" value.');
  if (scope !== null && !world.scopes.includes(scope)) throw new CrmRefusal(403, "Access denied.");
}
