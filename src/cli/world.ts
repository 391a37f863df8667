import type { Clock } from "../clock.ts";

/** What a command may touch of the process it runs in; `main.ts` alone makes it from the real one. */
export interface World {
  /** Of the program, as in package.json. */
  readonly version: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The working folder. */
  readonly folder: string;
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly errors: NodeJS.WritableStream;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly fetch: typeof fetch;
  /** SIGTERM or SIGINT. */
  onStop(listener: () => void): void;
  /** SIGHUP. */
  onHangup(listener: () => void): void;
  /** Something nobody caught; the program ends with 1 right after. */
  onCrash(listener: (error: unknown) => void): void;
  /** Ends the program at once. */
  exit(code: ExitCode): void;
}

/** 0 fine, 1 faults found, 2 wrong usage, 3 cannot reach or refused by the CRM (README). */
export type ExitCode = 0 | 1 | 2 | 3;

/** One command at work: gives the exit code. */
export type Run<Options> = (world: World, options: Options) => Promise<ExitCode>;

export const print = (stream: NodeJS.WritableStream, text: string): void => {
  if (text !== "") stream.write(`${text}\n`);
};
