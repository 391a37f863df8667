import { inside, keyOf, type Report } from "../report.ts";
import { lineName } from "../words-for.ts";
import { covers, sameMatch } from "./cover.ts";
import type { CompiledRule, Lint } from "./lint.ts";
import { neverAnswers, sameMatches } from "./sentences.ts";
import { type Shape, shapeOf } from "./shape.ts";
import { keysOf, keysOfCovers } from "./shelf.ts";

interface Shaped extends CompiledRule {
  readonly shape: Shape;
  readonly position: number;
}

/** Rules that an earlier one makes useless: it always answers first, or it has the very same match. */
export const lintOrder: Lint = ({ rules }, report) => {
  const earlier = new Map<string, Shaped[]>();
  for (const [position, compiled] of rules.entries()) {
    const rule = { ...compiled, position, shape: shapeOf(compiled) };
    const found = earlierFor(rule, wider(rule, earlier));
    warn(rule, found, report);
    // What such a rule would make useless, the rule before it does: keeping both would compare every pair of equals.
    if (standsFor(found, rule)) continue;
    for (const key of keysOf(rule.shape)) push(earlier, `${rule.rule.on}\n${key}`, rule);
  }
};

/** The earlier rules that matter to a later one: the first that always answers before it, the first of the same match. */
interface Found {
  readonly first: CompiledRule["rule"] | undefined;
  readonly twin: CompiledRule["rule"] | undefined;
}

function standsFor({ first, twin }: Found, { rule }: Shaped): boolean {
  if (first !== undefined) return true;
  return twin?.continues === rule.continues && twin.evenWithManager === rule.evenWithManager;
}

function wider(rule: Shaped, earlier: ReadonlyMap<string, readonly Shaped[]>): readonly Shaped[] {
  const found = keysOfCovers(rule.shape).flatMap((key) => earlier.get(`${rule.rule.on}\n${key}`) ?? []);
  const covering = [...new Set(found)].filter((other) => covers(other.shape, rule.shape));
  return covering.sort((a, b) => a.position - b.position);
}

function earlierFor(rule: Shaped, wider: readonly Shaped[]): Found {
  return {
    first: wider.find((other) => answersBefore(other, rule))?.rule,
    twin: wider.find((other) => isTwin(other, rule))?.rule,
  };
}

function warn(rule: Shaped, { first, twin }: Found, report: Report): void {
  const earlier = first ?? twin;
  if (earlier === undefined) return;
  const sentence = first === undefined ? sameMatches : neverAnswers;
  report.warn(keyOf(inside(rule.spot, "when")), sentence(rule.rule.name, earlier.name, lineName(earlier.place)));
}

/** The earlier rule takes every answer of the later one: it never steps aside by itself. */
function answersBefore({ rule }: Shaped, { rule: later }: Shaped): boolean {
  if (rule.lane !== "answer" || later.lane !== "answer") return false;
  // Each silence has its own timer: rules of one length answer one after the other.
  if (rule.silence !== null) return false;
  if (rule.continues || rule.mode === "shadow" || later.mode === "shadow") return false;
  if (rule.oncePer !== null || rule.againAfterMs !== null) return false;
  return rule.evenWithManager || !later.evenWithManager;
}

/** Rules that differ in how often they fire, or of which only one speaks, are a usual pair and no mistake. */
function isTwin(a: Shaped, b: Shaped): boolean {
  if (a.rule.mode !== b.rule.mode || a.rule.lane !== b.rule.lane) return false;
  if (a.rule.oncePer !== b.rule.oncePer || a.rule.againAfterMs !== b.rule.againAfterMs) return false;
  return sameMatch(a.shape, b.shape);
}

function push(lists: Map<string, Shaped[]>, name: string, rule: Shaped): void {
  const list = lists.get(name);
  if (list) list.push(rule);
  else lists.set(name, [rule]);
}
