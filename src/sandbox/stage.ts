import type { Clock } from "../clock.ts";
import type { Change, Frame, RequestRecord } from "./changes.ts";
import { deliver, markSeen } from "./world/messages.ts";
import type { Message } from "./world/rows.ts";
import type { World, WorldView } from "./world/world.ts";

/** A test waited for something that did not happen. Its message tells what happened last. */
export class SandboxTimeout extends Error {
  override readonly name = "SandboxTimeout";
}

type Listener = (change: Change) => void;

/** Where the account meets the world outside: lets things happen, one at a time, and tells of them. */
export interface Stage {
  readonly world: World;
  readonly clock: Clock;
  /** Newest last; the oldest are forgotten after 10 000. */
  readonly requests: readonly RequestRecord[];
  /** Lets `happen` change the account; its events leave at once. */
  act<Result>(happen: (world: World, now: number) => Result): Result;
  /** The same, but its events leave when `release` is called (once; later calls do nothing). */
  hold<Result>(happen: (world: World, now: number) => Result): { readonly result: Result; release(): void };
  report(change: Change): void;
  on(listener: Listener): () => void;
  /** Frames on their way to the sockets. */
  onFrame(send: (frame: Frame) => void): void;
  /** The next change that `wanted` accepts. Rejects with SandboxTimeout after `timeoutMs` of real time. */
  waitFor(wanted: (change: Change) => boolean, timeoutMs?: number): Promise<Change>;
  /** Resolves when the account is as `wanted`: now, or after one of the next changes. */
  until(wanted: (world: WorldView) => boolean, timeoutMs?: number): Promise<void>;
  stop(): void;
}

const REMEMBERED = 10_000;
const TOLD = 12;
const WAIT_MS = 5000;

/** One line about a change, for the message of a timeout. */
function brief(change: Change): string {
  if ("request" in change)
    return `${change.kind} ${change.request.method} ${change.request.path} ${change.request.status ?? ""}`;
  if ("message" in change)
    return `${change.kind} #${change.message.id} ${change.message.type} ${change.message.status}`;
  return change.kind;
}

/** Delivery takes time: `sending`, then the messenger's verdict, then perhaps `seen`. */
function scheduleDelivery(
  stage: Pick<Stage, "world" | "clock" | "act">,
  message: Message,
  cancels: Set<() => void>,
): void {
  const { sentAfterMs, seenAfterMs } = stage.world.behaviour;
  const later = (ms: number, happen: (world: World, now: number) => void) => {
    const cancel = stage.clock.after(ms, () => {
      cancels.delete(cancel);
      stage.act(happen);
    });
    cancels.add(cancel);
  };
  later(sentAfterMs, (world, now) => {
    deliver(world, now, message.id);
    if (seenAfterMs !== null) later(seenAfterMs, (then, at) => markSeen(then, at, message.id));
  });
}

export function createStage({ world, clock }: { world: World; clock: Clock }): Stage {
  const listeners = new Set<Listener>();
  const requests: RequestRecord[] = [];
  const last: Change[] = [];
  const cancels = new Set<() => void>();
  let send: (frame: Frame) => void = () => {};
  let stopped = false;

  function report(change: Change): void {
    last.push(change);
    if (last.length > TOLD) last.shift();
    if (change.kind === "request") requests.push(change.request);
    if (requests.length > REMEMBERED) requests.shift();
    for (const listener of [...listeners]) listener(change);
  }

  function hold<Result>(happen: (world: World, now: number) => Result): { readonly result: Result; release(): void } {
    // What a refused action may have left behind must not leave with the next one.
    world.frames.splice(0);
    world.changes.splice(0);
    const result = happen(world, clock.now());
    const frames = world.frames.splice(0);
    const changes = world.changes.splice(0);
    const sending = changes.flatMap((change) =>
      change.kind === "message" && change.message.status === "sending" ? [change.message] : [],
    );
    const release = () => {
      for (const frame of frames.splice(0)) send(frame);
      if (!stopped) for (const message of sending.splice(0)) scheduleDelivery({ world, clock, act }, message, cancels);
    };
    for (const change of changes) report(change);
    return { result, release };
  }

  function act<Result>(happen: (world: World, now: number) => Result): Result {
    const { result, release } = hold(happen);
    release();
    return result;
  }

  const on = (listener: Listener) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };

  function waiting<Found>(look: (change: Change | null) => Found | undefined, timeoutMs: number): Promise<Found> {
    return new Promise((resolve, reject) => {
      const settle = (change: Change | null) => {
        const found = look(change);
        if (found === undefined) return;
        clearTimeout(timer);
        off();
        resolve(found);
      };
      const off = on(settle);
      const timer = setTimeout(() => {
        off();
        reject(new SandboxTimeout(`not within ${timeoutMs} ms; last: ${last.map(brief).join(", ") || "nothing"}`));
      }, timeoutMs);
      settle(null);
    });
  }

  return {
    world,
    clock,
    requests,
    act,
    hold,
    report,
    on,
    onFrame: (sender) => {
      send = sender;
    },
    waitFor: (wanted, timeoutMs = WAIT_MS) =>
      waiting((change) => (change !== null && wanted(change) ? change : undefined), timeoutMs),
    until: (wanted, timeoutMs = WAIT_MS) => waiting(() => (wanted(world) ? true : undefined), timeoutMs).then(() => {}),
    stop() {
      stopped = true;
      for (const cancel of cancels) cancel();
      cancels.clear();
      listeners.clear();
    },
  };
}
