import { Writable } from "node:stream";
import { createLog, createSecretKeeper, type Log } from "../../src/log.ts";

export interface TestLog {
  readonly log: Log;
  /** Everything written so far, as one text. */
  text(): string;
  /** The lines as data. */
  lines(): readonly Record<string, unknown>[];
}

/** A log that keeps what is written, at every level. It knows no secret, so that it hides none. */
export function createTestLog(): TestLog {
  const chunks: string[] = [];
  const destination = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  const log = createLog({ level: "trace", format: "json", destination, secrets: createSecretKeeper() });
  const text = () => chunks.join("");
  return {
    log,
    text,
    lines: () =>
      text()
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
  };
}
