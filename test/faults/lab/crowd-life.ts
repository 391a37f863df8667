import type { Sandbox } from "../../../src/sandbox/index.ts";
import { type Crowd, untilOpen } from "./crowd.ts";
import { busiestSecond } from "./dials.ts";
import { residentMb } from "./process.ts";
import type { Lab } from "./scenario.ts";
import { timed } from "./until.ts";

const WITHIN_MS = 600_000;

export interface Started {
  /** From the start of the process until everybody listens. */
  readonly tookMs: number;
  /** The most sockets of the gateway that were asked for in any second. */
  readonly sockets: number;
  /** The most requests that any CRM got in any second. */
  readonly crm: number;
}

/** Starts the program, and waits until everybody listens. */
export async function startCrowd(lab: Lab, crowd: Crowd, count: number): Promise<Started> {
  const asked = new Map<Sandbox, number[]>();
  const off = crowd.sandboxes.on((change, account) => {
    if (change.kind !== "request" || change.request.server !== "crm") return;
    asked.set(account, [...(asked.get(account) ?? []), Date.now()]);
  });
  const before = crowd.dials().length;
  const beganAt = Date.now();
  await crowd.launch();
  const open = await untilOpen(crowd.sandboxes, count, WITHIN_MS);
  if (open === null) throw new Error(`only ${crowd.sandboxes.socketCount()} of ${count} sockets are open`);
  const tookMs = Date.now() - beganAt;
  off();
  const sockets = crowd.dials().slice(before);
  lab.tell(`${count} open after ${tookMs} ms, ${residentMb(crowd.bot().pid)} MB`);
  return {
    tookMs,
    sockets: busiestSecond(sockets.filter(({ what }) => what === "socket").map(({ at }) => at)),
    crm: Math.max(0, ...[...asked.values()].map(busiestSecond)),
  };
}

/** Looks all the time; the returned function gives the most that any of the processes has had (MB). */
export function watchMemory(lab: Lab, crowd: Crowd): () => number {
  let most = 0;
  const timer = setInterval(() => {
    try {
      most = Math.max(most, residentMb(crowd.bot().pid) ?? 0);
    } catch {
      // None has been started yet.
    }
  }, 200);
  lab.onTestFinished(async () => clearInterval(timer));
  return () => most;
}

/** Asks it to stop, and waits for its end. */
export async function stopCrowd({ bot }: Crowd): Promise<{ tookMs: number; code: number | null }> {
  let code: number | null = null;
  const tookMs = await timed(async () => {
    code = await bot().stop("SIGTERM");
  });
  return { tookMs, code };
}
