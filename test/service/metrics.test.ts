import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { RequestDone } from "../../src/connection/connection.ts";
import type { Vitals } from "../../src/connection/serving/vitals.ts";
import { createMetrics, type MetricsOptions } from "../../src/service/metrics.ts";
import { nothing } from "../../src/store/measures.ts";
import { type Measure, StoreError } from "../../src/store/store.ts";
import type { Verdict } from "../../src/types/plan.ts";
import { createTestLog } from "../helpers/test-log.ts";
import { createVirtualClock } from "../helpers/virtual-clock.ts";
import { event, verdict } from "../store/builders.ts";

const A = "a.simla.com/rulebot";
const B = "b.simla.com/rulebot";

const vitals = (connectionId: string, over: Partial<Vitals> = {}) => ({
  connectionId,
  isServing: true,
  isSocketOpen: true,
  opened: 1,
  gapSince: null,
  recovered: 0,
  lost: 0,
  badFrames: 0,
  ruleIds: new Set(["welcome", "prices"]),
  ...over,
});

function open(over: Partial<MetricsOptions> = {}) {
  const clock = createVirtualClock();
  const log = createTestLog();
  const asked = { times: 0 };
  const state = { here: [vitals(A)], waiting: [] as Measure[], isGood: true, version: "v1" };
  const metrics = createMetrics({
    clock,
    log: log.log,
    vitals: () => state.here,
    async measures() {
      asked.times += 1;
      return state.waiting;
    },
    config: () => state,
    ...over,
  });
  const decide = (connectionId: string, ...verdicts: Verdict[]) =>
    metrics.decided({ connectionId, event: event(1), verdicts, gathers: false });
  const ask = (over: Partial<RequestDone> = {}) =>
    metrics.requested({ connectionId: A, api: "bot", kind: "read", status: 200, error: null, ms: 300, ...over });
  /** The rows of a metric, without its name. */
  const rows = async (name: string) =>
    (await metrics.read()).text
      .split("\n")
      .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
      .map((line) => line.slice(name.length));
  return { metrics, clock, log, asked, state, decide, ask, rows };
}

describe("the metrics of connections", () => {
  it("tell of those at work here, and of no others", async () => {
    const { rows, state } = open();
    state.here = [
      vitals(A),
      vitals(B, { isServing: false, isSocketOpen: false, opened: 3, recovered: 2, lost: 1, badFrames: 4 }),
    ];
    state.waiting = [{ ...nothing("c.simla.com/rulebot"), undecided: 9 }];

    expect(await rows("rulebot_connections")).toEqual([" 2"]);
    expect(await rows("rulebot_socket_up")).toEqual([`{connection="${A}"} 1`, `{connection="${B}"} 0`]);
    expect((await rows("rulebot_connection_serving"))[1]).toBe(`{connection="${B}"} 0`);
    expect((await rows("rulebot_socket_opened_total"))[1]).toBe(`{connection="${B}"} 3`);
    expect((await rows("rulebot_catchup_recovered_messages_total"))[1]).toBe(`{connection="${B}"} 2`);
    expect((await rows("rulebot_catchup_lost_messages_total"))[1]).toBe(`{connection="${B}"} 1`);
    expect((await rows("rulebot_bad_frames_total"))[1]).toBe(`{connection="${B}"} 4`);
    expect(await rows("rulebot_inbox_undecided_events")).toEqual([`{connection="${A}"} 0`, `{connection="${B}"} 0`]);

    state.here = [vitals(B)];
    expect(await rows("rulebot_socket_up")).toEqual([`{connection="${B}"} 1`]);
  });

  it("count gaps and waiting from the moment they began", async () => {
    const { rows, state, clock } = open();
    const since = clock.now() - 90_000;
    state.here = [vitals(A, { gapSince: since })];
    const waits = { undecided: 3, oldestUndecidedAt: since, unsent: 2, unknown: 1, timers: 5, queued: 4 };
    state.waiting = [{ connectionId: A, ...waits }];

    const all = ["gap_seconds", "inbox_oldest_undecided_seconds", "inbox_undecided_events", "outbox_unsent_calls"];
    const more = ["outbox_unknown_calls", "timers_waiting", "queued_dialogs"];
    const values = await Promise.all([...all, ...more].map((name) => rows(`rulebot_${name}`)));
    expect(values.flat().map((row) => Number(row.split(" ")[1]))).toEqual([90, 90, 3, 2, 1, 5, 4]);
  });

  it("ask the store every ten seconds at most, once for all connections", async () => {
    const { metrics, clock, asked, state } = open();
    state.here = [vitals(A), vitals(B)];
    await metrics.read();
    await metrics.read();
    await clock.advance(9_999);
    await metrics.read();
    expect(asked.times).toBe(1);
    await clock.advance(1);
    await metrics.read();
    expect(asked.times).toBe(2);
  });

  it("leave out what a store in trouble does not tell, and say so", async () => {
    const { rows, log } = open({ measures: () => Promise.reject(new StoreError("The disk is full.")) });
    expect(await rows("rulebot_store_up")).toEqual([" 0"]);
    expect(await rows("rulebot_socket_up")).toHaveLength(1);
    expect(await rows("rulebot_inbox_undecided_events")).toEqual([]);
    expect(log.text()).toContain("the store does not tell what waits");
    expect(await open().rows("rulebot_store_up")).toEqual([" 1"]);
  });
});

describe("the metrics of decisions", () => {
  it("count rules by what became of them", async () => {
    const { rows, decide } = open();
    decide(A, { ...verdict("welcome"), ruleId: "welcome" }, { ...verdict("prices"), outcome: "slot" });
    decide(A, { ...verdict("welcome") });
    expect(await rows("rulebot_decisions_total")).toEqual([
      `{connection="${A}",rule="welcome",verdict="fired"} 2`,
      `{connection="${A}",rule="prices",verdict="slot"} 1`,
    ]);
  });

  it("forget rules that are gone and connections that are not here", async () => {
    const { rows, decide, state } = open();
    state.here = [vitals(A), vitals(B)];
    decide(A, verdict("welcome"), verdict("prices"));
    decide(B, verdict("welcome"));
    state.here = [vitals(A, { ruleIds: new Set(["prices"]) })];
    expect(await rows("rulebot_decisions_total")).toEqual([`{connection="${A}",rule="prices",verdict="fired"} 1`]);
  });

  it("count rules together once there are very many", async () => {
    const { rows, decide, state } = open();
    const ids = Array.from({ length: 10_050 }, (_, n) => `rule ${n}`);
    state.here = [vitals(A, { ruleIds: new Set(ids) })];
    for (const id of ids) decide(A, verdict(id));
    const told = await rows("rulebot_decisions_total");
    expect(told).toHaveLength(10_001);
    expect(told.at(-1)).toBe(`{connection="${A}",rule="(others)",verdict="fired"} 50`);
  });
});

describe("the metrics of requests", () => {
  it("count how long they took and which failed, by what they do", async () => {
    const { rows, ask } = open();
    ask();
    ask({ kind: "once", ms: 700, status: 400, error: "bad_request" });
    ask({ api: "crm", kind: "repeatable", ms: 20_000, status: null, error: "unavailable" });
    const name = "rulebot_api_request_duration_seconds";
    expect(await rows(`${name}_sum`)).toEqual([
      '{api="bot",operation="read"} 0.3',
      '{api="bot",operation="send"} 0.7',
      '{api="crm",operation="change"} 20',
    ]);
    expect((await rows(`${name}_bucket`)).filter((row) => row.endsWith(" 1"))[0]).toContain('le="0.5"');
    expect(await rows("rulebot_api_requests_total")).toEqual([
      `{connection="${A}",api="bot"} 2`,
      `{connection="${A}",api="crm"} 1`,
    ]);
    expect((await rows("rulebot_api_request_seconds_total"))[1]).toBe(`{connection="${A}",api="crm"} 20`);
    expect(await rows("rulebot_api_failures_total")).toEqual([
      `{connection="${A}",api="bot",operation="send",status="400"} 1`,
      `{connection="${A}",api="crm",operation="change",status="none"} 1`,
    ]);
  });

  it("forget connections that are not here any more", async () => {
    const { rows, ask, state } = open();
    ask({ status: 500, error: "unavailable" });
    state.here = [];
    expect(await rows("rulebot_api_failures_total")).toEqual([]);
    expect(await rows("rulebot_api_requests_total")).toEqual([]);
    expect(await rows("rulebot_api_request_duration_seconds_count")).toEqual(['{api="bot",operation="read"} 1']);
  });
});

describe("the metrics of the program", () => {
  it("tell how the files were read and which rules are in force", async () => {
    const { rows, metrics, state } = open();
    expect(await rows("rulebot_config_last_reload_success")).toEqual([" 1"]);
    metrics.reloaded(true);
    metrics.reloaded(false);
    metrics.reloaded(false);
    Object.assign(state, { isGood: false, version: "v2" });
    expect(await rows("rulebot_config_last_reload_success")).toEqual([" 0"]);
    expect(await rows("rulebot_config_info")).toEqual(['{version="v2"} 1']);
    expect(await rows("rulebot_config_reloads_total")).toEqual(['{result="taken"} 1', '{result="refused"} 2']);
  });

  it("tell of the process and of how long the event loop keeps others waiting", async () => {
    const { metrics } = open();
    const { text, contentType } = await metrics.read();
    expect(contentType).toContain("text/plain");
    for (const name of [
      "process_resident_memory_bytes",
      "nodejs_eventloop_lag_p99_seconds",
      "process_cpu_seconds_total",
    ])
      expect(text).toMatch(new RegExp(`^${name} `, "m"));
  });

  it("are of one program: two in one process do not meet", async () => {
    const [one, two] = [open(), open()];
    one.metrics.reloaded(true);
    expect(await two.rows("rulebot_config_reloads_total")).toContain('{result="taken"} 0');
  });
});

describe("docs/operations.md", () => {
  it("names every metric of ours with its kind, its labels and what it tells", async () => {
    const { metrics, decide, ask } = open();
    decide(A, verdict("welcome"));
    ask({ status: 500, error: "unavailable" });
    const { text } = await metrics.read();
    const told = [...text.matchAll(/^# HELP (rulebot_\w+) (.*)\n# TYPE \S+ (\w+)\n(.*)$/gm)].map(
      ([, name = "", help, kind, sample = ""]) => {
        const labels = [...sample.matchAll(/(\w+)="/g)].map(([, label]) => label).filter((label) => label !== "le");
        return `| \`${name}\` | ${kind} | ${labels.map((label) => `\`${label}\``).join(", ")} | ${help} |`;
      },
    );
    const page = readFileSync(join(import.meta.dirname, "../../docs/operations.md"), "utf8");
    const rows = page.split("\n").filter((line) => line.startsWith("| `rulebot_"));
    expect(rows.toSorted()).toEqual(told.toSorted());
  });
});
