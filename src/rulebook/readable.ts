import { suggest } from "../language/names.ts";
import { type Offer, offeredPaths, STORED } from "../language/paths.ts";
import type { Occasion } from "../types/event.ts";
import type { Rulebook, VariableType } from "../types/rule.ts";
import { noQuestion } from "./ask-faults.ts";
import { noArgument, notInFlow } from "./flow-faults.ts";
import { unknownHours } from "./hours-faults.ts";
import { notLookedUp } from "./look-up-faults.ts";
import { isLookedUp } from "./looked-up-offers.ts";
import { neverStored, noGroup, noPattern, unknownPath } from "./path-faults.ts";
import { recordOf } from "./raw.ts";
import type { Finding } from "./report.ts";
import { nothingInside } from "./variable-faults.ts";
import { eventName } from "./words-for.ts";

/** What one place of a rule may read: what its event offers, what the rulebook stores, the named groups of its pattern, and
 *  what its files and actions bring. */
export interface Readable {
  readonly on: Occasion;
  /** Full names that some `set:` stores (`dialog.topic`), or that are declared. */
  readonly stored: ReadonlySet<string>;
  readonly variables: Rulebook["variables"];
  /** By first name: `hours`, in a flow `args`, in a rule that asks `answer`. */
  readonly more: Readonly<Record<string, Offer>>;
  /** Null: the rule has no pattern. `any`: it has a faulty one. */
  readonly groups: readonly string[] | "any" | null;
}

/** What stands at a path: a value, maybe nothing, a group of names (with one of them as an example), or a fault. */
export type Reading =
  | { readonly kind: "value" | "nullable" }
  | { readonly kind: "group"; readonly example: string }
  | { readonly kind: "fault"; readonly finding: Finding };

/** Reads a dotted path (`customer.first_name`) against what the rule may read. */
export function readPath(path: string, readable: Readable): Reading {
  const names = path.split(".");
  if (names[0] === "match") return readGroup(path, names[1], readable);
  return follow(names, readable);
}

function readGroup(path: string, name: string | undefined, { groups }: Readable): Reading {
  if (groups === null) return fault(noPattern(path));
  if (groups === "any") return { kind: "value" };
  if (name === undefined) return { kind: "group", example: `match.${groups[0] ?? "name"}` };
  return groups.includes(name) ? { kind: "value" } : fault(noGroup(name, suggest(name, groups)));
}

/** Walks the offer. Texts and lists have a `size` (template) and a `length` (json-logic). */
function follow(names: readonly string[], readable: Readable): Reading {
  let offer: Offer = offersOf(readable);
  for (const [depth, name] of names.entries()) {
    if (offer === "open") return { kind: "value" };
    if (typeof offer === "string") return isMeasure(name) ? { kind: "value" } : fault(unknown(names, readable));
    const next: Offer | undefined = Object.hasOwn(offer, name) ? offer[name] : undefined;
    if (next === undefined) return readAbsent(names, depth, readable);
    offer = next;
  }
  if (typeof offer === "object")
    return { kind: "group", example: [...names, Object.keys(offer)[0] ?? "name"].join(".") };
  return { kind: offer === "nullable" ? "nullable" : "value" };
}

function offersOf({ on, more }: Readable): Readonly<Record<string, Offer>> {
  return { ...offeredPaths(on), ...more };
}

/** A name that is not on offer: some first names have faults of their own, under others values may be stored. */
function readAbsent(names: readonly string[], depth: number, readable: Readable): Reading {
  const [first = "", name = ""] = names;
  if (first === "answer") return fault(noQuestion(names.join(".")));
  if (depth === 0 && isLookedUp(first)) return fault(notLookedUp(names.join("."), first));
  if (first === "args" && depth === 0) return fault(notInFlow(names.join(".")));
  const near = suggest(name, Object.keys(recordOf(readable.more[first])));
  if (first === "args") return fault(noArgument(name, near));
  if (first === "hours" && depth === 1) return fault(unknownHours(name, near));
  return readStored(names, depth, readable);
}

function readStored(names: readonly string[], depth: number, readable: Readable): Reading {
  const [first = ""] = names;
  const offered = Object.hasOwn(offersOf(readable), first);
  if (depth !== 1 || !offered || !STORED.some((name) => name === first)) return fault(unknown(names, readable));
  const name = names.slice(0, 2).join(".");
  if (!readable.stored.has(name)) return fault(neverStored(name, nearest(name, readable)));
  const type = readable.variables[name]?.type;
  return type === undefined || hasPart(type, names[2]) ? { kind: "nullable" } : fault(nothingInside(name, type));
}

const ENTRY = /^(?:\d+|first|last)$/u;

/** Is there something of this name in a variable? */
function hasPart(type: VariableType, part: string | undefined): boolean {
  if (part === undefined) return true;
  if (type === "list") return isMeasure(part) || ENTRY.test(part);
  return type === "text" && isMeasure(part);
}

function unknown(names: readonly string[], readable: Readable): Finding {
  const path = names.join(".");
  return unknownPath(path, eventName(readable.on), nearest(path, readable), besideIt(path, readable));
}

/** The names of the group in which the wrong one would stand: `open`, ... of `hours.office.opens`. Empty: there is no such group. */
function besideIt(path: string, readable: Readable): readonly string[] {
  const group = groupOf(path);
  const names = namesOf(offersOf(readable)).filter((name) => group !== "" && groupOf(name) === group);
  return names.map((name) => name.slice(group.length + 1));
}

/** Looks among the names beside the wrong one first (`customer.fon` is no `customer.id`), then among whole paths. */
function nearest(path: string, readable: Readable): string | null {
  const offered = namesOf(offersOf(readable));
  const stored = [...readable.stored].filter((name) => offered.includes(groupOf(name)));
  const all = [...offered, ...stored];
  const group = groupOf(path);
  if (!offered.includes(group)) return suggest(path, all) ?? suggest(path.split(".")[0] ?? "", offered);
  const beside = all.filter((name) => groupOf(name) === group).map((name) => name.slice(group.length + 1));
  const near = suggest(path.slice(group.length + 1), beside);
  return near === null ? null : `${group}.${near}`;
}

/** `customer` of `customer.phone`; empty for a name of its own. */
function groupOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf(".")));
}

/** Every path of an offer, groups included: `customer`, `customer.id`, ... */
function namesOf(offer: Readonly<Record<string, Offer>>, prefix = ""): readonly string[] {
  return Object.entries(offer).flatMap(([name, inner]) => {
    const path = `${prefix}${name}`;
    return typeof inner === "object" ? [path, ...namesOf(inner, `${path}.`)] : [path];
  });
}

function isMeasure(name: string): boolean {
  return name === "size" || name === "length";
}

function fault(finding: Finding): Reading {
  return { kind: "fault", finding };
}
