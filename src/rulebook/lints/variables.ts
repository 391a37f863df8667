import { checkTemplate, hasMarks } from "../../language/template/template.ts";
import { recordOf } from "../raw.ts";
import { inside, keyOf, type Report, type Spot } from "../report.ts";
import { storedNames } from "../stored.ts";
import type { Lint, LintInput } from "./lint.ts";
import { comparedAsNumber, neverRead, neverSet, unusedVariable } from "./sentences.ts";

/** Declared variables that no rule stores, or that nothing reads. */
export const lintUnusedVariables: Lint = (input, report) => {
  const variables = declaredIn(input);
  if (variables.length === 0) return;
  const all = [input, ...(input.elsewhere ?? [])];
  const stored = storedNames(all.flatMap(({ written, flows }) => [...written, ...flows].map(({ raw }) => raw)));
  const read = new Set(all.flatMap((one) => [...readIn(one)]));
  for (const { name, spot } of variables) {
    const isRead = read.has(name) || read.has(name.split(".")[0] ?? "");
    if (stored.has(name) && isRead) continue;
    const finding = stored.has(name) ? neverRead(name) : isRead ? neverSet(name) : unusedVariable(name);
    report.warn(keyOf(spot), finding);
  }
};

/** `more_than` and `less_than` of variables that are declared as something else than numbers. */
export const lintComparisons: Lint = (input, report) => {
  const types = new Map(Object.entries(input.variables).map(([name, { type }]) => [name, type]));
  if (types.size === 0) return;
  for (const { raw, spot } of [...input.written, ...input.flows]) lookInside(raw, spot, { types, report });
};

interface Looking {
  readonly types: ReadonlyMap<string, string>;
  readonly report: Report;
}

function lookInside(raw: unknown, spot: Spot, looking: Looking): void {
  if (typeof raw !== "object" || raw === null) return;
  for (const [key, value] of Object.entries(raw)) {
    const at = inside(spot, Array.isArray(raw) ? Number(key) : key);
    if (key === "more_than" || key === "less_than") checkComparison([key, value], at, looking);
    else lookInside(value, at, looking);
  }
}

function checkComparison([key, raw]: readonly [string, unknown], spot: Spot, { types, report }: Looking): void {
  for (const path of Object.keys(recordOf(raw))) {
    const type = types.get(path) ?? "number";
    if (type !== "number") report.warn(keyOf(inside(spot, path)), comparedAsNumber(key, path, type));
  }
}

interface DeclaredVariable {
  readonly name: string;
  readonly spot: Spot;
}

function declaredIn({ sources }: LintInput): readonly DeclaredVariable[] {
  return sources.flatMap((source) =>
    Object.keys(recordOf(source.value.variables)).map((name) => ({
      name,
      spot: { source, path: ["variables", name] },
    })),
  );
}

/** Every path that rules, flows and own texts read, by its first two names (`customer.city`); a whole group (`customer`) as it is. */
function* readIn({ written, flows, sources }: LintInput): Generator<string> {
  for (const { raw } of [...written, ...flows]) yield* readInside(raw, "");
  for (const { value } of sources) yield* readInside(value.texts, "");
}

const PATH = /^(?:dialog|customer|chat)\.[^.]+/u;

function* readInside(raw: unknown, key: string): Generator<string> {
  // What `set:` and `save:` name is stored there, not read.
  if (typeof raw === "string" && key !== "save") yield* pathsIn(raw);
  if (typeof raw !== "object" || raw === null) return;
  for (const [inner, value] of Object.entries(raw)) {
    if (key !== "set") yield* pathsIn(inner);
    yield* readInside(value, Array.isArray(raw) ? key : inner);
  }
}

function pathsIn(text: string): readonly string[] {
  if (hasMarks(text)) return checkTemplate(text).uses.map(({ path }) => path.split(".").slice(0, 2).join("."));
  const [path] = PATH.exec(text) ?? [];
  return path === undefined ? [] : [path];
}
