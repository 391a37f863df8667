import type { CrmApi } from "../../api/crm.ts";
import type { RequestOptions } from "../../api/http/http.ts";
import { describeModule, type ModuleSettings } from "./module.ts";

/** Switches the module off in the CRM, which can't delete it. False: there was nothing to switch off, since it is off already, is not there,
 *  or has another client id by now. Rejects with ApiError. */
export async function switchOff(
  crm: Pick<CrmApi, "readModule" | "editModule">,
  module: ModuleSettings,
  options: RequestOptions,
): Promise<boolean> {
  const found = await crm.readModule(module.code, options);
  if (found === null || found.clientId !== module.clientId || found.active === false) return false;
  await crm.editModule({ ...describeModule(module), active: false }, options);
  return true;
}
