import type { Clock } from "../clock.ts";
import { formatIssues } from "../config/format/format-issues.ts";
import type { Loaded } from "../config/load.ts";
import { loadInWorker } from "../config/load-in-worker.ts";
import { type ConfigWatch, watchConfig } from "../config/watch/watch.ts";
import type { Log } from "../log.ts";
import type { Sentence } from "../types/issue.ts";
import type { Books, Rulebook } from "../types/rule.ts";
import type { Settings } from "../types/settings.ts";

/** How the program stands, for `/readyz`. */
export interface RunState {
  draining: boolean;
  /** `file:line:column  cause` of the last reading's faults. */
  faults: readonly string[];
}

export type ToldReload = ReturnType<typeof createToldReload>;

/** What a reading of the files came to: faults go to stderr and the outcome to the log; both to the sandbox's terminal once
 *  that is there, above what is being typed. */
export function createToldReload(errors: NodeJS.WritableStream) {
  let tell: ((text: string) => void) | null = null;
  return {
    at(next: (text: string) => void) {
      tell = next;
    },
    issues: (text: string) => (tell === null ? void errors.write(`${text}\n`) : tell(text)),
    outcome: (sentence: string, orLog: () => void) => (tell === null ? orLog() : tell(sentence)),
  };
}

const KEPT: Sentence = {
  en: "The files have faults; the rules before go on.",
  es: "Los archivos tienen errores; siguen las reglas de antes.",
  ru: "В файлах есть ошибки; действуют прежние правила.",
};

const takenOver = (rules: number): Sentence => ({
  en: `The files were read again. Rules: ${rules}.`,
  es: `Se han vuelto a leer los archivos. Reglas: ${rules}.`,
  ru: `Файлы прочитаны заново. Правил: ${rules}.`,
});

export interface ReloadingOptions {
  /** A sound configuration, as it was loaded. */
  readonly loaded: Loaded & { readonly settings: Settings; readonly rulebook: Rulebook };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Look at the files and reload them. */
  readonly watch: boolean;
  readonly clock: Clock;
  readonly log: Log;
  readonly secrets: { add(value: string): void };
  readonly state: RunState;
  /** Takes the shared rulebook and the rule sets over; they may be as before. */
  readonly useBooks: (books: Books) => Promise<void>;
  readonly told: ToldReload;
  /** The files were read; `isGood`: and taken over. */
  readonly onRead?: (isGood: boolean) => void;
}

/** Reads the files again when they change. Only a whole, valid rulebook is taken over; otherwise the last good one goes on. */
export function createReloading(options: ReloadingOptions): { reload(): Promise<void>; stop(): void } {
  const { env, clock, log, state, useBooks, told } = options;
  let present = options.loaded;
  let watch: ConfigWatch | null = null;
  let turn: Promise<void> = Promise.resolve();

  const readNow = async () => {
    const loaded = await loadInWorker({ file: present.settings.file, env });
    if (state.draining) return;
    for (const secret of loaded.secrets) options.secrets.add(secret);
    watch?.update(loaded.watched);
    const { settings, rulebook, issues, language, sources } = loaded;
    if (issues.length > 0) told.issues(formatIssues({ issues, language, sources, format: "text" }));
    if (settings === null || rulebook === null) {
      options.onRead?.(false);
      state.faults = issues
        .filter(({ severity }) => severity === "fault")
        .map((issue) => lineOf(issue.place, issue.cause));
      told.outcome(KEPT[language], () =>
        log.error({ faults: state.faults }, "the files have faults; the rules before go on"),
      );
      return;
    }
    state.faults = [];
    if (needsRestart(present.settings, settings)) log.warn(RESTART);
    const unchanged = versionOf(loaded) === versionOf(present);
    await useBooks({ rulebook, ruleSets: loaded.ruleSets });
    present = { ...loaded, settings: present.settings, rulebook };
    options.onRead?.(true);
    told.outcome(takenOver(rulebook.rules.length)[language], () =>
      log.info({ rulebook: rulebook.version, rules: rulebook.rules.length, unchanged }, "the files were read again"),
    );
  };
  const reload = () => {
    turn = turn.then(readNow).catch((error) => log.error({ err: error }, "the files could not be read again"));
    return turn;
  };
  if (options.watch) watch = watchConfig({ paths: present.watched, onChange: reload, clock });
  return { reload, stop: () => watch?.stop() };
}

/** Of all that the files say to accounts. */
const versionOf = ({ rulebook, ruleSets }: Loaded): string =>
  JSON.stringify([
    rulebook?.version ?? null,
    Object.entries(ruleSets).map(([name, set]) => [name, set.rulebook.version, set.accounts]),
  ]);

const RESTART =
  "crm:, service:, module:, http:, storage:, retention:, log: and language: (of pages and alarms) are read at the start only; restart to use their new values";

function needsRestart(before: Settings, after: Settings): boolean {
  const fixed = ({ crm, service, module, http, storage, retentionMs, log, language }: Settings) =>
    JSON.stringify([crm, service, module, http, storage, retentionMs, log, language]);
  return fixed(before) !== fixed(after);
}

const lineOf = ({ file, line, column }: { file: string; line: number; column: number }, cause: Sentence) =>
  `${file}:${line}:${column}  ${cause.en}`;
