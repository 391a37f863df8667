import type { Clock } from "../../clock.ts";
import { createBell } from "./bell.ts";
import type { Line, Target } from "./dial.ts";

/** What a wait may end on, besides what is given: the listener being stopped ends every wait. */
export interface Wait {
  /** The end of this line. */
  readonly line?: Line;
  /** So many ms have passed. */
  readonly ms?: number;
  /** Another target is wanted, too; being hurried always ends a wait. */
  readonly orRetargeted?: boolean;
}

/** What the owner of a listener wants of it, and waiting until that changes. */
export interface Wish {
  target(): Target;
  isStopped(): boolean;
  retarget(change: Partial<Target>): void;
  /** Ends the waits there are now: what they waited for is to be tried at once. */
  hurry(): void;
  stop(): void;
  wait(wait: Wait): Promise<void>;
}

/** A wish for the `first` target, not stopped. */
export function createWish(first: Target, clock: Clock): Wish {
  const hurried = createBell();
  const retargeted = createBell();
  let target = first;
  let stopped = false;

  return {
    target: () => target,
    isStopped: () => stopped,
    retarget(change) {
      const next = { ...target, ...change };
      if (isSame(next, target)) return;
      target = next;
      retargeted.ring();
    },
    hurry: hurried.ring,
    stop() {
      stopped = true;
      hurried.ring();
    },
    wait({ line, ms, orRetargeted }) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const over = new AbortController();
      const done = () => {
        for (const leave of left) leave();
        over.abort();
        resolve();
      };
      const left = [hurried.on(done), orRetargeted ? retargeted.on(done) : () => {}];
      line?.socket.ended.then(done);
      if (ms !== undefined) clock.sleep(ms, over.signal).then(done, () => {});
      return promise;
    },
  };
}

/** The order of event types says nothing. */
function isSame(left: Target, right: Target): boolean {
  const sameAddress = left.endpointUrl === right.endpointUrl && left.token === right.token;
  return sameAddress && new Set(left.events).symmetricDifference(new Set(right.events)).size === 0;
}
