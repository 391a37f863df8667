import { parseArgs } from "node:util";
import type { Outcome } from "./lab/carry-out.ts";
import { carryOutAtOnce, carryOutInTurn, USUAL_JOBS } from "./lab/jobs.ts";
import type { Scenario } from "./lab/scenario.ts";
import { table } from "./lab/table.ts";
import { SCENARIOS } from "./scenarios/index.ts";

/** `npm run faults [-- --only F40,F53 --seed 7 --short --jobs 1]`: injects the faults into the real program, prints each promise with
 *  the figure reached beside the figure asked, and exits with 1 when one was not reached. */
const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true, default: [] },
    seed: { type: "string", default: String(Math.floor(Math.random() * 1_000_000)) },
    short: { type: "boolean", default: false },
    jobs: { type: "string", default: String(USUAL_JOBS) },
    list: { type: "boolean", default: false },
  },
});

const wanted = values.only.flatMap((text) => text.split(",")).map((id) => id.trim().toUpperCase());
const isWanted = (scenario: Scenario) => wanted.length === 0 || wanted.some((name) => isNamed(scenario, name));
/** A scenario by its id, its variants with it (`F40`: `F40.2` too); a row of the list that no scenario is called after: all that inject it. */
const isNamed = ({ id, faults }: Scenario, name: string) =>
  isOfId(id, name) || (faults.includes(name) && !SCENARIOS.some((other) => isOfId(other.id, name)));
const isOfId = (id: string, name: string) => id === name || id.startsWith(`${name}.`);

/** Asked to stop: the present scenario puts its programs and folders away, and no other begins. */
const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => stopping.abort(new Error(`stopped by ${signal}`)));
}

const tell = (words: string) => process.stderr.write(`${words}\n`);

/** What is told of a scenario as soon as it has ended. */
function tellOutcome({ scenario: { id, title }, rows, broke, tookMs }: Outcome): void {
  tell(`${id} ${title}: ${Math.round(tookMs / 1000)} s`);
  if (broke !== null) tell(broke.stack ?? broke.message);
  for (const { ok, figure, reached, asked } of rows) {
    tell(`  ${ok ? "ok" : "NOT REACHED"}  ${figure}: ${reached} (${asked})`);
  }
}

const chosen = SCENARIOS.filter(isWanted);
if (values.list) {
  for (const { id, promise, faults, title, asked } of chosen) {
    const figures = Object.entries(asked).map(([name, { text }]) => `${name} ${text}`);
    process.stdout.write(`${id}  ${promise}  ${title} [${faults.join(", ")}]\n      ${figures.join("; ")}\n`);
  }
} else if (chosen.length === 0) {
  tell(`There is no such fault. There are ${SCENARIOS.flatMap(({ faults }) => faults).join(", ")}.`);
  process.exitCode = 2;
} else {
  const seed = Number(values.seed);
  const jobs = Number(values.jobs);
  tell(`seed ${seed}`);
  const carryOutAll = chosen.length > 1 && jobs > 1 ? carryOutAtOnce : carryOutInTurn;
  const outcomes = await carryOutAll(chosen, {
    ...{ seed, jobs, short: values.short, signal: stopping.signal },
    tell: (words) => tell(`  ${words}`),
    ended: tellOutcome,
  });
  process.stdout.write(`${table(outcomes)}\n`);
  process.exitCode = !stopping.signal.aborted && outcomes.every(({ rows }) => rows.every(({ ok }) => ok)) ? 0 : 1;
}
// Sockets that a fault left hanging must not hold the process.
process.stdout.write("", () => process.exit());
