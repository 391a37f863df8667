import { type CrmApi, createCrmApi } from "../api/crm.ts";
import { openRecord } from "../connection/registering/record.ts";
import { openStore } from "../store/open.ts";
import { type ConnectionAccess, type ConnectionRecord, StoreError } from "../store/store.ts";
import type { Settings } from "../types/settings.ts";
import { accountOf, knownRecord } from "./known-record.ts";
import { type ConfigOption, loadSettings } from "./loading.ts";
import { quietLog } from "./quiet-log.ts";
import { NO_CRM } from "./sentences.ts";
import { type ExitCode, print, type World } from "./world.ts";

/** What a command about the module works with. */
export interface ModuleDesk {
  readonly settings: Settings;
  readonly crmUrl: string;
  readonly crm: CrmApi;
  readonly record: ConnectionRecord;
  /** Keeps a new address or token. While the bot runs it has the store for itself, and will ask the CRM on its own. */
  save(access: Partial<ConnectionAccess>): Promise<void>;
}

/** Opens what a command about the module needs, runs it, and closes everything. `keeps`: what is learnt goes to the store. */
export async function withModule(
  world: World,
  option: ConfigOption & { readonly keeps: boolean },
  work: (desk: ModuleDesk) => Promise<ExitCode>,
): Promise<ExitCode> {
  const settings = await loadSettings(world, option);
  return settings === null ? 1 : await withModuleOf(world, { settings, keeps: option.keeps }, work);
}

/** The same, with settings that were read already. */
export async function withModuleOf(
  world: World,
  { settings, keeps }: { readonly settings: Settings; readonly keeps: boolean },
  work: (desk: ModuleDesk) => Promise<ExitCode>,
): Promise<ExitCode> {
  if (settings.crm === null) {
    print(world.errors, NO_CRM[settings.language]);
    return 2;
  }
  const { clock, random } = world;
  const crm = createCrmApi({ ...settings.crm, clock, random, log: quietLog() });
  try {
    const reading = async () => ({ record: await knownRecord(settings), save: async () => {} });
    const { record, save } = await (keeps ? openDesk(settings) : reading());
    return await work({ settings, crmUrl: settings.crm.url, crm, record, save });
  } finally {
    crm.close();
  }
}

/** The record is made and kept where it can be; beside a running bot it is only read. */
async function openDesk(settings: Settings): Promise<Pick<ModuleDesk, "record" | "save">> {
  const saving = async <T>(task: (store: Awaited<ReturnType<typeof openStore>>) => Promise<T>): Promise<T | null> => {
    try {
      const store = await openStore(settings.storage);
      return await task(store).finally(() => store.close());
    } catch (error) {
      if (error instanceof StoreError) return null;
      throw error;
    }
  };
  const stored = await saving((store) => openRecord(store, accountOf(settings)));
  const record = stored ?? (await knownRecord(settings));
  return {
    record,
    async save(access) {
      await saving((store) => store.saveAccess(record.id, access));
    },
  };
}
