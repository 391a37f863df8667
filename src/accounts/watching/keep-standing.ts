import type { Clock } from "../../clock.ts";
import type { Registration } from "../../connection/registering/register.ts";
import type { Log } from "../../log.ts";
import { isObject, type Json, type JsonObject } from "../../types/json.ts";
import { type SocketStanding, standingFact } from "./standing.ts";

export interface StandingKeeperOptions {
  /** What is kept from before: as `standingFact` made it; null: nothing. */
  readonly before: Json;
  readonly save: (fact: JsonObject) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Keeps how one account stands, for the pages of other replicas: only what changes, and what changes back at once is not written. */
export interface StandingKeeper {
  /** A connection begins (anew): nothing is known of its socket yet. */
  begins(): void;
  registration(registration: Registration): void;
  socket(standing: SocketStanding): void;
  /** Writes nothing more. */
  stop(): void;
}

/** A socket that is lost is as a rule open again within this. */
const SETTLE_MS = 5_000;

export function createStandingKeeper({ before, save, clock, log }: StandingKeeperOptions): StandingKeeper {
  let kept = isObject(before) ? before : {};
  let registration: Registration | null = null;
  let socket: SocketStanding | null = null;
  let cancel: (() => void) | null = null;
  let writing = Promise.resolve();

  const write = async () => {
    if (registration === null) return;
    const fact = standingFact(registration, socket);
    if (isSame(fact, kept)) return;
    try {
      await save(fact);
      kept = fact;
    } catch (error) {
      log.warn({ err: error }, "how it stands could not be kept");
    }
  };
  const rest = () => {
    cancel?.();
    cancel = null;
  };
  const now = () => {
    rest();
    writing = writing.then(write);
  };
  const soon = () => {
    cancel ??= clock.after(SETTLE_MS, now);
  };
  return {
    begins() {
      socket = null;
    },
    registration(next) {
      registration = next;
      const { kind, why } = standingFact(next, null);
      // Then at most the socket is otherwise than it was, and that is about to be told.
      if (kind === kept.kind && why === kept.why) soon();
      else now();
    },
    socket(next) {
      socket = next;
      if (next === "open") now();
      else soon();
    },
    stop: rest,
  };
}

const isSame = (left: JsonObject, right: JsonObject) =>
  left.kind === right.kind && left.why === right.why && left.socket === right.socket;
