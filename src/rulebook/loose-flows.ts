import { broughtBy } from "./brought.ts";
import { looseContext, type RuleContext, type Shared } from "./context.ts";
import { insideFlow } from "./enter-flow.ts";
import { flowsOf, type WrittenFlow } from "./flows.ts";
import type { WrittenRule } from "./names.ts";
import { inside } from "./report.ts";
import { compileSteps } from "./steps.ts";
import { storedNames } from "./stored.ts";

/** Flows that no rule runs yet are checked all the same, as if a rule for messages ran them and gave what they read. */
export function checkLooseFlows(rules: readonly WrittenRule[], shared: Shared): void {
  const run = flowsOf(rules, shared.book.flows);
  for (const flow of shared.book.flows.values()) {
    if (run.has(flow)) continue;
    compileSteps(flow.raw.do, inside(flow.spot, "do"), insideFlow(flow, "open", contextOf(flow, shared)));
  }
}

function contextOf(flow: WrittenFlow, shared: Shared): RuleContext {
  const raws = [flow, ...flowsOf([flow], shared.book.flows)].map(({ raw }) => raw);
  const brought = broughtBy(raws, "message");
  const loose = looseContext(flow.spot, "message", shared);
  return {
    ...loose,
    readable: { ...loose.readable, groups: "any", more: { ...shared.everywhere, ...brought } },
    ownStored: new Set([...storedNames(raws), ...Object.keys(brought)]),
  };
}
