import { lookup as lookupHost } from "node:dns/promises";
import { BlockList, isIP } from "node:net";

/** Gives the addresses behind a host name; rejects when there are none. */
export type Lookup = (host: string) => Promise<readonly string[]>;

export const systemLookup: Lookup = async (host) => {
  const found = await lookupHost(host, { all: true });
  return found.map(({ address }) => address);
};

/** IPv4 nets that do not lead to the public internet (RFC 6890), and one address that does not although it looks so: the inner
 *  server of Azure's machines. */
const INSIDE_IPV4: readonly (readonly [net: string, prefix: number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["168.63.129.16", 32],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
];

/** Their IPv6 kin: this host, IPv4-compatible, local NAT64, discard, Teredo and other protocols, documentation, 6to4,
 *  unique local, link and site local, multicast. */
const INSIDE_IPV6: readonly (readonly [net: string, prefix: number])[] = [
  ["::", 96],
  ["::ffff:0:0:0", 96],
  ["64:ff9b:1::", 48],
  ["100::", 64],
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
  ["fc00::", 7],
  ["fe80::", 10],
  ["fec0::", 10],
  ["ff00::", 8],
];

/** Addresses that do not lead to the public internet. */
const insideAddresses = new BlockList();
for (const [net, prefix] of INSIDE_IPV4) {
  // IPv4 addresses in IPv6 clothes (`::ffff:10.0.0.1`) are checked against this by BlockList itself.
  insideAddresses.addSubnet(net, prefix, "ipv4");
  // A NAT64 gateway would carry it there; other addresses behind one are public, and all there is on some networks.
  insideAddresses.addSubnet(`64:ff9b::${net}`, 96 + prefix, "ipv6");
}
for (const [net, prefix] of INSIDE_IPV6) insideAddresses.addSubnet(net, prefix, "ipv6");

/** Is this IP address, in its usual spelling, one of the inside? False for what is no address. */
export function isInside(address: string): boolean {
  const [plain = ""] = address.split("%"); // `fe80::1%eth0`: the interface does not matter
  const family = isIP(plain);
  if (family === 0) return false;
  return insideAddresses.check(plain, family === 4 ? "ipv4" : "ipv6");
}

/** The host of a URL as it is dialled: no brackets, no dot at its end. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");

/** Does this URL lead to the inside of a network? Names are looked up; a name nobody knows is not private (and will
 *  simply not be reached). A name may lead elsewhere a moment later: what must not connect needs a `Network` as well. */
export async function isPrivateUrl(url: URL, lookup: Lookup): Promise<boolean> {
  const host = hostOf(url);
  if (isIP(host) !== 0) return isInside(host);
  if (host === "localhost" || host.endsWith(".localhost")) return true;
  try {
    return (await lookup(host)).some(isInside);
  } catch {
    return false;
  }
}

const USUAL_PORTS: Readonly<Record<string, string>> = { "http:": "80", "ws:": "80", "https:": "443", "wss:": "443" };

/** Is the URL's host among these `host` or `host:port` entries? One without a port means the usual one of the URL's scheme, which is http, https
 *  or that of a websocket. */
export function isAllowedHost({ hostname, port, protocol }: URL, entries: readonly string[]): boolean {
  const usual = USUAL_PORTS[protocol];
  if (usual === undefined) return false;
  const whole = `${hostname}:${port === "" ? usual : port}`;
  const names = port === "" ? [hostname, whole] : [whole];
  return entries.some((entry) => names.includes(entry.trim().toLowerCase()));
}
