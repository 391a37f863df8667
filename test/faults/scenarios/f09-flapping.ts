import { atLeast, atMost } from "../lab/limit.ts";
import { scenario } from "../lab/scenario.ts";
import { openStand, type Stand } from "../lab/stand.ts";
import { isUpgrade, watch } from "../lab/watch.ts";

const TIMES = 20;
const FLAPS = 100;

/** The socket opens and is closed a second later, again and again. On a clock that runs 20 times as fast. */
export const flapping = scenario({
  id: "F9",
  faults: ["F9", "F10"],
  promise: "P6",
  title: "the socket opens and closes after a second, 100 times",
  asked: {
    "shortest pause of the last half": atLeast(14, "s"),
    "longest pause": atMost(40, "s"),
    "sockets at the same time": atMost(1),
  },
  async run(lab) {
    const flaps = lab.size(FLAPS, 12);
    const stand = await openStand(lab, { level: "silent", speed: { originMs: Date.now(), times: TIMES } });
    const ends: number[] = [];
    const tries = watch(stand.sandbox, isUpgrade);
    let open = 0;
    let most = 0;
    stand.sandbox.on(({ kind }) => {
      if (kind === "socket_closed") open -= 1;
      if (kind !== "socket_opened") return;
      open += 1;
      most = Math.max(most, open);
      setTimeout(() => {
        ends.push(nowOf(stand));
        stand.sandbox.disconnectSockets({ code: 1000 });
      }, 1_000 / TIMES);
    });
    await stand.start();
    while (tries.length <= flaps) await stand.sandbox.waitFor(isUpgrade, 60_000);
    const moments = tries.map(({ change }) => ("request" in change ? change.request.at : 0));
    const pauses = moments.slice(1).map((at, index) => (at - (ends[index] ?? at)) / 1_000);
    return {
      extent: `${flaps} sockets`,
      reached: {
        "shortest pause of the last half": Math.min(...pauses.slice(Math.floor(pauses.length / 2))),
        "longest pause": Math.max(...pauses),
        "sockets at the same time": most,
      },
    };
  },
});

const nowOf = ({ sandbox }: Stand) => sandbox.world.startedAt + (Date.now() - sandbox.world.startedAt) * TIMES;
