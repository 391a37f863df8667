import { once as onceSeen } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { atMost, NONE } from "../lab/limit.ts";
import { ONCE, once } from "../lab/once.ts";
import { scenario } from "../lab/scenario.ts";
import { settled } from "../lab/settle.ts";
import { openStand, type Stand } from "../lab/stand.ts";
import { isSend, watch } from "../lab/watch.ts";

/** The owner of the account switches the module off and on again, many times; the CRM calls back each time. */
export const moduleState = scenario({
  id: "P19",
  faults: ["P19"],
  promise: "P19",
  title: "the module is switched off and on in the CRM",
  asked: {
    "socket closed within": atMost(5, "s"),
    "back within": atMost(10, "s"),
    "sent while it was off": NONE,
    "edits that switch it on": NONE,
    ...ONCE,
  },
  async run(lab) {
    const rounds = lab.size(100, 2);
    const port = await freePort();
    const head = `module: {public_url: "http://127.0.0.1:${port}"}`;
    const stand = await openStand(lab, { customers: 1, level: "warn", head, port });
    await stand.start();
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
      backMs = Math.max(backMs, await switched(stand, true));
      stand.sandbox.customerSays(`q${round}`, { customer: stand.customers[0] ?? 0 });
      await settled(stand);
    }
    return {
      extent: `${rounds} times`,
      reached: {
        "socket closed within": closedMs / 1_000,
        "back within": backMs / 1_000,
        "sent while it was off": sent,
        "edits that switch it on": edits.length,
        ...once(await settled(stand)),
      },
    };
  },
});

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
