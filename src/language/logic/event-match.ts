import type { Occasion } from "../../types/event.ts";
import type { Logic } from "../../types/json.ts";
import { isObject } from "../../types/json.ts";
import type { ConditionPart } from "../../types/rule.ts";
import type { Fault, FaultInside } from "../fault.ts";
import { checkPattern } from "../pattern/pattern.ts";
import { listLabel, quote, textsOf } from "../text/labels.ts";
import { firstWords } from "../text/words.ts";
import { withoutWords } from "./logic-faults.ts";
import { type CompiledConditions, channelIs, channelTypeIs, read, type Short } from "./short-condition.ts";

export interface MatchContext {
  /** What the rule listens to, as read from the same `when`. */
  readonly on: Occasion;
}

/** The keys of `when` that narrow. Those that only name the event (`dialog`, `manager`, `event`, `reply_failed`,
 *  `message: any`, `from: anyone`) need no condition: the index of rules answers for them. Silences are the timers' part. */
const KEYS: Readonly<Record<string, (value: unknown) => Short | null>> = {
  message: (value) => (value === "any" ? null : equals("message.type", value, "message")),
  message_has: (value) => phrases("has_words", value, "message has"),
  message_is: (value) => phrases("is_words", value, "message is"),
  message_matches: (value) => ({
    logic: { matches: [read("message.text"), String(value)] },
    label: `message matches "${String(value)}"`,
  }),
  command: (value) => equals("command.name", value, "command"),
  from: (value) => (value === "anyone" ? null : equals("message.from", value, "from")),
  scope: (value) => equals("message.scope", value, "scope"),
  channel: channelIs,
  channel_type: channelTypeIs,
  first: (value) => {
    const first: Logic = { and: [{ "==": [read("message.from"), "customer"] }, read("dialog.first")] };
    return value === true ? { logic: first, label: "first: yes" } : { logic: { "!": [first] }, label: "first: no" };
  },
};

/** Compiles the `when` of a rule, whose shape the schema has checked, to parts in file order. On a message of any kind
 *  `from: customer` holds unless the rule says otherwise. */
export function compileMatch(when: unknown, { on }: MatchContext): CompiledConditions {
  const raw = isObject(when) ? when : {};
  const said = on === "message" || on.startsWith("event:message_") ? { from: "customer", ...raw } : raw;
  return {
    parts: Object.entries(said).flatMap(([key, value]) => compilePart(key, value)),
    faults: Object.entries(raw).flatMap(([key, value]) => checkKey(key, value)),
  };
}

function compilePart(key: string, value: unknown): readonly ConditionPart[] {
  const compile = Object.hasOwn(KEYS, key) ? KEYS[key] : undefined;
  const short = compile?.(value) ?? null;
  return short === null ? [] : [{ key, label: short.label, from: "when", logic: short.logic }];
}

function equals(path: string, value: unknown, label: string): Short {
  return { logic: { same: [read(path), String(value)] }, label: `${label}: ${String(value)}` };
}

function phrases(operator: "has_words" | "is_words", value: unknown, label: string): Short {
  const listed = textsOf(value);
  const logic: Logic = { [operator]: [read("message.text"), listed] };
  return { logic, label: `${label} ${listLabel(listed.map(quote), "or")}` };
}

function checkKey(key: string, value: unknown): readonly FaultInside[] {
  if (key === "message_matches") return at([key], checkPattern(String(value)));
  if (key !== "message_has" && key !== "message_is") return [];
  return textsOf(value).flatMap((phrase, index) => {
    if (firstWords(phrase) !== null) return [];
    return at(Array.isArray(value) ? [key, index] : [key], withoutWords(phrase));
  });
}

function at(path: FaultInside["path"], fault: Fault | null): readonly FaultInside[] {
  return fault === null ? [] : [{ path, ...fault }];
}
