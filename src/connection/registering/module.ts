import type { IntegrationModuleIn, IntegrationModuleOut, MgBotOut } from "../../generated/crm-api.ts";

/** What the operator says about the module, and the id we made for this account. */
export interface ModuleSettings {
  readonly code: string;
  readonly name: string;
  /** Where the CRM reaches us; callbacks and the settings page start there. */
  readonly publicUrl: string;
  readonly clientId: string;
}

/** The module as it has to stand in the CRM. `active` is left out: only a first registration and `rulebot register`
 *  switch it on; `refreshToken` is never sent, since it revokes the token of a running bot. */
export function describeModule({ code, name, publicUrl, clientId }: ModuleSettings): IntegrationModuleIn {
  const baseUrl = withoutSlash(publicUrl);
  return {
    code,
    integrationCode: code,
    name,
    clientId,
    baseUrl,
    accountUrl: `${baseUrl}/settings/${clientId}`,
    actions: { activity: "/actions/activity", settings: "/actions/settings" },
    availableCountries: [],
    integrations: { mgBot: {} },
  };
}

/** The module as it has to stand in the CRM, switched on. */
export const describeActiveModule = (settings: ModuleSettings): IntegrationModuleIn => ({
  ...describeModule(settings),
  active: true,
});

/** Names of the fields that the CRM holds otherwise than they should be. */
export function differingFields(wanted: IntegrationModuleIn, found: IntegrationModuleOut): readonly string[] {
  const fields: string[] = COMPARED.filter((field) => !same(wanted[field], found[field]));
  const paths = pathsOf(found.actions);
  const isDifferent = Object.entries(pathsOf(wanted.actions)).some(([name, path]) => !same(path, paths[name]));
  return isDifferent ? [...fields, "actions"] : fields;
}

/** Switched off by a person or frozen by the CRM: it must not be switched on by itself. */
export function isSwitchedOff(found: IntegrationModuleOut): "switched_off" | "frozen" | null {
  if (found.freeze === true) return "frozen";
  const bot = botPart(found);
  return found.active === false || bot?.isActive === false ? "switched_off" : null;
}

/** The bot's part of the answer; the CRM writes an empty map as `[]`. */
export function botPart(found: IntegrationModuleOut): MgBotOut | null {
  const parts = found.integrations;
  return parts === undefined || Array.isArray(parts) ? null : ((parts as { mgBot?: MgBotOut }).mgBot ?? null);
}

const COMPARED: readonly ("name" | "clientId" | "baseUrl" | "accountUrl" | "integrationCode")[] = [
  "name",
  "clientId",
  "baseUrl",
  "accountUrl",
  "integrationCode",
];

const withoutSlash = (url: string) => url.replace(/\/+$/, "");

/** The CRM gives addresses back with a slash at the end, whatever was sent. */
const same = (wanted: string | undefined, found: string | undefined) =>
  withoutSlash(wanted ?? "") === withoutSlash(found ?? "");

/** The paths of callbacks; the CRM writes an empty map as `[]`. */
const pathsOf = (actions: IntegrationModuleOut["actions"]): Readonly<Record<string, string>> =>
  actions === undefined || Array.isArray(actions) ? {} : (actions as Readonly<Record<string, string>>);
