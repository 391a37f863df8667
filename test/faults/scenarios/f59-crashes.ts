import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { audit } from "../lab/audit.ts";
import { inParallel, longest, sum } from "../lab/in-parallel.ts";
import { atMost, exactly, NONE } from "../lab/limit.ts";
import { startLoad } from "../lab/load.ts";
import { ONCE, onceInAll } from "../lab/once.ts";
import { type Lab, scenario } from "../lab/scenario.ts";
import { greeted, settled } from "../lab/settle.ts";
import { openStand } from "../lab/stand.ts";

const BREAK = fileURLToPath(new URL("../children/break.ts", import.meta.url));
const breaking = (what: string) => ({ nodeArgs: ["--import", BREAK], env: { FAULTS_BREAK: what } });

const UNCAUGHT = ["rejection", "rejection without an error", "exception"] as const;
const FATAL = 60;

/** Something throws, or rejects, and nobody catches it. */
export const uncaught = scenario({
  id: "F59",
  faults: ["F59"],
  promise: "P13 P1",
  title: "an exception or a rejection that nobody catches",
  alone: true,
  asked: {
    "ended within": atMost(1, "s"),
    "exit codes other than 1": NONE,
    "ends that no line told of": NONE,
    ...ONCE,
  },
  async run(lab) {
    const kinds = lab.short ? UNCAUGHT.slice(1, 2) : UNCAUGHT;
    const runs = await inParallel(kinds.length, (at) => breakOnce(lab, kinds[at] ?? "rejection"));
    return {
      extent: `${kinds.length} kinds`,
      reached: {
        "ended within": longest(runs.map(({ tookMs }) => tookMs)),
        "exit codes other than 1": sum(runs.map(({ code }) => Number(code !== 1))),
        "ends that no line told of": sum(runs.map(({ isTold }) => Number(!isTold))),
        ...onceInAll(runs.map(({ found }) => found)),
      },
    };
  },
});

async function breakOnce(lab: Lab, what: (typeof UNCAUGHT)[number]) {
  const stand = await openStand(lab, { customers: 20, ...breaking(what) });
  const bot = await stand.start();
  await greeted(stand);
  const load = startLoad(stand, { perSecond: 10 });
  await sleep(2_000);
  const beganAt = Date.now();
  bot.signal("SIGUSR2");
  const code = await bot.ended;
  const tookMs = Date.now() - beganAt;
  await stand.start();
  await sleep(1_000);
  load.stop();
  return { code, tookMs, isTold: bot.logs.some(({ level }) => level === FATAL), found: await settled(stand) };
}

const CRASHES = 3;

/** The process dies each time it begins to decide one event. Whoever runs it starts it again each time. */
export const poison = scenario({
  id: "F60",
  faults: ["F60"],
  promise: "P13",
  title: "an event on which the process dies every time",
  asked: {
    "crashes until it is given up": exactly(CRASHES),
    "other chats lost": NONE,
    "later messages of the same chat lost": NONE,
    "given up in silence": NONE,
  },
  async run(lab) {
    const stand = await openStand(lab, { customers: 3, ...breaking("poison") });
    const [poisoned = 0, ...others] = stand.customers;
    let bot = await stand.start();
    stand.sandbox.customerSays("poison", { customer: poisoned });
    let crashes = 0;
    for (let starts = 1; starts <= 2 * CRASHES; starts++) {
      const ended = await Promise.race([bot.ended.then(() => true), sleep(8_000, false)]);
      if (!ended) break;
      crashes += 1;
      bot = await stand.launch();
    }
    await stand.listening();
    for (const [at, customer] of others.entries()) stand.sandbox.customerSays(`other ${at}`, { customer });
    stand.sandbox.customerSays("later", { customer: poisoned });
    await settled(stand, { quietMs: 5_000, limitMs: 20_000 });
    const { lost } = audit(stand.said());
    const isLost = (text: string) => lost.filter(({ content }) => content.startsWith(text)).length;
    return {
      extent: `${crashes} crashes`,
      reached: {
        "crashes until it is given up": crashes,
        "other chats lost": isLost("other"),
        "later messages of the same chat lost": isLost("later"),
        "given up in silence": bot.logs.some(({ level, event }) => Number(level) >= 40 && event !== undefined) ? 0 : 1,
      },
    };
  },
});
