import { setTimeout as sleep } from "node:timers/promises";
import { ALL, atMost, NONE, percent } from "../lab/limit.ts";
import { ONCE, once } from "../lab/once.ts";
import { scenario } from "../lab/scenario.ts";
import { settled } from "../lab/settle.ts";
import { openStand } from "../lab/stand.ts";
import { watch } from "../lab/watch.ts";

const TIMES = 60;
const HOUR_MS = 3_600_000;

/** Pings are answered all day, and no event comes. On a clock that runs 60 times as fast: a pong then
 *  has a sixth of a second. */
export const silence = scenario({
  id: "F5",
  faults: ["F5"],
  promise: "P5 P2",
  title: "the socket answers pings for a day, and its events get lost in silence",
  alone: true,
  asked: {
    "sockets given up without need": NONE,
    "lost messages found by the hourly check": ALL,
    "found within": atMost(1.1, "h"),
    ...ONCE,
  },
  async run(lab) {
    const hours = lab.size(24, 1);
    const speed = { originMs: Date.now(), times: TIMES };
    const stand = await openStand(lab, { customers: 5, level: "warn", speed, bot: "answer_within: 3d" });
    await stand.start();
    for (const customer of stand.customers) stand.sandbox.customerSays(`before ${customer}`, { customer });
    await settled(stand);
    const closed = watch(stand.sandbox, ({ kind }) => kind === "socket_closed");
    await sleep(((hours - 1) * HOUR_MS) / TIMES);
    stand.sandbox.mangleFrames(() => []);
    for (const customer of stand.customers) stand.sandbox.customerSays(`lost ${customer}`, { customer });
    stand.sandbox.mangleFrames(null);
    const lostAt = Date.now();
    const found = await settled(stand, { quietMs: (1.2 * HOUR_MS) / TIMES });
    const last = Math.max(...found.messages.map(({ latencyMs }) => latencyMs ?? 0));
    const lost = found.lost.filter(({ content }) => content.startsWith("lost")).length;
    return {
      extent: `${hours} hours, ${stand.customers.length} messages lost, waited ${Math.round(((Date.now() - lostAt) * TIMES) / 60_000)} min`,
      reached: {
        "sockets given up without need": closed.length,
        "lost messages found by the hourly check": percent(stand.customers.length - lost, stand.customers.length),
        "found within": lost > 0 ? null : last / HOUR_MS,
        ...once(found),
      },
    };
  },
});
