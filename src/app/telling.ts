import type { Decided } from "../connection/deciding/deciding.ts";
import type { Registration } from "../connection/registering/register.ts";
import type { Log, SecretKeeper } from "../log.ts";
import type { Service } from "../service/server.ts";
import type { Sentence } from "../types/issue.ts";
import type { Settings } from "../types/settings.ts";

export interface TellingOptions {
  readonly errors: NodeJS.WritableStream;
  readonly secrets: SecretKeeper;
  readonly language: Settings["language"];
}

/** Tells a person at the terminal of trouble with the registration, and of its end. */
export function createTelling({ errors, secrets, language }: TellingOptions) {
  let isTroubled = false;
  return ({ kind }: Registration, sentence: Sentence) => {
    const wasTroubled = isTroubled;
    isTroubled = kind !== "registered";
    if (isTroubled || wasTroubled) errors.write(secrets.clean(`${sentence[language]}\n`));
  };
}

/** Where a program on this machine reaches us. */
export function addressOf({ http }: Settings, { port }: Service): string {
  const everywhere = http.host === "0.0.0.0" || http.host === "::";
  return `http://${everywhere ? "localhost" : http.host.includes(":") ? `[${http.host}]` : http.host}:${port}`;
}

/** One line when ready, whatever `log.level` says: scripts wait for it. Among JSON lines it is one of them. */
export function sayReady(
  url: string,
  { output, log, format }: { output: NodeJS.WritableStream; log: Log; format: "json" | "pretty" },
): void {
  const words = `Rulebot is ready: ${url}`;
  if (format === "json") log.child({}, { level: "info" }).info({ url }, words);
  else output.write(`${words}\n`);
}

/** Hands decisions to whoever watches; nobody does before the terminal is there. */
export function createShow() {
  let watcher = (_decided: Decided) => {};
  return {
    decided: (decided: Decided) => watcher(decided),
    on(next: (decided: Decided) => void) {
      watcher = next;
    },
  };
}
