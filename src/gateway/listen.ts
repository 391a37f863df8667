import type { Network } from "../api/network.ts";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { ConnectGate } from "./connect-gate.ts";
import { createDialler, type Line, type Refusal, type Target } from "./listening/dial.ts";
import { keepOpen, type ListenerStateName, type Listening } from "./listening/keep-open.ts";
import { createTally, type ListenerCounts } from "./listening/tally.ts";
import { createWish } from "./listening/wish.ts";
import { type Frame, SOCKET_LIMITS, type SocketLimits } from "./socket/socket.ts";

/** What the listener is doing. `since` and `until` (end of a pause) are Unix ms; `reason` says why it is not open. */
export interface ListenerState {
  readonly name: ListenerStateName;
  readonly since: number;
  readonly until: number | null;
  readonly reason: string | null;
}

export interface ListenOptions {
  readonly target: Target;
  /** One for the whole program. */
  readonly gate: ConnectGate;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly log: Log;
  /** What may be connected to; left out: the operator vouches for the address. */
  readonly network?: Network | undefined;
  /** Whatever is left out is as in SOCKET_LIMITS. */
  readonly limits?: Partial<SocketLimits>;
  /** Every frame of every socket, as it comes. What it throws or rejects with is logged and harms only that frame. */
  onFrame(frame: Frame): void | Promise<void>;
  /** `open` comes each time that events may have been missed before: catch up then. A swap without a gap brings none. */
  onState?(state: ListenerState): void;
  /** The token is not accepted (401, 403). Nothing more is tried until `retry` is called. */
  onRefused?(refusal: Refusal): void;
}

/** A socket that is kept open: exactly one, or two for a moment while one takes over from the other. */
export interface Listener {
  state(): ListenerState;
  counts(): ListenerCounts;
  /** The event types that the open socket (or else the next one) brings. */
  events(): readonly string[];
  /** Tries at once: after a refusal, or in the middle of a pause. With another address or token an open socket is swapped. */
  retry(address?: Pick<Target, "endpointUrl" | "token">): void;
  /** Asks for another set of event types: a new socket opens, then the old one closes. */
  resubscribe(events: readonly string[]): void;
  /** Ends everything: afterwards there is no socket and none will open. Never rejects. */
  stop(): Promise<void>;
}

/** Starts listening to one connection's events. Source: Bot API, websocket events; reliability.md D6, P5, P6. */
export function listen(options: ListenOptions): Listener {
  const { clock, random, log } = options;
  const wish = createWish(options.target, clock);
  const tally = createTally();
  let state: ListenerState = { name: "connecting", since: clock.now(), until: null, reason: null };
  let line: Line | null = null;

  const dialler = createDialler({
    gate: options.gate,
    network: options.network,
    clock,
    limits: { ...SOCKET_LIMITS, ...options.limits },
    onFrame(frame) {
      tally.frame();
      guard(options, "a frame could not be handled", () => options.onFrame(frame), tally.handlerFailed);
    },
  });
  const report: Listening["report"] = {
    state(name, { reason = null, pauseMs = null }: { reason?: string | null; pauseMs?: number | null } = {}) {
      const since = clock.now();
      state = { name, since, until: pauseMs === null ? null : since + pauseMs, reason };
      guard(options, "the listener's state could not be told", () => options.onState?.(state));
    },
    opened(opened) {
      line = opened;
      tally.opened();
      log.info({ events: opened.target.events.length }, "listening");
      opened.socket.ended.then(({ cause }) => tally.ended(cause));
    },
    refused(refusal) {
      log.warn({ status: refusal.status, errors: refusal.errors }, "the gateway does not accept the token");
      guard(options, "the refusal could not be told", () => options.onRefused?.(refusal));
    },
  };
  // Not in this very moment: the owner has not got its listener yet, and will be told of the first state.
  const begun = Promise.resolve();
  const ended = begun.then(() => keepOpen({ wish, dialler, random, log, report })).then(() => report.state("stopped"));

  return {
    state: () => state,
    counts: tally.counts,
    events: () => (line === null || line.hasEnded() ? wish.target() : line.target).events,
    retry(address) {
      if (address) wish.retarget(address);
      wish.hurry();
    },
    resubscribe: (events) => wish.retarget({ events: [...events] }),
    async stop() {
      wish.stop();
      await dialler.hangUp();
      await ended;
    },
  };
}

/** Calls what the owner gave us. Its failure, at once or later, is logged and stays there. */
function guard({ log }: { log: Log }, what: string, call: () => unknown, onFailure?: () => void): void {
  const failed = (error: unknown) => {
    onFailure?.();
    log.error({ err: error }, what);
  };
  try {
    Promise.resolve(call()).catch(failed);
  } catch (error) {
    failed(error);
  }
}
