import { Writable } from "node:stream";
import { type Logger, pino } from "pino";
import pretty from "pino-pretty";

export type Log = Logger;

export interface LogOptions {
  readonly level: string;
  readonly format: "json" | "pretty";
  /** Where the lines go; `process.stdout` in the program, a string sink in tests. */
  readonly destination: NodeJS.WritableStream;
  readonly secrets: SecretKeeper;
}

/** Knows every secret value of this process and takes it out of any text. The last step before a byte leaves:
 *  redaction by path alone leaks (deep objects, `err.message`, headers spelt otherwise: reliability.md P14). */
export interface SecretKeeper {
  add(value: string): void;
  clean(text: string): string;
}

const MASK = "[secret]";
/** Shorter values are ordinary words ("test"); masking them would make logs unreadable and hide nothing. */
const SHORTEST_SECRET = 6;

export function createSecretKeeper(): SecretKeeper {
  /** By how they begin: with a thousand accounts, a look for each secret in each line would be most of the work. */
  const known = new Map<string, readonly string[]>();
  const keep = (secret: string) => {
    const head = secret.slice(0, SHORTEST_SECRET);
    const alike = known.get(head) ?? [];
    // The longest first: a secret may begin with another one.
    if (!alike.includes(secret))
      known.set(
        head,
        [...alike, secret].sort((a, b) => b.length - a.length),
      );
  };
  return {
    add(value) {
      if (value.length < SHORTEST_SECRET) return;
      for (const spelt of [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value.toWellFormed())])
        keep(spelt);
    },
    clean(text) {
      let cleaned = "";
      let from = 0;
      for (let at = 0; at <= text.length - SHORTEST_SECRET; at++) {
        const found = known.get(text.slice(at, at + SHORTEST_SECRET))?.find((secret) => text.startsWith(secret, at));
        if (found === undefined) continue;
        cleaned += text.slice(from, at) + MASK;
        from = at + found.length;
        at = from - 1;
      }
      return from === 0 ? text : cleaned + text.slice(from);
    },
  };
}

/** Structured log. Fields follow the glossary: `connection`, `event`, `rule`, `dialog`, `chat`; never a customer's text. */
export function createLog({ level, format, destination, secrets }: LogOptions): Log {
  const cleaned = new Writable({
    decodeStrings: false,
    write(chunk, _encoding, done) {
      destination.write(secrets.clean(String(chunk)));
      done();
    },
  });
  const sink =
    format === "pretty"
      ? pretty({ destination: cleaned, sync: true, ignore: "pid,hostname", colorize: false })
      : cleaned;
  const serializers = { err: describeError };
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers }, sink);
}

/** Failures of the world outside: what happened is in their sentence, and a stack trace would only hide it. */
const FROM_OUTSIDE = new Set(["ApiError", "OutsideError", "StoreError", "ServiceError", "FrameError"]);

function describeError(error: Error): object {
  const { stack, ...told } = pino.stdSerializers.err(error);
  return error instanceof Error && !FROM_OUTSIDE.has(error.name) ? { ...told, stack } : told;
}
