import { Writable } from "node:stream";
import { createLog, createSecretKeeper, type Log } from "../log.ts";

/** For commands that a person waits for: what matters is printed, the rest is said by nobody. */
export function quietLog(): Log {
  const destination = new Writable({ write: (_chunk, _encoding, done) => done() });
  return createLog({ level: "silent", format: "json", destination, secrets: createSecretKeeper() });
}
