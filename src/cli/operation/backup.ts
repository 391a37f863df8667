import { resolve } from "node:path";
import { backUp } from "../../store/backup.ts";
import { StoreError } from "../../store/store.ts";
import { type ConfigOption, loadSettings } from "../loading.ts";
import { print, type Run } from "../world.ts";
import { noBackup, savedBackup } from "./sentences.ts";

export interface BackupCommandOptions extends ConfigOption {
  readonly file: string;
  readonly force?: boolean;
}

/** Copies the store while the bot runs or not. 1 when it can't be read or the copy not written, 2 when it may not go there. */
export const backup: Run<BackupCommandOptions> = async (world, { file, force = false, ...option }) => {
  const settings = await loadSettings(world, option);
  if (settings === null) return 1;
  const { language, storage } = settings;
  try {
    const to = resolve(world.folder, file);
    const made = await backUp(storage, { file: to, force, now: world.clock.now() });
    if (made.kind === "saved") print(world.output, savedBackup(to, made.bytes)[language]);
    else print(world.errors, noBackup(made.kind, file)[language]);
    return made.kind === "saved" ? 0 : 2;
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    print(world.errors, error.message);
    return 1;
  }
};
