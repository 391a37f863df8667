import { Writable } from "node:stream";
import { createLog, createSecretKeeper, type Log } from "../log.ts";

/** A log that keeps the first error: a fault of the program, which no test expects. */
export interface ErrorLog {
  readonly log: Log;
  /** One line of JSON; null: there was none. */
  first(): string | null;
}

export function createErrorLog(): ErrorLog {
  let first: string | null = null;
  const destination = new Writable({
    write(line, _encoding, done) {
      first ??= String(line).trim();
      done();
    },
  });
  const log = createLog({ level: "error", format: "json", destination, secrets: createSecretKeeper() });
  return { log, first: () => first };
}
