import { isObject } from "../../types/json.ts";
import { listOf, recordOf, textsOf } from "../raw.ts";
import { inside, type Spot } from "../report.ts";
import { canonical } from "../version.ts";

/** One thing that a condition asks for, with the words that name it to people. */
export interface Fact {
  readonly key: string;
  /** The path it is about (`dialog.topic`); null: the key says it all (`assigned`). */
  readonly subject: string | null;
  readonly value: unknown;
  readonly negated: boolean;
  readonly label: string;
  readonly spot: Spot;
}

const BY_PATH: ReadonlySet<string> = new Set(["is", "is_not", "more_than", "less_than", "contains"]);
const WHOLE: ReadonlySet<string> = new Set(["assigned", "channel", "channel_type", "closed", "open", "tag"]);

/** Everything that must hold at once for this condition: its own keys, and what stands in `all:` and in a plain `not:`. */
export function factsOf(raw: unknown, spot: Spot): readonly Fact[] {
  return Object.entries(recordOf(raw)).flatMap(([key, value]): readonly Fact[] => {
    const at = inside(spot, key);
    if (key === "all") return listOf(value).flatMap((item, index) => factsOf(item, inside(at, index)));
    if (key === "not") return negatedFacts(value, at);
    if (key === "known" || key === "missing")
      return textsOf(value).map((path) => fact({ key, subject: path, value: null, spot: at }));
    if (BY_PATH.has(key)) return pathFacts(key, value, at);
    return WHOLE.has(key) ? [fact({ key, subject: null, value, spot: at })] : [];
  });
}

function pathFacts(key: string, raw: unknown, spot: Spot): readonly Fact[] {
  return Object.entries(recordOf(raw)).map(([subject, value]) =>
    fact({ key, subject, value, spot: inside(spot, subject) }),
  );
}

/** `not:` turns around a condition with a single entry; of several, only one need fail. */
function negatedFacts(raw: unknown, spot: Spot): readonly Fact[] {
  const [only, ...more] = isObject(raw) ? factsOf(raw, spot) : [];
  const plain = isObject(raw) && Object.keys(raw).length === 1 && raw.all === undefined && raw.not === undefined;
  if (!only || more.length > 0 || !plain) return [];
  return [{ ...only, negated: true, label: `not: {${only.label}}` }];
}

function fact(known: Pick<Fact, "key" | "subject" | "value" | "spot">): Fact {
  return { ...known, negated: false, label: labelOf(known) };
}

function labelOf({ key, subject, value }: Pick<Fact, "key" | "subject" | "value">): string {
  if (value === null && subject !== null && !BY_PATH.has(key)) return `${key}: ${subject}`;
  const shown = typeof value === "boolean" ? (value ? "yes" : "no") : textsOf(value).join(", ");
  return subject === null ? `${key}: ${shown}` : `${key}: ${subject}: ${shown}`;
}

/** Can these two never hold at once? Says yes only when that is certain. */
export function clash(a: Fact, b: Fact): boolean {
  if (a.subject !== b.subject) return false;
  return opposed(a, b) || clashOneWay(a, b) || clashOneWay(b, a);
}

function opposed(a: Fact, b: Fact): boolean {
  return a.key === b.key && a.negated !== b.negated && canonical(a.value) === canonical(b.value);
}

/** `is` of a list-like path (`dialog.tags`) holds for each of its items, so two values may hold there. */
function clashOneWay(a: Fact, b: Fact): boolean {
  if (a.negated || b.negated) return false;
  const key = `${a.key} ${b.key}`;
  if (key === "is is") return !holdsMany(a) && !sameValue(a.value, b.value);
  if (key === "is is_not") return sameValue(a.value, b.value);
  if (key === "known missing") return true;
  if (key === "is missing") return a.value !== null && a.value !== "";
  if (key === "more_than less_than") return Number(a.value) >= Number(b.value);
  if (key === "more_than missing" || key === "less_than missing" || key === "contains missing") return true;
  if (key === "open closed") return sameValue(a.value, b.value);
  if (key === "assigned assigned") return clashAssigned(a.value, b.value);
  if (key === "channel channel" || key === "channel_type channel_type") return disjoint(a.value, b.value);
  return false;
}

function holdsMany({ subject }: Fact): boolean {
  return subject === "dialog.tags" || subject === "message.items" || (subject?.startsWith("event.") ?? false);
}

/** `assigned: no` beside `yes` or a name. Two lists of names are left alone: a person may be in a team. */
function clashAssigned(a: unknown, b: unknown): boolean {
  return (a === false) !== (b === false);
}

function disjoint(a: unknown, b: unknown): boolean {
  const names = textsOf(b).map(plain);
  return !textsOf(a).some((name) => names.includes(plain(name)));
}

function sameValue(a: unknown, b: unknown): boolean {
  return plain(String(a)) === plain(String(b));
}

function plain(text: string): string {
  const number = Number(text);
  return text.trim() !== "" && Number.isFinite(number) ? String(number) : text.trim().toLowerCase();
}
