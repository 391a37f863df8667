import type { Change, Sandbox } from "../../src/sandbox/index.ts";

/** Knows when nothing moves any more on this machine: no request is under way, no frame, no operation of the store. */
export interface Quiet {
  /** Something moved that the sandbox does not see. */
  stir(): void;
  /** Resolves when nothing has moved for a while. */
  come(): Promise<void>;
}

/** Turns of the event loop without a stir: all that is on its way between two sockets of this machine needs fewer. */
const STILL_TURNS = 12;
/** The same while a request is under way: one that was given up is never answered. */
const PATIENT_TURNS = 2_000;

const BEGINS: ReadonlySet<Change["kind"]> = new Set(["request"]);
const ENDS: ReadonlySet<Change["kind"]> = new Set(["answered", "socket_opened", "socket_refused"]);

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

export function createQuiet(sandbox: Sandbox): Quiet {
  let stirs = 0;
  let underWay = 0;
  sandbox.on(({ kind }) => {
    stirs += 1;
    if (BEGINS.has(kind)) underWay += 1;
    if (ENDS.has(kind)) underWay -= 1;
  });
  return {
    stir() {
      stirs += 1;
    },
    async come() {
      let seen = stirs;
      for (let still = 0; still < (underWay > 0 ? PATIENT_TURNS : STILL_TURNS); still++) {
        await turn();
        if (seen === stirs) continue;
        seen = stirs;
        still = 0;
      }
      underWay = 0;
    },
  };
}
