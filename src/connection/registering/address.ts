import { lookup as lookupHost } from "node:dns/promises";
import { BlockList, isIP } from "node:net";

/** Gives the addresses behind a host name; rejects when there are none. */
export type Lookup = (host: string) => Promise<readonly string[]>;

export const systemLookup: Lookup = async (host) => {
  const found = await lookupHost(host, { all: true });
  return found.map(({ address }) => address);
};

/** Addresses that do not lead to the public internet (RFC 6890 and its IPv6 kin). */
export const insideAddresses = new BlockList();
for (const [net, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["224.0.0.0", 3],
] as const)
  insideAddresses.addSubnet(net, prefix, "ipv4");
// IPv4 addresses in IPv6 clothes (`::ffff:10.0.0.1`) are checked against the list above by BlockList itself.
for (const [net, prefix] of [
  ["::", 127],
  ["64:ff9b::", 96],
  ["fc00::", 7],
  ["fe80::", 10],
  ["ff00::", 8],
] as const)
  insideAddresses.addSubnet(net, prefix, "ipv6");

function isPrivateAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return false;
  return insideAddresses.check(address, family === 4 ? "ipv4" : "ipv6");
}

/** Does this URL lead to the inside of a network? Names are looked up; a name nobody knows is not private (and will
 *  simply not be reached). */
export async function isPrivateUrl(url: URL, lookup: Lookup): Promise<boolean> {
  const host = url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  if (isIP(host) !== 0) return isPrivateAddress(host);
  if (host === "localhost" || host.endsWith(".localhost")) return true;
  try {
    return (await lookup(host)).some(isPrivateAddress);
  } catch {
    return false;
  }
}

export type AddressFault = "not_a_url" | "not_https" | "private";

/** May the bot token be sent to the gateway address that the CRM returned? It may be http or private only if the
 *  operator's own `crm.url` is (spec section 9). Null: it may. */
export async function gatewayAddressFault(
  { gatewayUrl, crmUrl }: { gatewayUrl: string; crmUrl: string },
  lookup: Lookup,
): Promise<AddressFault | null> {
  if (!URL.canParse(gatewayUrl)) return "not_a_url";
  const gateway = new URL(gatewayUrl);
  const crm = new URL(crmUrl);
  if (gateway.protocol !== "https:" && gateway.protocol !== "http:") return "not_a_url";
  if (gateway.username !== "" || gateway.password !== "") return "not_a_url";
  if (gateway.protocol === "http:" && crm.protocol !== "http:") return "not_https";
  if ((await isPrivateUrl(gateway, lookup)) && !(await isPrivateUrl(crm, lookup))) return "private";
  return null;
}
