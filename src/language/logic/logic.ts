import type { Json } from "../../types/json.ts";
import { isObject } from "../../types/json.ts";
import type { FaultInside, PathInside } from "../fault.ts";
import { checkPattern } from "../pattern/pattern.ts";
import { firstWords } from "../text/words.ts";
import * as sentences from "./logic-faults.ts";
import { OPERATORS } from "./operators.ts";

export type LogicFault = FaultInside;

const DEEPEST = 32;
const MOST_NODES = 1000;
/** A test of entries inside another one multiplies the work; a third level has no use in a chat. */
const DEEPEST_LISTS = 2;
/** Their second operand is evaluated for each entry, where `var` reads from the entry. */
const OVER_LISTS: ReadonlySet<string> = new Set(["filter", "all", "some", "none"]);
const WITH_PATHS: ReadonlySet<string> = new Set(["missing", "missing_some"]);
const WITH_PHRASES: ReadonlySet<string> = new Set(["has_words", "is_words"]);

/** One value met on the walk through a tree. `lists` counts the tests of entries around it. */
interface Node {
  readonly value: unknown;
  readonly path: PathInside;
  readonly depth: number;
  readonly lists: number;
}

/** An operation: its only key, and its operands as a list even where one stands bare. */
interface Operation extends Node {
  readonly operator: string;
  readonly operands: readonly Node[];
}

/** Everything wrong with a json-logic tree. json-logic itself would take a misspelt operator for data that is always true,
 *  and find out about unknown ones only when their branch runs. Paths of `var` are not judged here: see `varPaths`. */
export function checkLogic(logic: unknown): readonly LogicFault[] {
  const faults: LogicFault[] = [];
  let nodes = 0;
  visit({ value: logic, path: [], depth: 1, lists: 0 });
  return faults;

  function visit(node: Node): void {
    nodes += 1;
    if (nodes === MOST_NODES + 1) faults.push({ path: [], ...sentences.tooLarge(MOST_NODES) });
    if (nodes > MOST_NODES) return;
    if (node.depth > DEEPEST) faults.push({ path: node.path, ...sentences.tooDeep(DEEPEST) });
    else if (Array.isArray(node.value)) for (const item of itemsOf(node)) visit(item);
    else if (isObject(node.value)) visitOperation(node);
  }

  function visitOperation(node: Node): void {
    const operation = operationOf(node);
    if (operation === null) return void faults.push({ path: node.path, ...sentences.notOneOperator(keysOf(node)) });
    const found = checkOperation(operation);
    faults.push(...found);
    if (found.length === 0) for (const operand of operation.operands) visit(operand);
  }
}

/** Every path that a tree reads from what rules see, with its place in the tree: those of `var`, `missing`, `missing_some`.
 *  Paths inside a test of entries belong to the entry and are left out. The tree has passed `checkLogic`. */
export function varPaths(logic: Json): readonly { readonly path: PathInside; readonly name: string }[] {
  return read({ value: logic, path: [], depth: 1, lists: 0 });

  function read(node: Node): readonly { readonly path: PathInside; readonly name: string }[] {
    if (node.lists > 0) return [];
    if (Array.isArray(node.value)) return itemsOf(node).flatMap(read);
    const operation = isObject(node.value) ? operationOf(node) : null;
    if (operation === null) return [];
    const named = pathOperands(operation).flatMap(({ path, value }) =>
      typeof value === "string" ? [{ path, name: value }] : [],
    );
    return [...named, ...operation.operands.flatMap(read)];
  }
}

function checkOperation(operation: Operation): readonly LogicFault[] {
  const { operator, operands, path } = operation;
  const known = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
  if (known === undefined) return [{ path: [...path, operator], ...sentences.unknownOperator(operator) }];
  if (operands.length < known.min || operands.length > known.max)
    return [{ path: [...path, operator], ...sentences.operandCount(operator, known, operands.length) }];
  if (OVER_LISTS.has(operator) && operation.lists >= DEEPEST_LISTS)
    return [{ path, ...sentences.listsTooDeep(DEEPEST_LISTS) }];
  return [...checkPaths(operation), ...checkPhrases(operation), ...checkMatches(operation)];
}

function checkPaths(operation: Operation): readonly LogicFault[] {
  return pathOperands(operation)
    .filter(({ value }) => typeof value !== "string" || (value === "" && operation.lists === 0))
    .map(({ path }) => ({ path, ...sentences.pathNotText(operation.operator) }));
}

function checkPhrases({ operator, operands: [, phrases] }: Operation): readonly LogicFault[] {
  if (!WITH_PHRASES.has(operator) || phrases === undefined) return [];
  const listed = Array.isArray(phrases.value) ? itemsOf(phrases) : [phrases];
  return listed.flatMap(({ value, path }) => {
    if (typeof value !== "string") return [{ path, ...sentences.notLiteral(operator) }];
    return firstWords(value) === null ? [{ path, ...sentences.withoutWords(value) }] : [];
  });
}

function checkMatches({ operator, operands: [, pattern] }: Operation): readonly LogicFault[] {
  if (operator !== "matches" || pattern === undefined) return [];
  if (typeof pattern.value !== "string") return [{ path: pattern.path, ...sentences.notLiteral(operator) }];
  const fault = checkPattern(pattern.value);
  return fault === null ? [] : [{ path: pattern.path, ...fault }];
}

/** The operands that are paths: the first of `var`, all of `missing`, the list of `missing_some`. */
function pathOperands({ operator, operands }: Operation): readonly Node[] {
  if (operator === "var") return operands.slice(0, 1);
  if (!WITH_PATHS.has(operator)) return [];
  return operands.slice(operator === "missing" ? 0 : 1).flatMap((operand) => {
    return Array.isArray(operand.value) ? itemsOf(operand) : [operand];
  });
}

function operationOf(node: Node): Operation | null {
  const [operator, ...others] = keysOf(node);
  if (operator === undefined || others.length > 0) return null;
  const operands = isObject(node.value) ? node.value[operator] : null;
  const inner: Node = { ...node, value: operands, path: [...node.path, operator], depth: node.depth + 1 };
  const listed = Array.isArray(operands) ? itemsOf(inner) : [inner];
  const overEntries = OVER_LISTS.has(operator);
  return {
    ...node,
    operator,
    operands: listed.map((operand, index) =>
      overEntries && index === 1 ? { ...operand, lists: node.lists + 1 } : operand,
    ),
  };
}

function keysOf({ value }: Node): readonly string[] {
  return isObject(value) ? Object.keys(value) : [];
}

function itemsOf(node: Node): readonly Node[] {
  const items: readonly unknown[] = Array.isArray(node.value) ? node.value : [];
  return items.map((value, index) => ({ ...node, value, path: [...node.path, index], depth: node.depth + 1 }));
}
