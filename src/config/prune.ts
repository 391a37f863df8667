import { isObject, type Json } from "../types/json.ts";
import type { Path, Source } from "../types/source.ts";

/** A file without its broken parts, so that the rest can still be judged: a rule, flow, team or command with a fault is left
 *  out whole, any other section too. Places stay those of the file. */
export function withoutBroken(source: Source, broken: readonly Path[]): Source {
  if (broken.length === 0) return source;
  const badRules = new Set(broken.filter(([section]) => section === "rules").map(([, index]) => index));
  const rules = source.value.rules;
  const kept = Array.isArray(rules) ? [...rules.keys()].filter((index) => !badRules.has(index)) : [];
  const value: Record<string, Json> = {};
  for (const [section, content] of Object.entries(source.value)) {
    const part = section === "rules" ? pickRules(rules, kept) : soundPart(section, content, broken);
    if (part !== undefined) value[section] = part;
  }
  return { file: source.file, value, locate: (path, part) => source.locate(translate(path, kept), part) };
}

function pickRules(rules: Json | undefined, kept: readonly number[]): Json | undefined {
  return Array.isArray(rules) ? kept.map((index) => rules[index] ?? null) : undefined;
}

function translate(path: Path, kept: readonly number[]): Path {
  const [section, index, ...rest] = path;
  if (section !== "rules" || typeof index !== "number") return path;
  return [section, kept[index] ?? index, ...rest];
}

/** A section without its broken entries; undefined when it is broken itself. */
function soundPart(section: string, content: Json, broken: readonly Path[]): Json | undefined {
  const inside = broken.filter(([first]) => first === section);
  if (inside.length === 0) return content;
  if (inside.some(([, name]) => name === undefined)) return undefined;
  const bad = new Set(inside.map(([, name]) => name));
  if (section === "flows" && Array.isArray(content))
    return content.map((flow, index) => (bad.has(index) ? hollow(flow) : flow));
  if (!isObject(content)) return undefined;
  return Object.fromEntries(
    Object.entries(content).flatMap(([name, entry]) => keepEntry({ section, name, entry, bad })),
  );
}

interface Entry {
  readonly section: string;
  readonly name: string;
  readonly entry: Json;
  readonly bad: ReadonlySet<unknown>;
}

/** A broken command, team, or broken hours, are declared all the same: rules that use them are not at fault. */
function keepEntry({ section, name, entry, bad }: Entry): [string, Json][] {
  if (!bad.has(name)) return [[name, entry]];
  if (section === "hours") return [[name, "crm"]];
  if (section === "teams") return [[name, { crm_group: name }]];
  return section === "commands" ? [[name, name]] : [];
}

/** A broken flow is there for the rules that run it, but does nothing. It keeps its place, so that others keep theirs. */
function hollow(flow: Json): Json {
  return isObject(flow) ? { flow: flow.flow ?? null, do: [] } : null;
}
