import { offeredPaths } from "../language/paths.ts";
import { isObject, type JsonObject } from "../types/json.ts";
import type { RuleContext } from "./context.ts";
import { bodyOfGet, takenName, unclearAddress } from "./look-up-faults.ts";
import { isLookedUp } from "./looked-up-offers.ts";
import { textOf } from "./raw.ts";
import { inside, keyOf, type Spot } from "./report.ts";

/** The service is written out, so that no customer's words choose it. */
const CLEAR_ADDRESS = /^https?:\/\/[^/?#{}\s@]+(?:[/?#]|$)/iu;
const OTHER_NAMES: ReadonlySet<string> = new Set(["answer", "args", "hours", "match", "command"]);

/** The address of a call and the name of its answer. */
export function checkHttp(raw: JsonObject, spot: Spot, { readable, report }: RuleContext): void {
  if (!isObject(raw.http)) return;
  const { url, save, method, body } = raw.http;
  if (!CLEAR_ADDRESS.test(textOf(url) ?? "")) report.fault(inside(spot, "http", "url"), unclearAddress());
  if ((method ?? "GET") === "GET" && body !== undefined) report.fault(keyOf(inside(spot, "http", "body")), bodyOfGet());
  const name = textOf(save);
  if (name === null) return;
  const taken = Object.hasOwn(offeredPaths(readable.on), name) || isLookedUp(name) || OTHER_NAMES.has(name);
  if (taken) report.fault(inside(spot, "http", "save"), takenName(name));
}
