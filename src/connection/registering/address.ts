import { isPrivateUrl, type Lookup } from "../../api/inside.ts";
import type { Network } from "../../api/network.ts";

export type AddressFault = "not_a_url" | "not_https" | "private";

export interface GatewayAddress {
  readonly gatewayUrl: string;
  readonly crmUrl: string;
  /** Of an account that came through the form; left out: `crmUrl` is the operator's own word. */
  readonly network?: Network | undefined;
}

/** May the bot token be sent to the gateway address that the CRM returned? It may be http or private only if the operator's own
 *  `crm.url` is, or, for an account that came through the form, if the operator allows that host. Null: it may. */
export async function gatewayAddressFault(
  { gatewayUrl, crmUrl, network }: GatewayAddress,
  lookup: Lookup,
): Promise<AddressFault | null> {
  if (!URL.canParse(gatewayUrl)) return "not_a_url";
  const gateway = new URL(gatewayUrl);
  if (gateway.protocol !== "https:" && gateway.protocol !== "http:") return "not_a_url";
  if (gateway.username !== "" || gateway.password !== "") return "not_a_url";
  if (network?.isAllowed(gateway) === true) return null;
  const crm = new URL(crmUrl);
  const mayBeHttp = network === undefined && crm.protocol === "http:";
  if (gateway.protocol === "http:" && !mayBeHttp) return "not_https";
  if (!(await isPrivateUrl(gateway, lookup))) return null;
  return network === undefined && (await isPrivateUrl(crm, lookup)) ? null : "private";
}
