import { Counter, Gauge, type Registry } from "prom-client";
import { nothing } from "../../store/measures.ts";
import type { Measure } from "../../store/store.ts";
import type { MetricsOptions } from "../metrics.ts";

type Here = ReturnType<MetricsOptions["vitals"]>;
type One = Here[number];

/** What the store tells is asked for this often at most, however often somebody scrapes. */
const FRESH_MS = 10_000;

/** How each connection at work in this process is doing. What the others do is told by the processes that work on them. */
export function createConnectionMetrics(registry: Registry, { clock, log, measures }: MetricsOptions) {
  const connections = new Gauge({
    name: "rulebot_connections",
    help: "Connections at work in this process.",
    registers: [registry],
  });
  const storeUp = new Gauge({
    name: "rulebot_store_up",
    help: "1: the store has answered when the metrics asked it; 0: it has not, and what it would tell is left out.",
    registers: [registry],
  });
  const fromMemory = VITALS.map(({ count, ...about }) => ({ count, metric: metricOf(registry, about) }));
  const fromStore = MEASURES.map(({ count, ...about }) => ({ count, metric: metricOf(registry, about) }));
  let kept: { readonly at: number; readonly waiting: ReadonlyMap<string, Measure> | null } | null = null;

  const ask = async () => {
    const now = clock.now();
    if (kept !== null && now - kept.at < FRESH_MS && now >= kept.at) return kept.waiting;
    const waiting = await measures().catch((error) => {
      log.warn({ err: error }, "the store does not tell what waits");
      return null;
    });
    kept = { at: now, waiting: waiting === null ? null : new Map(waiting.map((one) => [one.connectionId, one])) };
    return kept.waiting;
  };
  return {
    async collect(here: Here): Promise<void> {
      const waiting = await ask();
      const now = clock.now();
      connections.set(here.length);
      storeUp.set(waiting === null ? 0 : 1);
      for (const { metric } of [...fromMemory, ...fromStore]) metric.reset();
      for (const one of here) {
        const labels = { connection: one.connectionId };
        for (const { metric, count } of fromMemory) metric.inc(labels, count(one, now));
        if (waiting === null) continue;
        const measure = waiting.get(one.connectionId) ?? nothing(one.connectionId);
        for (const { metric, count } of fromStore) metric.inc(labels, count(measure, now));
      }
    },
  };
}

interface About {
  readonly name: string;
  readonly help: string;
}

/** A name that ends in `_total` only grows. */
function metricOf(registry: Registry, { name, help }: About): Counter<"connection"> | Gauge<"connection"> {
  const about = { name, help, labelNames: ["connection"] as const, registers: [registry] };
  return name.endsWith("_total") ? new Counter(about) : new Gauge(about);
}

const secondsSince = (since: number | null, now: number) => (since === null ? 0 : Math.max(0, now - since) / 1_000);

const VITALS: readonly (About & { readonly count: (one: One, now: number) => number })[] = [
  {
    name: "rulebot_connection_serving",
    help: "1: the module is on and the bot has a token, so it works or tries to; 0: it is paused, switched off or refused.",
    count: ({ isServing }) => (isServing ? 1 : 0),
  },
  {
    name: "rulebot_socket_up",
    help: "1: the connection's socket is open; 0: it is not.",
    count: ({ isSocketOpen }) => (isSocketOpen ? 1 : 0),
  },
  {
    name: "rulebot_socket_opened_total",
    help: "How often the socket has opened; every one after the first is a reconnect.",
    count: ({ opened }) => opened,
  },
  {
    name: "rulebot_gap_seconds",
    help: "For how long something may have been missed that is not found yet; 0: nothing is missing.",
    count: ({ gapSince }, now) => secondsSince(gapSince, now),
  },
  {
    name: "rulebot_catchup_recovered_messages_total",
    help: "Messages that the socket had missed and that were found in the lists.",
    count: ({ recovered }) => recovered,
  },
  {
    name: "rulebot_catchup_lost_messages_total",
    help: "Messages that were missed and are too old or too many to be made up for.",
    count: ({ lost }) => lost,
  },
  {
    name: "rulebot_bad_frames_total",
    help: "What came over the socket and could not be read.",
    count: ({ badFrames }) => badFrames,
  },
];

const MEASURES: readonly (About & { readonly count: (one: Measure, now: number) => number })[] = [
  {
    name: "rulebot_inbox_undecided_events",
    help: "Events that are stored and not decided yet.",
    count: ({ undecided }) => undecided,
  },
  {
    name: "rulebot_inbox_oldest_undecided_seconds",
    help: "For how long the oldest of them has waited; 0: none waits.",
    count: ({ oldestUndecidedAt }, now) => secondsSince(oldestUndecidedAt, now),
  },
  {
    name: "rulebot_outbox_unsent_calls",
    help: "Calls that are decided and not answered yet.",
    count: ({ unsent }) => unsent,
  },
  {
    name: "rulebot_outbox_unknown_calls",
    help: "Calls whose answer was lost: it is being looked up whether they were sent.",
    count: ({ unknown }) => unknown,
  },
  { name: "rulebot_timers_waiting", help: "Timers that are set.", count: ({ timers }) => timers },
  { name: "rulebot_queued_dialogs", help: "Dialogs that wait for a team.", count: ({ queued }) => queued },
];
