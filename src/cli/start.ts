import { Command } from "commander";
import { type App, startApp } from "../app.ts";
import { ServiceError } from "../service/server.ts";
import { StoreError } from "../store/store.ts";
import { type ConfigOption, loadSound } from "./loading.ts";
import { NO_CRM_IN_PRODUCTION } from "./sentences.ts";
import { type ExitCode, print, type Run, type World } from "./world.ts";

interface StartOptions extends ConfigOption {
  readonly watch: boolean;
}

export const startCommand = (act: (run: Run<StartOptions>) => (options: StartOptions) => Promise<void>): Command =>
  new Command("start")
    .description("run the bot; with no CRM configured, in a sandbox that one can type into")
    .option("--no-watch", "do not reload when the files change (SIGHUP still does)")
    .action(act(start));

/** Runs the bot until it is told to stop. */
const start: Run<StartOptions> = async (world, options) => {
  // Before anything else: process 1 of a container does not hear a signal that nobody listens to.
  const stopping = createStopping(world);
  const loaded = await loadSound(world, options);
  if (loaded === null) return 1;
  if (loaded.settings.crm === null && world.env.NODE_ENV === "production") {
    print(world.errors, NO_CRM_IN_PRODUCTION[loaded.settings.language]);
    return 2;
  }
  let app: App | null = null;
  world.onHangup(() => void app?.reload());
  try {
    app = await startApp({ ...world, loaded, watch: options.watch, interrupt: stopping.stop });
  } catch (error) {
    if (!(error instanceof StoreError) && !(error instanceof ServiceError)) throw error;
    print(world.errors, error.message);
    return 1;
  }
  const { log } = app;
  world.onCrash((error) => log.fatal({ err: error }, "the program ends because of a fault nobody caught"));
  const code = await Promise.race([stopping.asked, app.ended]);
  await app.drain();
  return code as ExitCode;
};

/** The first signal asks for an orderly end, the second one for an end at once. */
function createStopping(world: World): { readonly asked: Promise<ExitCode>; stop(): void } {
  const { promise, resolve } = Promise.withResolvers<ExitCode>();
  let isAsked = false;
  const stop = () => {
    if (isAsked) return world.exit(1);
    isAsked = true;
    resolve(0);
  };
  world.onStop(stop);
  return { asked: promise, stop };
}
