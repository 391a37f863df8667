import { resolve } from "node:path";
import { formatIssues } from "../config/format/format-issues.ts";
import type { Loaded } from "../config/load.ts";
import { loadInWorker } from "../config/load-in-worker.ts";
import type { Rulebook } from "../types/rule.ts";
import type { Settings } from "../types/settings.ts";
import { print, type World } from "./world.ts";

/** Every command takes it. */
export interface ConfigOption {
  readonly config: string;
}

export type Sound = Loaded & { readonly settings: Settings; readonly rulebook: Rulebook };

export const load = ({ folder, env }: World, { config }: ConfigOption): Promise<Loaded> =>
  loadInWorker({ file: resolve(folder, config), env });

/** The configuration, if it has no fault. Faults and warnings are printed for the operator; null: there was a fault. */
export async function loadSound(world: World, option: ConfigOption): Promise<Sound | null> {
  const loaded = await load(world, option);
  const { settings, rulebook, issues, language, sources } = loaded;
  print(world.errors, formatIssues({ issues, language, sources, format: "text" }));
  return settings === null || rulebook === null ? null : { ...loaded, settings, rulebook };
}

/** The settings, if they alone have no fault: enough for commands that never look at the rules. */
export async function loadSettings(world: World, option: ConfigOption): Promise<Settings | null> {
  const loaded = await load(world, option);
  if (loaded.settings !== null) return loaded.settings;
  const { issues, language, sources } = loaded;
  const faults = issues.filter(({ severity }) => severity === "fault");
  print(world.errors, formatIssues({ issues: faults, language, sources, format: "text" }));
  return null;
}
