import { once as onceSeen } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { inParallel, longest, sum } from "../lab/in-parallel.ts";
import { atMost, NONE } from "../lab/limit.ts";
import { ONCE, onceInAll } from "../lab/once.ts";
import { type Lab, scenario } from "../lab/scenario.ts";
import { greeted, settled } from "../lab/settle.ts";
import { openStand, type Stand } from "../lab/stand.ts";
import { isSend, watch } from "../lab/watch.ts";

const ROUNDS = 100;
const BOTS = 5;

/** The owner of the account switches the module off and on again, many times; the CRM calls back each time. */
export const moduleState = scenario({
  id: "P19",
  faults: ["P19"],
  promise: "P19",
  title: "the module is switched off and on in the CRM",
  long: true,
  asked: {
    "socket closed within": atMost(5, "s"),
    // So often closed, it counts as a socket that flaps, whose pauses grow to 30 s (P6).
    "back within": atMost(40, "s"),
    "sent while it was off": NONE,
    "edits that switch it on": NONE,
    ...ONCE,
  },
  async run(lab) {
    const runs = await inParallel(lab.size(BOTS, 1), () => switchOften(lab, lab.size(ROUNDS / BOTS, 2)));
    return {
      extent: `${sum(runs.map(({ rounds }) => rounds))} times`,
      reached: {
        "socket closed within": longest(runs.map(({ closedMs }) => closedMs)),
        "back within": longest(runs.map(({ backMs }) => backMs)),
        "sent while it was off": sum(runs.map(({ sent }) => sent)),
        "edits that switch it on": sum(runs.map(({ edits }) => edits)),
        ...onceInAll(runs.map(({ found }) => found)),
      },
    };
  },
});

async function switchOften(lab: Lab, rounds: number) {
  const port = await freePort();
  const head = `module: {public_url: "http://127.0.0.1:${port}"}`;
  const stand = await openStand(lab, { customers: 1, level: "warn", head, port });
  await stand.start();
  await greeted(stand);
  const edits = watch(stand.sandbox, (change) => change.kind === "request" && change.request.path.endsWith("/edit"));
  const sends = watch(stand.sandbox, isSend);
  let closedMs = 0;
  let backMs = 0;
  let sent = 0;
  for (let round = 1; round <= rounds; round++) {
    closedMs = Math.max(closedMs, await switched(stand, false));
    const before = sends.length;
    await sleep(300);
    sent += sends.length - before;
    const back = await switched(stand, true);
    backMs = Math.max(backMs, back);
    lab.tell(`${round} of ${rounds}: back after ${back} ms`);
    stand.sandbox.customerSays(`q${round}`, { customer: stand.customers[0] ?? 0 });
    await settled(stand);
  }
  return { rounds, closedMs, backMs, sent, edits: edits.length, found: await settled(stand) };
}

/** Until the socket is as the module is, in ms. */
async function switched({ sandbox }: Stand, active: boolean): Promise<number> {
  const beganAt = Date.now();
  await sandbox.setModule("rulebot", { active });
  while (sandbox.socketCount() !== Number(active)) {
    if (Date.now() > beganAt + 400_000) throw new Error(`no socket became ${active ? "open" : "closed"}`);
    await sleep(20);
  }
  return Date.now() - beganAt;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await onceSeen(server, "listening");
  const address = server.address();
  server.close();
  await onceSeen(server, "close");
  if (address === null || typeof address === "string") throw new Error("a server has a port");
  return address.port;
}
