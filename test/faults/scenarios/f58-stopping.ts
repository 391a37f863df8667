import { setTimeout as sleep } from "node:timers/promises";
import { inParallel, longest, sum } from "../lab/in-parallel.ts";
import { atMost, NONE } from "../lab/limit.ts";
import { startLoad } from "../lab/load.ts";
import { ONCE, onceInAll } from "../lab/once.ts";
import { type Lab, scenario } from "../lab/scenario.ts";
import { greeted, settled } from "../lab/settle.ts";
import { openStand } from "../lab/stand.ts";
import { SEND, watch } from "../lab/watch.ts";

const STOPS = 100;
const BOTS = 5;

/** SIGTERM at random moments under load while the gateway takes five seconds for each answer. */
export const stopping = scenario({
  id: "F58",
  faults: ["F58", "F11"],
  promise: "P9 P3",
  title: "SIGTERM at random moments under 50 events/s with a slow gateway",
  alone: true,
  asked: {
    "ended within": atMost(8, "s"),
    "exit codes other than 0": NONE,
    "words on stderr": NONE,
    "sockets opened afterwards": NONE,
    ...ONCE,
  },
  async run(lab) {
    const bots = lab.size(BOTS, 1);
    const runs = await inParallel(bots, () => stopOften(lab, lab.size(STOPS / BOTS, 3)));
    return {
      extent: `${sum(runs.map(({ stops }) => stops.length))} stops, ${sum(runs.map(({ found }) => found.asked))} messages`,
      reached: {
        "ended within": longest(runs.flatMap(({ stops }) => stops.map(({ tookMs }) => tookMs))),
        "exit codes other than 0": sum(runs.map(({ stops }) => stops.filter(({ code }) => code !== 0).length)),
        "words on stderr": sum(runs.map(({ stops }) => stops.filter(({ errors }) => errors !== "").length)),
        "sockets opened afterwards": sum(runs.map(({ stops }) => sum(stops.map(({ reopened }) => reopened)))),
        ...onceInAll(runs.map(({ found }) => found)),
      },
    };
  },
});

/** Says a word when node is about to read the program: before that, node itself would die of the signal. */
const BEGUN = "node reads the program";
const SAY_BEGUN = `data:text/javascript,process.stdout.write(${JSON.stringify(`${BEGUN}\n`)})`;

async function stopOften(lab: Lab, count: number) {
  const stand = await openStand(lab, { customers: 20, level: "warn", nodeArgs: ["--import", SAY_BEGUN] });
  stand.sandbox.faults.add({ kind: "slow", ms: 5_000, applied: true, match: SEND, times: null });
  await stand.start();
  await greeted(stand);
  await stand.kill();
  const load = startLoad(stand, { perSecond: 16 / BOTS, presencePerSecond: 2 });
  const stops: Stop[] = [];
  for (let at = 0; at < count; at++) {
    const bot = await stand.launch();
    await bot.says(BEGUN);
    // Some are stopped while they start.
    await sleep(lab.random.between(lab.random.next() < 0.3 ? 200 : 1_500, 6_000));
    const beganAt = Date.now();
    const code = await bot.stop("SIGTERM");
    const opened = watch(stand.sandbox, ({ kind }) => kind === "socket_opened");
    await sleep(200);
    stops.push({ code, tookMs: Date.now() - beganAt - 200, errors: bot.errors(), reopened: opened.length });
    lab.tell(`${at + 1} of ${count}: ${stops.at(-1)?.tookMs} ms, exit code ${code}`);
  }
  stand.sandbox.faults.clear();
  await stand.start();
  load.stop();
  return { stops, found: await settled(stand) };
}

interface Stop {
  readonly code: number | null;
  readonly tookMs: number;
  readonly errors: string;
  readonly reopened: number;
}

/** The second signal does not wait for anything. */
export const secondSignal = scenario({
  id: "F58.2",
  faults: ["F58"],
  promise: "P9",
  title: "a second SIGTERM while the first is being obeyed",
  alone: true,
  asked: { "ended within, after the second": atMost(1, "s") },
  async run(lab) {
    const spans = await inParallel(lab.size(10, 1), async () => {
      const stand = await openStand(lab, { level: "warn" });
      const bot = await stand.start();
      stand.sandbox.faults.add({ kind: "hang", match: SEND });
      const struck = stand.sandbox.waitFor(({ kind }) => kind === "fault", 15_000);
      stand.sandbox.customerSays("q1", { customer: stand.customers[0] ?? 0 });
      await struck;
      bot.signal("SIGTERM");
      await sleep(lab.random.between(100, 1_000));
      const beganAt = Date.now();
      await bot.stop("SIGTERM");
      return Date.now() - beganAt;
    });
    return { extent: `${spans.length} bots`, reached: { "ended within, after the second": longest(spans) } };
  },
});
