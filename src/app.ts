import { randomBytes } from "node:crypto";
import type { Clock } from "./clock.ts";
import type { Loaded } from "./config/load.ts";
import { type Connection, startConnection } from "./connection/connection.ts";
import type { Decided } from "./connection/deciding/deciding.ts";
import { connectionId } from "./connection/registering/record.ts";
import type { Registration } from "./connection/registering/register.ts";
import { createConnectGate } from "./gateway/connect-gate.ts";
import { createLog, createSecretKeeper, type Log, type SecretKeeper } from "./log.ts";
import { createReloading, createToldReload, type RunState } from "./reload.ts";
import { startReplica } from "./replica/replica.ts";
import { type Sandbox, startSandbox } from "./sandbox/index.ts";
import { attachTerminal } from "./sandbox/terminal/index.ts";
import { type Readiness, type Service, startService } from "./service/server.ts";
import { openStore } from "./store/open.ts";
import type { Store } from "./store/store.ts";
import type { Sentence } from "./types/issue.ts";
import type { JsonObject } from "./types/json.ts";
import type { Rulebook } from "./types/rule.ts";
import type { Settings } from "./types/settings.ts";

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

/** Facts of the whole program, whatever it serves. */
export const WHOLE_PROGRAM = "";
export const STATUS_TOKEN = "status_token";
/** Where the running program answers; `rulebot status` reads it. */
export const STATUS_ADDRESS = "status_address";
const KEEP_MS = 30 * 24 * 3_600_000;
const PRUNE_EVERY_MS = 3_600_000;

/** Wires everything together and starts it. Rejects with StoreError or ServiceError, whose message is for the operator. */
export async function startApp(options: AppOptions): Promise<App> {
  const { loaded, clock, random } = options;
  const { settings } = loaded;
  const isSandbox = settings.crm === null;
  const secrets = createSecretKeeper();
  for (const secret of loaded.secrets) secrets.add(secret);
  const format = settings.log.format ?? (options.output.isTTY === true ? "pretty" : "json");
  // While one types as the customer, the chat has to stay readable.
  const level = isSandbox && settings.log.level === "info" ? "warn" : settings.log.level;
  const log = createLog({ level, format, destination: options.output, secrets });

  const store = await openStore(isSandbox ? ":memory:" : settings.storage);
  const undo: (() => Promise<void>)[] = [() => store.close()];
  try {
    const statusToken = await openStatusToken(store);
    secrets.add(statusToken);
    const state = { draining: false, faults: [] as readonly string[] };
    let status = async (): Promise<JsonObject> => ({});
    let connection: Connection | null = null;
    let isStoreUsable = () => true;
    const service = await startService({
      ...settings.http,
      log,
      statusToken,
      readiness: () => readinessOf(state, isStoreUsable()),
      status: () => status(),
      onActivity: (clientId) => connection?.hint(clientId) ?? false,
    });
    undo.push(() => service.close());
    await store.saveFact(WHOLE_PROGRAM, STATUS_ADDRESS, addressOf(settings, service));

    const sandbox = isSandbox ? await startSandbox() : null;
    if (sandbox !== null) undo.push(() => sandbox.stop());
    const show = createShow();
    const listening = Promise.withResolvers<void>();
    const refused = Promise.withResolvers<number>();
    const crm = settings.crm ?? accountOf(sandbox);
    const shared = { gate: createConnectGate(clock), clock, log, random, secrets };
    const telling = createTelling({ ...options, secrets, language: settings.language });
    let rulebook = loaded.rulebook;
    const id = connectionId({ crmUrl: crm.url, moduleCode: settings.module.code });
    const replica = await startReplica({
      store,
      owner: randomBytes(16).toString("hex"),
      known: [id],
      clock,
      log,
      async begin(assigned) {
        const started = await startConnection({
          ...shared,
          crm,
          module: settings.module,
          allowedHosts: settings.http.allowedHosts,
          store: assigned.store,
          mayAct: assigned.mayAct,
          rulebook,
          onDecision: show.decided,
          onListening: listening.resolve,
          onRegistration: telling,
        });
        connection = started;
        started.ended.then((refusal) => refusal !== null && refused.resolve(3));
        return started;
      },
    });
    undo.push(() => replica.stop());
    isStoreUsable = replica.isStoreUsable;
    const present = () => (replica.holds().includes(id) ? connection : null);
    status = async () => ({ config: configStatus(state.faults), connections: [await statusOf(present(), id)] });

    const told = createToldReload(options.errors);
    const useRulebook = async (changed: Rulebook) => {
      rulebook = changed;
      await present()?.useRulebook(changed);
    };
    const files = createReloading({ ...options, log, secrets, state, useRulebook, told });
    undo.push(async () => files.stop());
    const stopPruning = prune(store, clock, log);
    undo.push(async () => stopPruning());

    if (sandbox !== null) {
      await Promise.race([listening.promise, refused.promise]);
      options.output.write(`Rulebot is ready: ${addressOf(settings, service)} (sandbox)\n`);
      const terminal = attachTerminal({
        sandbox,
        input: options.input,
        output: options.output,
        language: settings.language,
        interrupt: options.interrupt,
      });
      show.on(terminal.decided);
      told.at(terminal.tell);
      undo.push(async () => terminal.close());
    }
    if (!isSandbox) sayReady(addressOf(settings, service), { output: options.output, log, format });
    return {
      log,
      reload: files.reload,
      ended: refused.promise,
      async drain() {
        state.draining = true;
        await closeAll(undo, log);
      },
    };
  } catch (error) {
    await closeAll(undo, log);
    throw error;
  }
}

/** A connection that another replica works on has no more to tell here. */
const statusOf = async (connection: Connection | null, id: string): Promise<JsonObject> =>
  connection === null ? { id, elsewhere: true } : connection.status();

/** Last opened, first closed. What fails to close does not keep the rest open. */
async function closeAll(undo: (() => Promise<void>)[], log: Log): Promise<void> {
  for (const close of undo.splice(0).reverse()) {
    await close().catch((error) => log.error({ err: error }, "something did not close in good order"));
  }
}

const accountOf = (sandbox: Sandbox | null) => ({ url: sandbox?.crmUrl ?? "", apiKey: sandbox?.apiKey ?? "" });

/** Where a program on this machine reaches us. */
function addressOf({ http }: Settings, { port }: Service): string {
  const everywhere = http.host === "0.0.0.0" || http.host === "::";
  return `http://${everywhere ? "localhost" : http.host.includes(":") ? `[${http.host}]` : http.host}:${port}`;
}

async function openStatusToken(store: Store): Promise<string> {
  const known = await store.fact(WHOLE_PROGRAM, STATUS_TOKEN);
  if (typeof known === "string") return known;
  const made = randomBytes(32).toString("hex");
  await store.saveFact(WHOLE_PROGRAM, STATUS_TOKEN, made);
  return made;
}

const readinessOf = ({ draining, faults }: RunState, isStoreUsable: boolean): Readiness => ({
  ready: isStoreUsable,
  draining,
  configLastReloadSuccess: faults.length === 0 ? 1 : 0,
  configErrors: faults,
});

const configStatus = (faults: readonly string[]): JsonObject => ({
  last_reload_success: faults.length === 0,
  errors: [...faults],
});

interface TellingOptions {
  readonly errors: NodeJS.WritableStream;
  readonly secrets: SecretKeeper;
  readonly language: Settings["language"];
}

/** Tells a person at the terminal of trouble with the registration, and of its end. */
function createTelling({ errors, secrets, language }: TellingOptions) {
  let isTroubled = false;
  return ({ kind }: Registration, sentence: Sentence) => {
    const wasTroubled = isTroubled;
    isTroubled = kind !== "registered";
    if (isTroubled || wasTroubled) errors.write(secrets.clean(`${sentence[language]}\n`));
  };
}

/** One line when ready, whatever `log.level` says: scripts wait for it. Among JSON lines it is one of them. */
function sayReady(
  url: string,
  { output, log, format }: { output: NodeJS.WritableStream; log: Log; format: "json" | "pretty" },
): void {
  const words = `Rulebot is ready: ${url}`;
  if (format === "json") log.child({}, { level: "info" }).info({ url }, words);
  else output.write(`${words}\n`);
}

/** Hands decisions to whoever watches; nobody does before the terminal is there. */
function createShow() {
  let watcher = (_decided: Decided) => {};
  return {
    decided: (decided: Decided) => watcher(decided),
    on(next: (decided: Decided) => void) {
      watcher = next;
    },
  };
}

function prune(store: Store, clock: Clock, log: Log): () => void {
  let cancel = () => {};
  const again = () => {
    cancel = clock.after(PRUNE_EVERY_MS, () => {
      store.prune(clock.now() - KEEP_MS).catch((error) => log.warn({ err: error }, "old rows could not be removed"));
      again();
    });
  };
  again();
  return () => cancel();
}
