import type { Json, Logic } from "../../types/json.ts";
import { isObject } from "../../types/json.ts";
import type { ConditionPart } from "../../types/rule.ts";
import { didYouMean, type Fault, type FaultInside, type PathInside } from "../fault.ts";
import { suggest } from "../names.ts";
import { entriesOf, listLabel, quote, textsOf } from "../text/labels.ts";
import { checkLogic } from "./logic.ts";
import { tooDeep } from "./logic-faults.ts";

export interface CompiledConditions {
  readonly parts: readonly ConditionPart[];
  /** Paths count from the raw object that was compiled. */
  readonly faults: readonly FaultInside[];
}

/** One short key, compiled: what json-logic runs, and the words that name it to people. */
export interface Short {
  readonly logic: Logic;
  readonly label: string;
}

/** Where a short key stands, and where its faults go. */
export interface ShortPlace {
  readonly path: PathInside;
  readonly faults: FaultInside[];
}

const DEEPEST = 32;
const LONGEST_LABEL = 80;

/** Every short key of `if:`. */
const SHORT: Readonly<Record<string, (value: unknown, place: ShortPlace) => Short>> = {
  open: (value) => hoursAre(value, true),
  closed: (value) => hoursAre(value, false),
  assigned,
  channel: (value) => channelIs(value),
  channel_type: (value) => channelTypeIs(value),
  tag: (value) => ({
    logic: { one_of_names: [read("dialog.tags"), textsOf(value)] },
    label: `tag: ${listLabel(textsOf(value), "or")}`,
  }),
  missing: (value) => ({
    logic: { and: textsOf(value).map((path) => ({ missing: [path] })) },
    label: `missing: ${listLabel(textsOf(value), "and")}`,
  }),
  known: (value) => ({
    logic: { "!": [{ missing: textsOf(value) }] },
    label: `known: ${listLabel(textsOf(value), "and")}`,
  }),
  is: (value) => compared(value, (path, wanted) => ({ same: [path, wanted] }), "is"),
  is_not: (value) => compared(value, (path, wanted) => ({ "!": [{ same: [path, wanted] }] }), "is not"),
  more_than: (value) => compared(value, (path, wanted) => ({ more_than: [path, wanted] }), "is more than"),
  less_than: (value) => compared(value, (path, wanted) => ({ less_than: [path, wanted] }), "is less than"),
  contains: (value) => compared(value, (path, wanted) => ({ contains: [path, wanted] }), "contains"),
  any: (value, place) => {
    const each = compileEach(value, place);
    return { logic: { or: each.map(({ logic }) => logic) }, label: `any of: ${each.map(bracketed).join(" or ")}` };
  },
  all: (value, place) => {
    const each = compileEach(value, place);
    return { logic: { and: each.map(({ logic }) => logic) }, label: `all of: ${each.map(bracketed).join(" and ")}` };
  },
  not: (value, place) => {
    const inner = compileGroup(value, place);
    return { logic: { "!": [inner.logic] }, label: `not ${bracketed(inner)}` };
  },
  logic: (value, { path, faults }) => {
    const found = checkLogic(value);
    faults.push(...found.map((fault) => ({ ...fault, path: [...path, ...fault.path] })));
    return {
      logic: found.length === 0 ? (value as Logic) : false,
      label: `logic: ${shortened(JSON.stringify(value))}`,
    };
  },
};

/** Compiles the short form of `if:`, whose shape the schema has checked: one part for each key. All parts must hold. */
export function compileConditions(raw: unknown, from: ConditionPart["from"]): CompiledConditions {
  const faults: FaultInside[] = [];
  const parts = compileKeys(raw, { path: [], faults }).map(({ key, label, logic }) => ({ key, label, from, logic }));
  return { parts, faults };
}

/** The channel has one of these names (or ids). */
export function channelIs(value: unknown): Short {
  const names = textsOf(value);
  return {
    logic: { one_of_names: [[read("channel.name"), read("channel.id")], names] },
    label: `channel: ${listLabel(names, "or")}`,
  };
}

/** The channel is one of these kinds of messengers. */
export function channelTypeIs(value: unknown): Short {
  const types = textsOf(value);
  return {
    logic: { one_of_names: [[read("channel.type")], types] },
    label: `channel_type: ${listLabel(types, "or")}`,
  };
}

/** These hours are open now, or closed; unknown ones (an account that has none) are neither. */
function hoursAre(value: unknown, open: boolean): Short {
  const name = String(value);
  return { logic: { "==": [read(`hours.${name}.open`), open] }, label: `${open ? "open" : "closed"}: ${name}` };
}

/** The value at a path, as json-logic. */
export function read(path: string): Logic {
  return { var: path };
}

/** `dialog.assigned` is false too when this bot is responsible (spec 4.1 "People"). A team counts while a person has the dialog. */
function assigned(value: unknown): Short {
  const responsible = read("dialog.assigned");
  if (value === true) return { logic: { "!!": [responsible] }, label: "assigned: yes" };
  if (value === false) return { logic: { "!": [responsible] }, label: "assigned: no" };
  const names = textsOf(value);
  return {
    logic: { and: [responsible, { one_of_names: [[read("manager.name"), read("dialog.team")], names] }] },
    label: `assigned: ${listLabel(names, "or")}`,
  };
}

/** `{path: value, ...}`: every entry must hold. */
function compared(value: unknown, test: (path: Logic, wanted: Json) => Logic, verb: string): Short {
  const entries = entriesOf(value);
  const tests = entries.map(([path, wanted]) => test(read(path), wanted));
  const [only] = tests;
  return {
    logic: tests.length === 1 && only !== undefined ? only : { and: tests },
    label: entries.map(([path, wanted]) => `${path} ${verb} ${quote(wanted)}`).join(" and "),
  };
}

function compileKeys(raw: unknown, place: ShortPlace): readonly (Short & { readonly key: string })[] {
  return Object.entries(isObject(raw) ? raw : {}).flatMap(([key, value]) => {
    const path = [...place.path, key];
    const compile = Object.hasOwn(SHORT, key) ? SHORT[key] : undefined;
    if (compile !== undefined && path.length <= DEEPEST) return [{ key, ...compile(value, { ...place, path }) }];
    place.faults.push({ path, ...(compile === undefined ? unknownKey(key) : tooDeep(DEEPEST)) });
    return [];
  });
}

/** A list of conditions, each of which may have several keys. */
function compileEach(value: unknown, place: ShortPlace): readonly Short[] {
  const listed: readonly unknown[] = Array.isArray(value) ? value : [value];
  return listed.map((one, index) => compileGroup(one, { ...place, path: [...place.path, index] }));
}

/** One condition inside another: all of its keys must hold. */
function compileGroup(value: unknown, place: ShortPlace): Short {
  const keys = compileKeys(value, place);
  const [only] = keys;
  if (keys.length === 1 && only !== undefined) return only;
  return { logic: { and: keys.map(({ logic }) => logic) }, label: keys.map(({ label }) => label).join(", ") };
}

function bracketed({ label }: Short): string {
  return `(${label})`;
}

function shortened(text: string): string {
  return text.length <= LONGEST_LABEL ? text : `${text.slice(0, LONGEST_LABEL - 1)}…`;
}

function unknownKey(key: string): Fault {
  return {
    code: "unknown-condition",
    cause: {
      en: `I do not know the condition "${key}".`,
      es: `No conozco la condición "${key}".`,
      ru: `Я не знаю условия "${key}".`,
    },
    fix: didYouMean(suggest(key, Object.keys(SHORT))),
  };
}
