import { parse } from "secure-json-parse";
import type { Json } from "../../types/json.ts";

/** Text from outside that is not usable JSON. `code`: `not_json`; `too_deep` (nested beyond 200 levels);
 *  `unsafe_integer` (an id that a JavaScript number cannot hold exactly, so that it would name something else). */
export class JsonFault extends Error {
  override readonly name = "JsonFault";
  readonly code: "not_json" | "too_deep" | "unsafe_integer";

  constructor(code: JsonFault["code"], message: string) {
    super(message);
    this.code = code;
  }
}

const DEEPEST = 200;
const ID = /(?:^|_)ids?$|Ids?$/;

/** Reads JSON that a stranger wrote. `__proto__` and `constructor.prototype` keys are dropped: one odd key must not cost
 *  the rest. Throws JsonFault, whose message never quotes the text. */
export function readJson(text: string): Json {
  if (depthOf(text) > DEEPEST) throw new JsonFault("too_deep", `JSON is nested deeper than ${DEEPEST} levels`);
  let value: Json;
  try {
    value = parse(text, { protoAction: "remove", constructorAction: "remove" });
  } catch {
    // The parser's own message quotes the text, which may be a customer's.
    throw new JsonFault("not_json", "not JSON");
  }
  const unsafe = unsafeId(value);
  if (unsafe !== null) throw new JsonFault("unsafe_integer", `"${unsafe}" holds a number above 2^53`);
  return value;
}

/** The same where text that is no usable JSON counts as nothing: null. */
export function tryReadJson(text: string): Json {
  try {
    return readJson(text);
  } catch {
    return null;
  }
}

/** Deepest nesting, read off the text: recursion over hostile depth would end the process. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === BACKSLASH) at++;
      else if (code === QUOTE) inString = false;
    } else if (code === QUOTE) inString = true;
    else if (code === OPEN_BRACKET || code === OPEN_BRACE) deepest = Math.max(deepest, ++depth);
    else if (code === CLOSE_BRACKET || code === CLOSE_BRACE) depth--;
  }
  return deepest;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** The first id that lost its exact value, by key. Other large numbers (a timestamp in nanoseconds) harm nobody. */
function unsafeId(root: Json): string | null {
  const open: { key: string; value: Json }[] = [{ key: "", value: root }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { key, value } = next;
    if (typeof value === "number") {
      if (ID.test(key) && Number.isInteger(value) && !Number.isSafeInteger(value)) return key;
    } else if (Array.isArray(value)) {
      for (const inner of value) open.push({ key, value: inner });
    } else if (typeof value === "object" && value !== null) {
      for (const [name, inner] of Object.entries(value)) open.push({ key: name, value: inner });
    }
  }
  return null;
}
