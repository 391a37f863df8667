import { setTimeout as sleep } from "node:timers/promises";
import { audit } from "../lab/audit.ts";
import { inParallel, sum } from "../lab/in-parallel.ts";
import { NONE } from "../lab/limit.ts";
import { startLoad } from "../lab/load.ts";
import { ONCE, onceInAll } from "../lab/once.ts";
import type { Random } from "../lab/random.ts";
import { type Lab, scenario } from "../lab/scenario.ts";
import { left, queues, settled } from "../lab/settle.ts";
import { openStand, type Stand } from "../lab/stand.ts";
import { watch } from "../lab/watch.ts";

const CHATS = 20;
/** Each brings its echo and its delivery as events, so that 16 messages and 2 changes of presence are 50 events a second. */
const MESSAGES_PER_SECOND = 16;
const PRESENCE_PER_SECOND = 2;

/** Ten kills take about a minute; then the bot is left alone until it has caught up, as the promise is about one minute of load. */
const ROUNDS = 20;
const KILLS = 10;
/** Accounts side by side: no more than a small machine can bear. */
const STANDS = 2;

/** The process is killed again and again while customers write; what they wrote while it was gone counts as well. */
export const kill = scenario({
  id: "F40",
  faults: ["F40", "F58"],
  promise: "P1 P3 P4",
  title: "kill -9 at random points under 50 events/s over 20 chats",
  long: true,
  asked: { "lost of what had reached the socket": NONE, ...ONCE, "left in the queues": NONE },
  async run(lab) {
    const runs = await inParallel(lab.size(STANDS, 1), () => killOften(lab, lab.size(ROUNDS / STANDS, 1)));
    return {
      extent: `${sum(runs.map(({ kills }) => kills))} kills, ${sum(runs.map(({ found }) => found.asked))} messages over ${CHATS} chats, ${sum(runs.map(({ certain }) => certain))} events proved by a pong`,
      reached: {
        "lost of what had reached the socket": sum(runs.map(({ lostForCertain }) => lostForCertain)),
        ...onceInAll(runs.map(({ found }) => found)),
        "left in the queues": sum(runs.map(({ queued }) => queued)),
      },
    };
  },
});

async function killOften(lab: Lab, rounds: number) {
  const stand = await openStand(lab, { customers: CHATS, level: "warn", behaviour: { pingMs: 100 } });
  const reached = watch(stand.sandbox, ({ kind }) => kind === "reached");
  await stand.start();
  let kills = 0;
  let found = audit([]);
  for (let round = 1; round <= rounds; round++) {
    const text = (n: number) => `r${round}q${n}`;
    const load = startLoad(stand, { perSecond: MESSAGES_PER_SECOND, presencePerSecond: PRESENCE_PER_SECOND, text });
    for (let at = 0; at < lab.size(KILLS, 3); at++) await killSometime(stand, lab.random);
    kills += lab.size(KILLS, 3);
    await stand.listening();
    await sleep(2_000);
    load.stop();
    found = await settled(stand);
    lab.tell(`${kills} kills, ${found.asked} messages, ${found.lost.length} lost`);
  }
  const certain = new Set(reached.flatMap(({ change }) => ("messageIds" in change ? change.messageIds : [])));
  const lostForCertain = found.lost.filter(({ id }) => certain.has(id)).length;
  return { kills, found, certain: certain.size, lostForCertain, queued: left(await queues(stand)) ?? Number.NaN };
}

/** Kills the process of now, sometimes while it starts and mostly while it serves, and starts the next one. */
async function killSometime(stand: Stand, random: Random): Promise<void> {
  if (random.next() < 0.2) {
    await sleep(random.between(0, 1_500));
  } else {
    await stand.listening();
    await sleep(random.between(0, 2_500));
  }
  await stand.kill();
  await sleep(random.between(0, 300));
  await stand.launch();
}
