import { createPaces, type Paces } from "../api/pace/paces.ts";
import { wantsSandbox } from "../config/settings.ts";
import { createLog, createSecretKeeper, type Log, type SecretKeeper } from "../log.ts";
import type { Replica } from "../replica/replica.ts";
import type { Sandbox } from "../sandbox/index.ts";
import type { Store } from "../store/store.ts";
import type { Books } from "../types/rule.ts";
import type { Settings } from "../types/settings.ts";
import { createVault, type Vault } from "../vault.ts";
import { openProgramStore } from "./open-store.ts";
import type { AppOptions } from "./options.ts";
import { createShow } from "./telling.ts";

/** What changes while the program runs. */
export interface ProgramState {
  draining: boolean;
  /** `file:line:column  cause` of the last reading's faults. */
  faults: readonly string[];
  /** The rules in force. */
  books: Books;
  /** Null: it has not begun yet. */
  replica: Replica | null;
}

/** What all parts of the running program stand on. */
export interface Ground extends AppOptions {
  readonly settings: Settings;
  readonly format: "json" | "pretty";
  readonly log: Log;
  readonly secrets: SecretKeeper;
  /** Null: no accounts connect by themselves. */
  readonly vault: Vault | null;
  readonly store: Store;
  /** Null: there is a CRM. */
  readonly sandbox: Sandbox | null;
  readonly state: ProgramState;
  /** Of the CRM's keys. */
  readonly paces: Paces;
  readonly show: ReturnType<typeof createShow>;
  /** An account listens for the first time. */
  readonly listening: PromiseWithResolvers<void>;
  /** The file's own account was refused: the exit code. */
  readonly refused: PromiseWithResolvers<number>;
  /** Whoever shares the connections out looks at once. */
  look(): void;
  /** Remembers what is to be closed; last opened, first closed. */
  undo(close: () => Promise<void> | void): void;
  /** Closes everything. What fails to close does not keep the rest open. Never rejects. */
  close(): Promise<void>;
}

/** Rejects with StoreError. */
export async function openGround(options: AppOptions): Promise<Ground> {
  const { settings } = options.loaded;
  const isSandbox = wantsSandbox(settings);
  const secrets = createSecretKeeper();
  for (const secret of options.loaded.secrets) secrets.add(secret);
  const format = settings.log.format ?? (options.output.isTTY === true ? "pretty" : "json");
  // While one types as the customer, the chat has to stay readable.
  const level = isSandbox && settings.log.level === "info" ? "warn" : settings.log.level;
  const log = createLog({ level, format, destination: options.output, secrets });
  const vault = settings.service === null ? null : createVault(settings.service.encryptionKeys);
  const address = isSandbox ? ":memory:" : settings.storage;
  const store = await openProgramStore({ address, vault, secrets, log, signal: options.stopping });
  const sandbox = isSandbox ? await (await import("../sandbox/index.ts")).startSandbox() : null;
  const closing: (() => Promise<void> | void)[] = [() => store.close(), () => sandbox?.stop()];
  const state: ProgramState = { draining: false, faults: [], books: options.loaded, replica: null };
  return {
    ...options,
    settings,
    format,
    log,
    secrets,
    vault,
    store,
    sandbox,
    state,
    paces: createPaces(options.clock),
    show: createShow(),
    listening: Promise.withResolvers(),
    refused: Promise.withResolvers(),
    look: () => void state.replica?.look(),
    undo: (close) => void closing.push(close),
    async close() {
      for (const close of closing.splice(0).reverse()) {
        await (async () => close())().catch((error) =>
          log.error({ err: error }, "something did not close in good order"),
        );
      }
    },
  };
}
