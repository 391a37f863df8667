import { setImmediate as nextTurn } from "node:timers/promises";
import type { Decided } from "../connection/deciding/deciding.ts";
import { neededEvents } from "../engine/needs.ts";
import { decodeFrame } from "../gateway/frame.ts";
import type { Frame } from "../sandbox/changes.ts";
import type { Store } from "../store/store.ts";
import type { Account } from "./account.ts";
import { createBotParts, type PartsOptions } from "./bot-parts.ts";

/** The bot of one test: the running bot's own deciding and performing, on a store in memory and the test's clock. Nothing
 *  happens by itself: `settle` does what can be done now, `wait` lets time pass. */
export interface TestBot {
  readonly connectionId: string;
  readonly store: Store;
  settle(): Promise<void>;
  /** Timers that are due on the way, also at the very end, fire. */
  wait(ms: number): Promise<void>;
  close(): Promise<void>;
}

export interface TestBotOptions extends PartsOptions {
  readonly onDecision: (decided: Decided) => void;
}

/** More rounds than any conversation needs: the bot would go on for ever. */
const MOST_ROUNDS = 1_000;
const MOST_TIMERS = 500;

export async function startTestBot(options: TestBotOptions): Promise<TestBot> {
  const { account, rulebook } = options;
  const { clock } = account;
  const parts = await createBotParts(options);
  const { connectionId, store } = parts;
  const frames = heardBy(account, new Set(neededEvents(rulebook)));

  const settle = async () => {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      clock.runDue();
      const events = frames.splice(0).map((frame) => decodeFrame(JSON.stringify(frame), clock.now()));
      await store.receive(connectionId, events, clock.now());
      // What is begun without being waited for (the offer of a queue) is stored by then.
      await nextTurn();
      const busy = await store.busyLanes(connectionId);
      if (busy.length === 0 && frames.length === 0) return;
      for (const chatId of busy) await parts.work(chatId);
    }
    throw new Error("the bot of this test does not come to rest");
  };

  const nextDue = async () => {
    const due = [clock.nextDue(), await store.nextTimer(connectionId)].filter((moment) => moment !== null);
    return due.length === 0 ? null : Math.min(...due);
  };

  return {
    connectionId,
    store,
    settle,
    async wait(ms) {
      const end = clock.now() + ms;
      await settle();
      for (let next = await nextDue(); next !== null && next <= end; next = await nextDue()) {
        clock.pass(Math.max(0, next - clock.now()));
        await store.fireTimers(connectionId, clock.now(), MOST_TIMERS);
        await settle();
      }
      clock.pass(Math.max(0, end - clock.now()));
      await settle();
    },
    close: () => store.close(),
  };
}

/** The events that the bot's socket asks for, from now on; taken out by the reader. */
function heardBy({ stage }: Account, wanted: ReadonlySet<string>): Frame[] {
  const frames: Frame[] = [];
  stage.onFrame((frame) => {
    if (wanted.has(frame.type) && !frame.mass) frames.push(frame);
  });
  return frames;
}
