import { carryOut } from "../lab/carry-out.ts";
import type { Report } from "../lab/jobs.ts";
import { SCENARIOS } from "../scenarios/index.ts";

/** One scenario: argv is its id, the seed, and `short` where that is wanted. Sends words while it goes on, then its report. */
const [id, seed, extent] = process.argv.slice(2);
const scenario = SCENARIOS.find((one) => one.id === id);
if (scenario === undefined) throw new Error(`There is no ${id}.`);

const stopping = new AbortController();
process.once("SIGTERM", () => stopping.abort(new Error("stopped by SIGTERM")));
/** Whoever is at the terminal stops the parent as well, which stops this one. */
process.on("SIGINT", () => {});

const {
  broke,
  rows,
  extent: done,
  tookMs,
} = await carryOut(scenario, {
  seed: Number(seed),
  short: extent === "short",
  signal: stopping.signal,
  tell: (words) => process.send?.(words),
});
const report: Report = { rows, extent: done, tookMs, broke: broke === null ? null : (broke.stack ?? broke.message) };
// Sockets that a fault left hanging must not hold the process.
process.send?.(report, () => process.exit());
