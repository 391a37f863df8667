import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { Store } from "../store/store.ts";
import type { Json } from "../types/json.ts";
import type { Call } from "../types/plan.ts";
import type { Rulebook } from "../types/rule.ts";
import type { Bot } from "../types/state.ts";
import type { DirectoryKeeper } from "./directory/directory.ts";
import type { NewestMessages } from "./performing/newest-messages.ts";

/** A call that waits to be sent: the pace, or a server that asked for patience, may hold it for minutes. */
export interface Turn {
  /** Throws when the call must not be sent (now): then it takes nobody's turn. Asked while it waits, maybe several times. */
  mayGo(): void;
  /** Its turn has come, and nothing of it is sent yet. Rejects when it must not be sent. */
  atTurn(): Promise<void>;
}

/** The way to the gateway with one token, while it is good. A new address or token is a new link. */
export interface Link {
  readonly bot: Bot;
  /** Sends a call once; what to do about a failure is the caller's affair. Rejects with ApiError, or with what `turn` threw. */
  send(call: Call, turn: Turn): Promise<Json>;
  /** Performs a read call, trying a few times. Rejects with ApiError. */
  ask(call: Call): Promise<Json>;
  /** The gateway does not accept the token: nothing more is sent until the CRM has been asked. */
  refused(): void;
}

/** What deciding and performing share: one connection's tools and its present link and rules. */
export interface Context {
  readonly connectionId: string;
  readonly store: Store;
  readonly clock: Clock;
  /** Every line of it names the connection. */
  readonly log: Log;
  /** In [0, 1). */
  readonly random: () => number;
  readonly directory: DirectoryKeeper;
  readonly newest: NewestMessages;
  rulebook(): Rulebook;
  /** Null: nothing may be asked or sent now (not connected, switched off, stopping). */
  link(): Link | null;
  /** There is work in this lane. */
  wake(chatId: number | null): void;
}
