import { nameKey } from "../language/names.ts";
import { isObject, type JsonObject } from "../types/json.ts";
import type { Source } from "../types/source.ts";
import { duplicateFlow } from "./flow-faults.ts";
import type { WrittenRule } from "./names.ts";
import { listOf, recordOf, textOf } from "./raw.ts";
import { find, inside, type Report, type Spot } from "./report.ts";
import { everyAction } from "./walk.ts";
import { lineName } from "./words-for.ts";

/** A flow as written: actions under a name, done by `run:`. */
export interface WrittenFlow extends WrittenRule {
  readonly name: string;
  /** What any `run:` gives it by `with:`. */
  readonly given: ReadonlySet<string>;
}

/** Every flow of the files by its plain name, in file order. */
export type Flows = ReadonlyMap<string, WrittenFlow>;

/** The flows of all files. Of two with one name the second is a fault. `rules` are asked for what they give to flows. */
export function collectFlows(sources: readonly Source[], rules: readonly WrittenRule[], report: Report): Flows {
  const written = sources.flatMap(writtenFlows);
  const given = givenNames([...rules, ...written]);
  const flows = new Map<string, WrittenFlow>();
  for (const { raw, spot, name } of written) {
    const plain = nameKey(name);
    const twin = flows.get(plain);
    if (twin === undefined) flows.set(plain, { raw, spot, name, given: given.get(plain) ?? new Set() });
    else report.fault(inside(spot, "flow"), duplicateFlow(name, lineName(find(inside(twin.spot, "flow")).place)));
  }
  return flows;
}

export function flowNamed(flows: Flows, name: string): WrittenFlow | undefined {
  return flows.get(nameKey(name));
}

/** One `run:` as written: the flow's name, where it stands, and what is given. */
export interface WrittenRun {
  readonly name: string;
  readonly spot: Spot;
  readonly given: JsonObject;
}

/** Every `run:` of a rule or flow, nested ones included. */
export function runsIn({ raw, spot }: WrittenRule): readonly WrittenRun[] {
  return everyAction(raw.do, inside(spot, "do")).flatMap((action) => {
    const name = action.name === "run" ? textOf(action.raw.run) : null;
    return name === null ? [] : [{ name, spot: inside(action.spot, "run"), given: recordOf(action.raw.with) }];
  });
}

/** The flows that these rules run, and those that these flows run, each once. */
export function flowsOf(rules: readonly WrittenRule[], flows: Flows): ReadonlySet<WrittenFlow> {
  const reached = new Set<WrittenFlow>();
  const open = [...rules];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const { name } of runsIn(next)) {
      const flow = flowNamed(flows, name);
      if (flow === undefined || reached.has(flow)) continue;
      reached.add(flow);
      open.push(flow);
    }
  }
  return reached;
}

function writtenFlows(source: Source): readonly Omit<WrittenFlow, "given">[] {
  return listOf(source.value.flows).flatMap((raw, index) => {
    const name = isObject(raw) ? textOf(raw.flow) : null;
    return isObject(raw) && name !== null ? [{ raw, spot: { source, path: ["flows", index] }, name }] : [];
  });
}

/** By plain name of the flow: the names that all of its callers give. */
function givenNames(callers: readonly WrittenRule[]): ReadonlyMap<string, ReadonlySet<string>> {
  const names = new Map<string, Set<string>>();
  for (const { name, given } of callers.flatMap(runsIn)) {
    const plain = nameKey(name);
    names.set(plain, new Set([...(names.get(plain) ?? []), ...Object.keys(given)]));
  }
  return names;
}
