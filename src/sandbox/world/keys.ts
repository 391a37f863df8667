import { randomBytes } from "node:crypto";
import { CrmRefusal } from "./refusal.ts";
import type { ApiKey } from "./rows.ts";
import type { World } from "./world.ts";

/** What a key may do; anything left out: nothing, but all shops. */
export type Rights = Partial<Pick<ApiKey, "scopes" | "methods" | "sites">>;

type Wish = Rights & Partial<Pick<ApiKey, "key" | "madeFor">>;

/** Sample keys have 32 characters. */
const newText = (): string => randomBytes(16).toString("hex");

/** Makes a key, with the text given or a new one. */
export function addKey(world: World, wish: Wish): ApiKey {
  const key: ApiKey = { key: newText(), scopes: [], methods: [], sites: null, madeFor: null, ...wish };
  world.keys.set(key.key, key);
  return key;
}

/** Gives a key other rights. Throws RangeError when there is none. */
export function changeKey(world: World, key: string, to: Rights): void {
  const before = world.keys.get(key);
  if (before === undefined) throw new RangeError("no such key");
  world.keys.set(key, { ...before, ...to });
}

/** From now on the key is refused. Throws RangeError when there is none. */
export function deleteKey(world: World, key: string): void {
  if (!world.keys.delete(key)) throw new RangeError("no such key");
}

/** The key that the CRM made for a module; undefined: it was not connected in one step. */
const keyMadeFor = (world: World, code: string): ApiKey | undefined =>
  [...world.keys.values()].find(({ madeFor }) => madeFor === code);

/** The key of a one-step connection has become `fresh`: those before it are refused. */
export function keepOnly(world: World, fresh: ApiKey): void {
  for (const { key, madeFor } of [...world.keys.values()]) {
    if (madeFor === fresh.madeFor && key !== fresh.key) world.keys.delete(key);
  }
}

const isScope = (value: unknown): value is string =>
  typeof value === "string" && /^[a-z]+(_[a-z]+)*_(read|write)$/.test(value);

/** `update-scopes`: a new key with exactly these permissions instead of the module's old one, which is refused from now on.
 *  Throws CrmRefusal (400) for a module that was not connected in one step, and for what is no list of permissions. */
export function widenKey(world: World, code: string, scopes: unknown): ApiKey {
  if (keyMadeFor(world, code) === undefined) throw new CrmRefusal(400, "Not enabled simple connection");
  if (!Array.isArray(scopes) || scopes.length === 0 || !scopes.every(isScope)) {
    throw new CrmRefusal(400, "Errors in the entity format", { scopes: "This value is not valid." });
  }
  const fresh = addKey(world, { scopes, madeFor: code });
  keepOnly(world, fresh);
  return fresh;
}
