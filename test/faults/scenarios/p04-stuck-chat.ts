import { setTimeout as sleep } from "node:timers/promises";
import { audit, type Pairing } from "../lab/audit.ts";
import { atMost } from "../lab/limit.ts";
import { startLoad } from "../lab/load.ts";
import { ONCE, once } from "../lab/once.ts";
import { scenario } from "../lab/scenario.ts";
import { settled } from "../lab/settle.ts";
import { openStand } from "../lab/stand.ts";
import { SEND } from "../lab/watch.ts";

const OTHERS: Pairing = {
  asks: ({ content }) => (content.startsWith("stuck") ? null : content),
  answers: ({ content }) => content.slice(3),
};

/** The gateway never answers the messages of one chat; the others must not notice. */
export const stuckChat = scenario({
  id: "P4",
  faults: ["P4", "F38"],
  promise: "P4",
  title: "the requests of one chat hang for a minute while a hundred others are answered",
  alone: true,
  asked: {
    "answers to the others (p99)": atMost(200, "ms"),
    ...ONCE,
    // The first one hangs when it is sent and when it is sent again; there is no third time (reliability.md D4).
    "given up in the stuck chat": atMost(1),
  },
  async run(lab) {
    const stand = await openStand(lab, { customers: 101, level: "warn" });
    await stand.start();
    const [stuck = 0, ...others] = stand.customers;
    // Each of them has its dialog: facts of new chats need requests of their own.
    await startLoad({ ...stand, customers: others }, { perSecond: 20, most: 100, text: (n) => `before ${n}` }).done;
    await settled(stand);
    const remove = stand.sandbox.faults.add({ kind: "hang", match: { ...SEND, body: /re stuck/ }, times: null });
    for (let at = 1; at <= 5; at++) stand.sandbox.customerSays(`stuck ${at}`, { customer: stuck });
    await sleep(500);
    const load = startLoad({ ...stand, customers: others }, { perSecond: 20, most: lab.size(1_200, 100) });
    await load.done;
    const during = audit(
      stand.said().filter(({ content }) => !content.includes("before")),
      OTHERS,
    );
    remove();
    const found = await settled(stand, { quietMs: 60_000, limitMs: 400_000 });
    const stuckLost = found.lost.filter(({ content }) => content.startsWith("stuck")).length;
    return {
      extent: `${during.asked} messages of others`,
      reached: {
        "answers to the others (p99)": during.latencyMs.p99,
        ...once(found),
        "messages lost": found.lost.length - stuckLost,
        "given up in the stuck chat": stuckLost,
      },
    };
  },
});
