import { stepAt } from "../../engine/position.ts";
import type { Run } from "../../types/plan.ts";
import type { Step } from "../../types/rule.ts";
import { marked, shifted, under } from "./layout.ts";
import { type Reader, stepWords } from "./step-words.ts";
import { spanIn } from "./time-words.ts";
import type { Say, TryWord } from "./words.ts";

/** Nobody reads more of what might come. */
const MOST_LINES = 60;

/** Actions as the file has them, in words: what may come, nothing that was done. */
export function outline(steps: readonly Step[], reader: Reader): readonly string[] {
  const lines = steps.flatMap((step) => [marked("·", stepWords(step, reader)), ...branchLines(step, reader)]);
  return lines.length <= MOST_LINES ? lines : [...lines.slice(0, MOST_LINES), marked("·", "…")];
}

/** An action's nested lists, each below what leads into it. */
export function branchLines(step: Step, reader: Reader): readonly string[] {
  return Object.entries(step.branches).flatMap(([name, steps]) =>
    name === "flow" ? shifted(outline(steps, reader), 2) : under(headingOf(step, name, reader), outline(steps, reader)),
  );
}

const HEADINGS: Readonly<Record<string, TryWord>> = {
  found: "found",
  not_found: "not_found",
  ok: "ok",
  failed: "failed",
  nobody: "ifNobody",
};

function headingOf(step: Step, name: string, { say, language }: Reader): string {
  if (step.action === "choose") return wayHeading(step, Number(name), say);
  if (name === "no_answer") return noAnswerHeading(step, { say, language });
  const known = HEADINGS[name];
  return known === undefined ? `${name}:` : say(known);
}

/** When a question's `no_answer:` is entered. */
function noAnswerHeading({ args }: Step, { say, language }: Pick<Reader, "say" | "language">): string {
  const { afterMs = null } = (args ?? {}) as { afterMs?: number | null };
  return afterMs === null ? say("noFittingAnswer") : say("noAnswerAfterThen", spanIn(afterMs, language));
}

function wayHeading({ args }: Step, index: number, say: Say): string {
  const { conditions = [] } = (args ?? {}) as { conditions?: readonly unknown[] };
  return conditions[index] === null ? say("otherwise") : say("wayIf", String(index + 1));
}

/** What comes after a step, at each level of nesting outwards, in the order in which it would come. */
export function stepsAfter(
  steps: readonly Step[],
  { position, inner }: Pick<Run, "position" | "inner">,
): readonly Step[] {
  const index = position.at(-1);
  if (typeof index !== "number") return [];
  const around = position.slice(0, -1);
  const rest = listAt(steps, around).slice(index + 1);
  const isLast = inner.some(({ at, last }) => last && at.length === around.length);
  return around.length === 0 || isLast
    ? rest
    : [...rest, ...stepsAfter(steps, { position: around.slice(0, -1), inner })];
}

function listAt(steps: readonly Step[], path: Run["position"]): readonly Step[] {
  if (path.length === 0) return steps;
  const branch = path.at(-1);
  return stepAt(steps, path.slice(0, -1))?.branches[String(branch)] ?? [];
}
