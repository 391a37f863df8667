import { isMap, isScalar, LineCounter, type Node, parseDocument } from "yaml";
import { compileRulebook } from "../../src/rulebook/compile.ts";
import type { JsonObject } from "../../src/types/json.ts";
import type { Rule, Rulebook } from "../../src/types/rule.ts";
import type { Source } from "../../src/types/source.ts";
import { formatPlace, type Said } from "./said.ts";

/** A file as the loader hands it over: its value, and the place of every key and value. Flags are written true and false. */
export function source(text: string, file = "bot.config.yaml"): Source {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, keepSourceTokens: true });
  if (document.errors.length > 0) throw document.errors[0];
  return {
    file,
    value: (document.toJS() ?? {}) as JsonObject,
    locate(path, part = "value") {
      const node = nodeAt(document.contents, path, part) ?? nodeAt(document.contents, path.slice(0, -1), part);
      const [start = 0, end = 1] = node?.range ?? [];
      const { line, col } = lines.linePos(start);
      return { place: { file, line, column: col }, length: Math.max(1, end - start) };
    },
  };
}

function nodeAt(root: unknown, path: readonly (string | number)[], part: "key" | "value"): Node | null {
  let node = root;
  for (const [depth, step] of path.entries()) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      node = part === "key" && depth === path.length - 1 ? pair?.key : pair?.value;
    } else node = (node as { items?: unknown[] } | null)?.items?.[Number(step)];
  }
  return (node ?? null) as Node | null;
}

/** Compiles one file, or several. Each issue comes as one line: `fault 3:7 cause | fix`. */
export function compile(...texts: readonly string[]): { rulebook: Rulebook | null; said: readonly Said[] } {
  const [root = "", ...more] = texts;
  const files = more.map((text, index) => source(text, `rules/${index + 1}.yaml`));
  const { rulebook, issues } = compileRulebook({ root: source(root), files, language: "en", timezone: "UTC" });
  return { rulebook, said: issues.map(formatPlace) };
}

/** The rules of a sound file. */
export function rulesOf(...texts: readonly string[]): readonly Rule[] {
  const { rulebook, said } = compile(...texts);
  if (rulebook === null) throw new Error(said.join("\n"));
  return rulebook.rules;
}

/** One rule around a `when:` and actions in flow style: `ruleWith("{message: any}", "[{note: Hi}]")`. */
export function ruleWith(when: string, actions = "[{note: Hi}]", more = ""): string {
  return `rules:\n  - rule: A\n    when: ${when}\n    do: ${actions}\n${more === "" ? "" : `    ${more}\n`}`;
}
