import type { Settings } from "../types/settings.ts";
import { createVault, type Vault } from "../vault.ts";

/** What the running program seals its secrets with; null: nothing is sealed. */
export const vaultOf = ({ service }: Pick<Settings, "service">): Vault | null =>
  service === null ? null : createVault(service.encryptionKeys);
