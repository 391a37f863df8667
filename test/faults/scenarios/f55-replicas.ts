import { setTimeout as sleep } from "node:timers/promises";
import type { Bot } from "../../e2e/bot.ts";
import { longest } from "../lab/in-parallel.ts";
import { atMost } from "../lab/limit.ts";
import { startLoad } from "../lab/load.ts";
import { ONCE, once } from "../lab/once.ts";
import { type Scenario, scenario } from "../lab/scenario.ts";
import { settled } from "../lab/settle.ts";
import { openStand, type Stand } from "../lab/stand.ts";
import { watch } from "../lab/watch.ts";
import { openDatabase } from "./f54-postgres.ts";

const PAUSE_MS = 60_000;
const REPLICAS = 3;

/** What happens to the replica that owns the account; what it returns brings it back. */
interface Blow {
  readonly id: Scenario["id"];
  readonly title: string;
  strike(owner: Bot): Promise<() => Promise<void>>;
}

const BLOWS: readonly Blow[] = [
  {
    id: "F55.1",
    title: "the replica that owns the account is killed",
    async strike(owner) {
      await owner.stop("SIGKILL");
      return async () => {};
    },
  },
  {
    id: "F55.2",
    title: "the replica that owns the account is stopped for 60 s and then goes on (SIGSTOP, SIGCONT)",
    async strike(owner) {
      owner.signal("SIGSTOP");
      return async () => owner.signal("SIGCONT");
    },
  },
  {
    id: "F55.3",
    title: "the replica that owns the account is asked to stop (SIGTERM)",
    async strike(owner) {
      await owner.stop("SIGTERM");
      return async () => {};
    },
  },
];

/** Three replicas on one database, one account under load. */
export const replicas: readonly Scenario[] = BLOWS.map((blow) =>
  scenario({
    id: blow.id,
    faults: ["F55", "F12", "F56"],
    promise: "P10 P3",
    title: blow.title,
    asked: {
      "another replica listens within": atMost(blow.id === "F55.3" ? 3 : 20, "s"),
      "most sockets while nothing happens": atMost(1),
      ...ONCE,
    },
    async run(lab) {
      const database = await openDatabase(lab);
      const stand = await openStand(lab, { customers: 20, level: "warn", database: database.address });
      const owner = await stand.start();
      const others = await Promise.all(Array.from({ length: REPLICAS - 1 }, () => stand.replica()));
      await Promise.all(others.map((other) => other.says("Rulebot is ready")));
      await sleep(5_000);
      const most = stand.sandbox.socketCount();
      const load = startLoad(stand, { perSecond: 16, presencePerSecond: 2 });
      await sleep(3_000);
      const tookMs = await takenOver(stand, async () => {
        const end = await blow.strike(owner);
        void sleep(lab.size(PAUSE_MS, 25_000)).then(end);
      });
      await sleep(lab.size(PAUSE_MS, 25_000));
      load.stop();
      const found = await settled(stand);
      return {
        extent: `${REPLICAS} replicas, ${found.asked} messages`,
        reached: {
          "another replica listens within": longest([tookMs]),
          "most sockets while nothing happens": most,
          ...once(found),
        },
      };
    },
  }),
);

const TAKEN_WITHIN_MS = 60_000;

/** From the blow to the first socket that another replica opens; null: none does. */
async function takenOver({ sandbox }: Stand, strike: () => Promise<void>): Promise<number | null> {
  const opened = watch(sandbox, ({ kind }) => kind === "socket_opened");
  await strike();
  const beganAt = Date.now();
  while (opened.length === 0 && Date.now() < beganAt + TAKEN_WITHIN_MS) await sleep(20);
  return opened[0] === undefined ? null : Math.max(0, opened[0].at - beganAt);
}
