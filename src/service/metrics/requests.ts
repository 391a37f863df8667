import { Counter, Histogram, type Registry } from "prom-client";
import type { RequestDone } from "../../connection/connection.ts";

/** Upper bounds in seconds: a healthy API answers within the first few, we give up at 10 s for each part of an answer. */
const BOUNDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What may be repeated how (reliability.md D4). */
const OPERATIONS = { read: "read", repeatable: "change", once: "send" } as const satisfies Record<
  RequestDone["kind"],
  string
>;

/** How long the CRM and the gateway take, and what they refuse. Each connection has its counts; the histogram is of all together: one
 *  for each of a thousand connections would keep the event loop busy for a second at every scrape. */
export function createRequestMetrics(registry: Registry) {
  const registers = [registry];
  const durations = new Histogram({
    name: "rulebot_api_request_duration_seconds",
    help: "Requests of all connections to the CRM (api crm) and the Bot API (api bot), by what they do: read, change (may be repeated), send (must not be).",
    labelNames: ["api", "operation"],
    buckets: BOUNDS,
    registers,
  });
  const requests = new Counter({
    name: "rulebot_api_requests_total",
    help: "Requests of the connection that came to an end.",
    labelNames: ["connection", "api"],
    registers,
  });
  const seconds = new Counter({
    name: "rulebot_api_request_seconds_total",
    help: "How long they took together.",
    labelNames: ["connection", "api"],
    registers,
  });
  const failures = new Counter({
    name: "rulebot_api_failures_total",
    help: "Those of them that failed, by what they do and by status; status none: no answer came.",
    labelNames: ["connection", "api", "operation", "status"],
    registers,
  });
  const rows = new Map<string, { readonly connection: string; remove(): void }>();
  const note = (row: readonly string[], remove: () => void) => {
    const [connection = ""] = row;
    const key = JSON.stringify(row);
    if (!rows.has(key)) rows.set(key, { connection, remove });
  };
  return {
    count({ connectionId: connection, api, kind, status, error, ms }: RequestDone) {
      const [labels, operation] = [{ connection, api }, OPERATIONS[kind]];
      const took = Math.max(0, ms) / 1_000;
      durations.observe({ api, operation }, took);
      note([connection, api], () => {
        requests.remove(labels);
        seconds.remove(labels);
      });
      requests.inc(labels);
      seconds.inc(labels, took);
      if (error === null) return;
      const failed = { ...labels, operation, status: status === null ? "none" : String(status) };
      note([connection, api, operation, failed.status], () => failures.remove(failed));
      failures.inc(failed);
    },
    /** Forgets connections that are not here any more. */
    tidy(present: ReadonlySet<string>) {
      for (const [key, row] of rows) {
        if (present.has(row.connection)) continue;
        rows.delete(key);
        row.remove();
      }
    },
  };
}
