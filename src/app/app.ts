import { randomBytes } from "node:crypto";
import { startReplica } from "../replica/replica.ts";
import type { Books } from "../types/rule.ts";
import { type Ground, openGround } from "./ground.ts";
import type { App, AppOptions } from "./options.ts";
import { createReloading, createToldReload } from "./reload.ts";
import { serve } from "./serve.ts";
import { addressOf, sayReady } from "./telling.ts";
import { startUpkeep } from "./upkeep.ts";
import { type Work, wireWork } from "./work.ts";

export type { App, AppOptions } from "./options.ts";

/** Wires everything together and starts it. Rejects with StoreError or ServiceError, whose message is for the operator. */
export async function startApp(options: AppOptions): Promise<App> {
  const ground = await openGround(options);
  try {
    return await start(ground);
  } catch (error) {
    await ground.close();
    throw error;
  }
}

async function start(ground: Ground): Promise<App> {
  const { settings, state, log, sandbox } = ground;
  const work = wireWork(ground);
  const address = addressOf(settings, await serve(ground, work));
  await beginWork(ground, work);
  const files = keepReading(ground, work);
  ground.undo(startUpkeep({ ...ground, keepMs: settings.retentionMs }));
  if (sandbox === null) sayReady(address, ground);
  else await talkInTerminal(ground, files, address);
  return {
    log,
    reload: files.reload,
    ended: ground.refused.promise,
    async drain() {
      state.draining = true;
      await ground.close();
    },
  };
}

/** From now on the accounts are worked on, those that are this process's share. */
async function beginWork({ store, clock, log, state, stopping, undo }: Ground, { own, shops }: Work): Promise<void> {
  const owner = randomBytes(16).toString("hex");
  const known = own === null ? [] : [own.id];
  const replica = await startReplica({ store, owner, known, clock, log, stopping, begin: shops.begin });
  state.replica = replica;
  undo(replica.stop);
}

type Files = ReturnType<typeof createReloading> & { readonly told: ReturnType<typeof createToldReload> };

/** From now on changed files are taken over. */
function keepReading(ground: Ground, { shops, watching }: Work): Files {
  const told = createToldReload(ground.errors);
  const useBooks = async (books: Books) => {
    ground.state.books = books;
    await shops.useRules();
  };
  const files = createReloading({ ...ground, useBooks, told, onRead: watching.metrics.reloaded });
  ground.undo(files.stop);
  return { ...files, told };
}

/** With a sandbox one types as the customer, once the bot listens. */
async function talkInTerminal(ground: Ground, { told }: Files, address: string): Promise<void> {
  const { sandbox, input, output, settings, interrupt, show } = ground;
  await Promise.race([ground.listening.promise, ground.refused.promise]);
  output.write(`Rulebot is ready: ${address} (sandbox)\n`);
  const { attachTerminal } = await import("../sandbox/terminal/index.ts");
  if (sandbox === null) return;
  const terminal = attachTerminal({ sandbox, input, output, language: settings.language, interrupt });
  show.on(terminal.decided);
  told.at(terminal.tell);
  ground.undo(terminal.close);
}
