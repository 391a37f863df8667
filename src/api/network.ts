import { type LookupAddress, lookup as lookupHost } from "node:dns";
import type { LookupFunction } from "node:net";
import { hostOf, isAllowedHost, isInside } from "./inside.ts";

/** What whatever opens a connection is given: `http.Agent`, `https.Agent` and ws alike. */
export interface ConnectOptions {
  readonly lookup?: LookupFunction;
}

/** Which addresses of strangers may be connected to: those that came from a form, a callback or another's answer. */
export interface Network {
  /** Has the operator named this host and port (`service.allowed_crm_hosts`)? Only these may be http or inside. */
  isAllowed(url: URL): boolean;
  /** For whatever opens connections to `url`. Throws an error with the code ERR_IP_BLOCKED when the URL itself shows that it must not be
   *  called; a name that leads inside fails with the same code when it is dialled. */
  connectOptions(url: URL): ConnectOptions;
}

export interface NetworkOptions {
  /** `host` or `host:port`, exact. */
  readonly allowedHosts: readonly string[];
  /** How names become addresses; left out: as the system does. */
  readonly lookup?: LookupFunction;
}

export function createNetwork({ allowedHosts, lookup = lookupHost }: NetworkOptions): Network {
  const isAllowed = (url: URL) => isAllowedHost(url, allowedHosts);
  return {
    isAllowed,
    connectOptions(url) {
      if (isAllowed(url)) return { lookup };
      if (!isEncrypted(url)) throw blocked(hostOf(url), "without https");
      refuseInside(url);
      return { lookup: outwardLookup(lookup) };
    },
  };
}

const isEncrypted = ({ protocol }: URL) => protocol === "https:" || protocol === "wss:";

/** Throws an error with the code ERR_IP_BLOCKED when the URL names its host by a number of the inside. */
export function refuseInside(url: URL): void {
  const host = hostOf(url);
  if (isInside(host)) throw blocked(host);
}

/** A look-up that never gives an address of the inside. A name is thus judged by the very addresses that are dialled: one that led
 *  elsewhere a moment ago comes to nothing. Addresses written as numbers are looked up by nobody: `refuseInside`.
 *  (Why not `blockList` of Node's agents: it does not reach connections with TLS.) */
export function outwardLookup(lookup: LookupFunction = lookupHost): LookupFunction {
  return (host, options, done) =>
    lookup(host, { ...options, all: true }, (error, found, family) => {
      if (error !== null) return done(error, found, family);
      const outward = addressesIn(found, family).filter(({ address }) => !isInside(address));
      const [first] = outward;
      if (first === undefined) return done(blocked(host), [], 0);
      if (options.all === true) done(null, outward);
      else done(null, first.address, first.family);
    });
}

/** Whoever looks up may give one address or several. */
const addressesIn = (found: string | LookupAddress[], family: number | undefined): readonly LookupAddress[] =>
  typeof found === "string" ? [{ address: found, family: family ?? 0 }] : found;

const blocked = (host: string, how = "inside a network"): NodeJS.ErrnoException =>
  Object.assign(new Error(`${host} may not be called ${how}`), { code: "ERR_IP_BLOCKED" });
