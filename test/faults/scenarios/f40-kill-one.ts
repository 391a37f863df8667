import { setTimeout as sleep } from "node:timers/promises";
import type { Change } from "../../../src/sandbox/index.ts";
import type { Said } from "../lab/audit.ts";
import { inParallel, sum } from "../lab/in-parallel.ts";
import { NONE } from "../lab/limit.ts";
import { ONCE, onceInAll } from "../lab/once.ts";
import { type Lab, scenario } from "../lab/scenario.ts";
import { settled } from "../lab/settle.ts";
import { openStand, type Stand } from "../lab/stand.ts";
import { SEND } from "../lab/watch.ts";

const KILLS = 5;
/** Lists from which the bot learns, before it decides, what an event does not say. */
const LISTS = { server: "gateway", method: "GET", path: /\/(dialogs|customers|chats|users)$/ } as const;
/** Such a request asks for one row by its id. */
const isFact = (change: Change) =>
  change.kind === "request" && LISTS.path.test(change.request.path) && /(^|&)id=/.test(change.request.query);

/** The event is innocent: it only happened to be next when the machine went down, several times in a row. */
export const innocent = scenario({
  id: "F40.2",
  faults: ["F40", "F60"],
  promise: "P1",
  title: "kill -9 five times in a row while the same events are about to be decided",
  asked: ONCE,
  async run(lab) {
    const found = await inParallel(lab.size(5, 1), () => killWhileDeciding(lab));
    return { extent: `${found.length} times ${KILLS} kills`, reached: onceInAll(found) };
  },
});

async function killWhileDeciding(lab: Lab) {
  const stand = await openStand(lab, { customers: 10, level: "warn" });
  await stand.start();
  const remove = stand.sandbox.faults.add({ kind: "slow", ms: 1_000, match: LISTS, times: null });
  for (const customer of stand.customers) stand.sandbox.customerSays(`q${customer}`, { customer });
  for (let at = 0; at < KILLS; at++) {
    await stand.sandbox.waitFor(isFact, 30_000).catch(() => null);
    await sleep(lab.random.between(0, 900));
    await restart(stand);
  }
  remove();
  return settled(stand, { quietMs: 40_000 });
}

async function restart(stand: Stand): Promise<void> {
  await stand.kill();
  await stand.start();
}

/** None of the requests arrived. A reply is sent once more and no third time (reliability.md D4), so that a message which nobody can find
 *  is doubled at most once: killed again while it is sent again, it is given up, and the log says so. */
export const unsent = scenario({
  id: "F40.3",
  faults: ["F40"],
  promise: "P1 P3",
  title: "kill -9 while a reply is being sent, which never arrives: once, and three times in a row",
  asked: { ...ONCE, "given up in silence after three": NONE, "next message lost after three": NONE },
  async run(lab) {
    const stands = lab.size(5, 1);
    const [once, thrice] = await Promise.all([
      inParallel(stands, () => killWhileSending(lab, 1)),
      inParallel(stands, () => killWhileSending(lab, 3)),
    ]);
    const isNext = ({ content }: Said) => content === "next";
    const doubled = onceInAll([...once, ...thrice].map(({ found }) => found));
    return {
      extent: `${once.length} times 1 kill, ${thrice.length} times 3 kills`,
      reached: {
        ...doubled,
        "messages lost": sum(once.map(({ found }) => found.lost.length)),
        "given up in silence after three": sum(thrice.map(({ found, told }) => found.lost.length - told)),
        "next message lost after three": sum(thrice.map(({ found }) => found.lost.filter(isNext).length)),
      },
    };
  },
});

const GIVEN_UP = "a call was sent twice and is not to be found; the chat goes on without it";

async function killWhileSending(lab: Lab, kills: number) {
  const stand = await openStand(lab, { level: "warn" });
  const [customer = 0] = stand.customers;
  await stand.start();
  stand.sandbox.faults.add({ kind: "hang", match: SEND, times: kills });
  for (let at = 0; at < kills; at++) {
    const struck = stand.sandbox.waitFor(({ kind }) => kind === "fault", 90_000);
    if (at === 0) stand.sandbox.customerSays("q1", { customer });
    const isSent = await struck.then(
      () => true,
      () => false,
    );
    // The bot has given it up: nothing more will be sent.
    if (!isSent) break;
    await restart(stand);
  }
  stand.sandbox.faults.clear();
  stand.sandbox.customerSays("next", { customer });
  const found = await settled(stand, { quietMs: 45_000 });
  return { found, told: stand.bot().logs.filter(({ msg }) => msg === GIVEN_UP).length };
}
