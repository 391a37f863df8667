import { Counter, type Registry } from "prom-client";
import type { Decided } from "../../connection/deciding/deciding.ts";

/** So many rows of this metric at most: a thousand connections with hundreds of rules each would drown whoever scrapes. */
const MOST_ROWS = 10_000;
/** Rules beyond that are counted together, connection by connection. */
export const OTHERS = "(others)";

/** Which rules were judged, and how. Only rules that are still there are told of. */
export function createDecisionMetrics(registry: Registry) {
  const counter = new Counter({
    name: "rulebot_decisions_total",
    help: `Rules that were looked at for an event, by outcome; beyond ${MOST_ROWS} rows rules are counted together as ${OTHERS}.`,
    labelNames: ["connection", "rule", "verdict"],
    registers: [registry],
  });
  const rows = new Map<string, { readonly connection: string; readonly rule: string; readonly verdict: string }>();
  return {
    count({ connectionId: connection, verdicts }: Decided) {
      for (const { ruleId, outcome: verdict } of verdicts) {
        const wanted = JSON.stringify([connection, ruleId, verdict]);
        const rule = rows.has(wanted) || rows.size < MOST_ROWS ? ruleId : OTHERS;
        const labels = { connection, rule, verdict };
        rows.set(JSON.stringify([connection, rule, verdict]), labels);
        counter.inc(labels);
      }
    },
    /** Forgets connections that are not here (any more) and rules that they no longer have. */
    tidy(present: ReadonlyMap<string, ReadonlySet<string>>) {
      for (const [key, labels] of rows) {
        const rules = present.get(labels.connection);
        if (rules !== undefined && (labels.rule === OTHERS || rules.has(labels.rule))) continue;
        rows.delete(key);
        counter.remove(labels);
      }
    },
  };
}
