import type { Occasion } from "../types/event.ts";
import type { Rule, Rulebook } from "../types/rule.ts";

/** Where the rules of one occasion are found by the words of a text. Numbers are positions in `Rulebook.rules`. */
interface Shelf {
  /** Rules that no word can rule out. */
  readonly always: readonly number[];
  readonly byWord: ReadonlyMap<string, readonly number[]>;
  /** Beginnings of words (`envio*`), one map for each length that occurs. */
  readonly byBeginning: ReadonlyMap<number, ReadonlyMap<string, readonly number[]>>;
}

/** All rules of a rulebook by id, and by occasion and first word. It is made from the rulebook and never stored or sent. */
export interface RuleIndex {
  readonly rules: readonly Rule[];
  readonly byId: ReadonlyMap<string, Rule>;
  readonly shelves: ReadonlyMap<Occasion, Shelf>;
}

type Rules = Pick<Rulebook, "rules">;

/** By the list of rules: many rulebooks share one and differ in language, zone or teams. */
const indexes = new WeakMap<Rulebook["rules"], RuleIndex>();

/** The index of a rulebook, built once for each list of rules. */
export function buildIndex({ rules }: Rules): RuleIndex {
  const known = indexes.get(rules);
  if (known) return known;
  const index = { rules, byId: new Map(rules.map((rule) => [rule.id, rule])), shelves: buildShelves(rules) };
  indexes.set(rules, index);
  return index;
}

/** The rule of that id; null: there is none, or none any more. */
export function ruleById(rulebook: Rules, id: string): Rule | null {
  return buildIndex(rulebook).byId.get(id) ?? null;
}

/** The rules that can match, in file order: every rule that does match is among them. `words` are the normalised words of the
 *  text, or the name of the command. Costs what the words and the found rules cost, not what the rulebook holds. */
export function candidates(index: RuleIndex, on: Occasion, words: readonly string[]): readonly Rule[] {
  const shelf = index.shelves.get(on);
  if (!shelf) return [];
  const found = new Set(shelf.always);
  for (const word of new Set(words)) addMatches(shelf, word, found);
  return [...found].sort((a, b) => a - b).flatMap((position) => index.rules[position] ?? []);
}

function addMatches(shelf: Shelf, word: string, found: Set<number>): void {
  for (const position of shelf.byWord.get(word) ?? []) found.add(position);
  for (const [length, beginnings] of shelf.byBeginning) {
    for (const position of beginnings.get(word.slice(0, length)) ?? []) found.add(position);
  }
}

function buildShelves(rules: readonly Rule[]): ReadonlyMap<Occasion, Shelf> {
  const positions = new Map<Occasion, number[]>();
  for (const [position, rule] of rules.entries()) push(positions, rule.on, position);
  return new Map([...positions].map(([on, found]) => [on, buildShelf(rules, found)]));
}

function buildShelf(rules: readonly Rule[], positions: readonly number[]): Shelf {
  const always: number[] = [];
  const byWord = new Map<string, number[]>();
  const byBeginning = new Map<number, Map<string, number[]>>();
  for (const position of positions) {
    const words = rules[position]?.firstWords ?? null;
    if (words === null) always.push(position);
    for (const word of words ?? []) {
      if (word.endsWith("*")) push(beginningsOf(byBeginning, word.length - 1), word.slice(0, -1), position);
      else push(byWord, word, position);
    }
  }
  return { always, byWord, byBeginning };
}

function beginningsOf(byBeginning: Map<number, Map<string, number[]>>, length: number): Map<string, number[]> {
  const known = byBeginning.get(length);
  if (known) return known;
  const added = new Map<string, number[]>();
  byBeginning.set(length, added);
  return added;
}

function push<Key>(lists: Map<Key, number[]>, key: Key, position: number): void {
  const list = lists.get(key);
  if (list) list.push(position);
  else lists.set(key, [position]);
}
