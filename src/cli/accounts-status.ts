import { STANDING } from "../accounts/facts.ts";
import { standingOf } from "../accounts/watching/standing.ts";
import { WORDS } from "../service/pages/words/index.ts";
import { sealedStore } from "../store/sealed.ts";
import type { ConnectionRecord, Store } from "../store/store.ts";
import type { JsonObject } from "../types/json.ts";
import type { Settings } from "../types/settings.ts";
import { askProgram } from "./ask-program.ts";
import { openToRead } from "./known-record.ts";
import { NO_CONNECTIONS } from "./operation/sentences.ts";
import { vaultOf } from "./vault-of.ts";
import { sayIn } from "./words.ts";
import { type ExitCode, print, type World } from "./world.ts";

/** `rulebot status` where accounts connect by themselves: is the program running, and how does each account stand? */
export async function accountsStatus(world: World, settings: Settings): Promise<ExitCode> {
  const { language } = settings;
  const say = sayIn(language);
  const store = await openToRead(settings);
  try {
    const told = store === null ? null : await askProgram(world, settings, store);
    const rows =
      store === null ? [] : await accountRows(sealedStore(store, vaultOf(settings)), { told: told ?? [], settings });
    const program = `${say("program")}: ${say(told === null ? "notRunning" : "running")}`;
    print(world.output, [program, ...(rows.length > 0 ? rows : [NO_CONNECTIONS[language]])].join("\n"));
    return 0;
  } finally {
    await store?.close();
  }
}

interface Told {
  readonly told: readonly JsonObject[];
  readonly settings: Settings;
}

async function accountRows(store: Store, { told, settings }: Told): Promise<readonly string[]> {
  const { language } = settings;
  const holdings = await store.leases.holdings();
  const held = new Set(holdings.filter(({ owner }) => owner !== null).map(({ connectionId }) => connectionId));
  const rowOf = async (record: ConnectionRecord) => {
    const status = told.find(({ id, elsewhere }) => id === record.id && elsewhere !== true) ?? null;
    const hasKey = record.apiKey !== null;
    const isHeld = status !== null || held.has(record.id);
    const standing = standingOf({ record, hasKey, fact: await store.fact(record.id, STANDING), status, isHeld });
    return `${record.crmUrl}: ${WORDS[language].standing[standing]}`;
  };
  return await Promise.all((await store.connections()).map(rowOf));
}
