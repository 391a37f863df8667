import { isObject, type Json } from "../../types/json.ts";

/** The value at a dotted path, through own properties, list indexes and `length` only; null when anything is absent.
 *  Names like `constructor` thus find nothing but what the data itself holds. The empty path is the data. */
export function readOwn(data: unknown, path: string): Json {
  if (path === "") return (data ?? null) as Json;
  let value: unknown = data;
  for (const name of path.split(".")) value = readOne(value, name);
  return (value ?? null) as Json;
}

function readOne(value: unknown, name: string): unknown {
  if (typeof value === "string") return name === "length" ? value.length : null;
  if (Array.isArray(value)) return name === "length" || /^\d+$/u.test(name) ? Reflect.get(value, name) : null;
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : null;
}
