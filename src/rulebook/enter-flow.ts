import type { BranchSource } from "../actions/action.ts";
import { suggest } from "../language/names.ts";
import type { Offer } from "../language/paths.ts";
import type { JsonObject } from "../types/json.ts";
import type { RuleContext } from "./context.ts";
import { flowInItself, flowsTooDeep, tooManyActions, unknownFlow } from "./flow-faults.ts";
import { type Flows, flowNamed, runsIn, type WrittenFlow } from "./flows.ts";
import type { Report, Spot } from "./report.ts";

/** Flows inside each other; nobody follows a conversation through more. */
const MOST_FLOWS = 30;

/** The flow that a `run:` names, if it can be entered here; else why not is reported. */
export function findFlow(name: string, spot: Spot, context: RuleContext): BranchSource | null {
  const { book, report, inFlows, budget } = context;
  const flow = flowNamed(book.flows, name);
  if (flow === undefined) {
    const names = [...book.flows.values()].map((known) => known.name);
    report.fault(spot, unknownFlow(name, suggest(name, names)));
    return null;
  }
  if (inFlows.includes(flow)) reportRound(inFlows.slice(inFlows.indexOf(flow)), book.flows, report);
  else if (inFlows.length >= MOST_FLOWS) report.fault(spot, flowsTooDeep(MOST_FLOWS));
  else if (budget.left <= 0) report.fault(spot, tooManyActions(flow.name));
  else return { flow: flow.name };
  return null;
}

/** A flow and what its actions see: `args` has what this `run:` gives, and, maybe empty, what others give. */
export function enterFlow(
  name: string,
  given: JsonObject,
  context: RuleContext,
): { readonly flow: WrittenFlow; readonly context: RuleContext } | null {
  const flow = flowNamed(context.book.flows, name);
  if (flow === undefined) return null;
  const args: Offer = Object.fromEntries(
    [...flow.given].map((name): [string, Offer] => [name, Object.hasOwn(given, name) ? "value" : "nullable"]),
  );
  return { flow, context: insideFlow(flow, args, context) };
}

/** The context inside a flow. */
export function insideFlow(flow: WrittenFlow, args: Offer, context: RuleContext): RuleContext {
  const { readable, inFlows } = context;
  return {
    ...context,
    source: flow.spot.source,
    readable: { ...readable, more: { ...readable.more, args } },
    inFlows: [...inFlows, flow],
  };
}

/** One fault for a round, wherever it was entered: told from the flow that stands first in the files, at the `run:` that
 *  closes it. */
function reportRound(round: readonly WrittenFlow[], flows: Flows, report: Report): void {
  const order = [...flows.values()];
  const start = round.reduce((best, flow, index) => {
    return order.indexOf(flow) < order.indexOf(round[best] ?? flow) ? index : best;
  }, 0);
  const turned = [...round.slice(start), ...round.slice(0, start)];
  const [first, last] = [turned[0], turned.at(-1)];
  const closing = last && runsIn(last).find(({ name }) => flowNamed(flows, name) === first);
  if (first === undefined || closing === undefined) return;
  const way = [...turned, first].map(({ name }) => name).join(" -> ");
  report.fault(closing.spot, flowInItself(first.name, way));
}
