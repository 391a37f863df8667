import { openStore } from "../../../src/store/open.ts";
import { type Store, StoreError } from "../../../src/store/store.ts";
import type { Audit, Said } from "./audit.ts";
import type { Lab } from "./scenario.ts";
import type { Stand } from "./stand.ts";

const MOST = 5;

/** Tells of the first lost messages how far the bot came with them, so that a figure not reached can be looked into. Reads the bot's data beside it. */
export async function tellLost(lab: Lab, { storage }: Stand, { lost }: Audit): Promise<void> {
  if (lost.length === 0) return;
  try {
    const store = await openStore(storage, { readOnly: true });
    for (const said of lost.slice(0, MOST)) lab.tell(`lost: ${JSON.stringify(await fateOf(store, said))}`);
    await store.close();
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    lab.tell(`lost: ${lost.length}; the bot's data can't be read: ${error.message}`);
  }
}

async function fateOf(store: Store, said: Said) {
  for (const { id } of await store.connections()) {
    const [decision = null] = await store.decisions(id, { eventKey: `message_new:${said.id}`, limit: 1 });
    const calls = await store.outbox(id, { limit: 1_000 });
    const own = calls.filter(({ chatId }) => chatId === said.chatId);
    const states = own.map(({ key, state, outcome, attempts }) => ({ key, state, outcome, attempts }));
    return { said, at: new Date(said.at).toISOString(), decision, calls: states.slice(0, MOST) };
  }
  return { said, connections: 0 };
}
