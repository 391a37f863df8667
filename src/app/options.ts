import type { Clock } from "../clock.ts";
import type { Loaded } from "../config/load.ts";
import type { Log } from "../log.ts";
import type { Rulebook } from "../types/rule.ts";
import type { Settings } from "../types/settings.ts";

/** What the program runs in: nothing here or below knows the process. */
export interface AppOptions {
  /** A sound configuration, as it was loaded. */
  readonly loaded: Loaded & { readonly settings: Settings; readonly rulebook: Rulebook };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Look at the files and reload them. */
  readonly watch: boolean;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly errors: NodeJS.WritableStream;
  /** Aborted when the program is asked to end: what it waits for while it starts is waited for no longer. */
  readonly stopping: AbortSignal;
  /** Ctrl-C typed where the terminal would swallow it. */
  readonly interrupt: () => void;
}

export interface App {
  readonly log: Log;
  /** Reads the files now, whatever the watching says. */
  reload(): Promise<void>;
  /** Ends what is under way; nothing is left open. Never rejects. */
  drain(): Promise<void>;
  /** Resolves with the exit code when the bot can't go on by itself: 3, the CRM refuses it. */
  readonly ended: Promise<number>;
}
