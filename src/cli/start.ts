import type { App } from "../app/app.ts";
import { wantsSandbox } from "../config/settings.ts";
import { StoreError } from "../store/store.ts";
import { countStoredAccounts } from "../store/stored-accounts.ts";
import type { Sentence } from "../types/issue.ts";
import type { Settings } from "../types/settings.ts";
import { type ConfigOption, loadSound } from "./loading.ts";
import { accountsWithoutCrm, NO_CRM_IN_PRODUCTION } from "./sentences.ts";
import { type ExitCode, print, type Run, type World } from "./world.ts";

export interface StartOptions extends ConfigOption {
  readonly watch: boolean;
}

/** Runs the bot until it is told to stop. */
export const start: Run<StartOptions> = async (world, options) => {
  // Before anything else: process 1 of a container does not hear a signal that nobody listens to.
  const stopping = createStopping(world);
  const loading = Promise.all([loadSound(world, options), loadBot()]);
  const begun = await Promise.race([stopping.asked.then(() => null), loading]);
  // Asked to stop while nothing has begun.
  if (begun === null) return 0;
  const [loaded, { startApp, ServiceError }] = begun;
  if (loaded === null) return 1;
  const obstacle = await noSandboxBecause(world, loaded.settings);
  if (obstacle !== null) {
    print(world.errors, obstacle[loaded.settings.language]);
    return 2;
  }
  let app: App | null = null;
  world.onHangup(() => void app?.reload());
  try {
    const { stop: interrupt, signal } = stopping;
    app = await startApp({ ...world, loaded, watch: options.watch, interrupt, stopping: signal });
  } catch (error) {
    if (!(error instanceof StoreError) && !(error instanceof ServiceError)) throw error;
    if (stopping.signal.aborted) return 0;
    print(world.errors, error.message);
    return 1;
  }
  const { log } = app;
  world.onCrash((error) => log.fatal({ err: error }, "the program ends because of a fault nobody caught"));
  const code = await Promise.race([stopping.asked, app.ended]);
  await app.drain();
  return code as ExitCode;
};

/** Why nothing is started: the settings ask for a sandbox, where there should be none. Null: they do not, or it may be. */
async function noSandboxBecause({ env }: World, settings: Settings): Promise<Sentence | null> {
  if (!wantsSandbox(settings)) return null;
  if (env.NODE_ENV === "production") return NO_CRM_IN_PRODUCTION;
  const stored = await countStoredAccounts(settings.storage);
  return stored === 0 ? null : accountsWithoutCrm(stored);
}

/** The bot itself, loaded while a thread reads the files: the two take about as long. */
async function loadBot() {
  const [{ startApp }, { ServiceError }] = await Promise.all([import("../app/app.ts"), import("../service/server.ts")]);
  return { startApp, ServiceError };
}

/** The first signal asks for an orderly end, the second one for an end at once. */
function createStopping(world: World): {
  readonly asked: Promise<ExitCode>;
  readonly signal: AbortSignal;
  stop(): void;
} {
  const { promise, resolve } = Promise.withResolvers<ExitCode>();
  const stopping = new AbortController();
  const stop = () => {
    if (stopping.signal.aborted) return world.exit(1);
    stopping.abort();
    resolve(0);
  };
  world.onStop(stop);
  return { asked: promise, signal: stopping.signal, stop };
}
