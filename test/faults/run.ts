import { parseArgs } from "node:util";
import { carryOut, type Outcome } from "./lab/carry-out.ts";
import type { Scenario } from "./lab/scenario.ts";
import { table } from "./lab/table.ts";
import { SCENARIOS } from "./scenarios/index.ts";

/** `npm run faults [-- --only F40,F53 --seed 7 --short]`: injects the faults into the real program, prints each promise with the
 *  figure reached beside the figure asked, and exits with 1 when one was not reached. */
const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true, default: [] },
    seed: { type: "string", default: String(Math.floor(Math.random() * 1_000_000)) },
    short: { type: "boolean", default: false },
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

async function carryOutAll(scenarios: readonly Scenario[], seed: number): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const scenario of scenarios) {
    if (stopping.signal.aborted) break;
    tell(`${scenario.id} ${scenario.title} (seed ${seed})`);
    const outcome = await carryOut(scenario, {
      seed,
      short: values.short,
      signal: stopping.signal,
      tell: (words) => tell(`  ${scenario.id} ${words}`),
    });
    if (outcome.broke !== null) tell(outcome.broke.stack ?? outcome.broke.message);
    for (const row of outcome.rows)
      tell(`  ${row.ok ? "ok" : "NOT REACHED"}  ${row.figure}: ${row.reached} (${row.asked})`);
    outcomes.push(outcome);
  }
  return outcomes;
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
  const outcomes = await carryOutAll(chosen, Number(values.seed));
  process.stdout.write(`${table(outcomes)}\n`);
  process.exitCode = !stopping.signal.aborted && outcomes.every(({ rows }) => rows.every(({ ok }) => ok)) ? 0 : 1;
}
// Sockets that a fault left hanging must not hold the process.
process.stdout.write("", () => process.exit());
