import { domainToASCII } from "node:url";
import type { AddressProblem } from "../types.ts";

/** Hosts behind which the vendor's accounts stand. `cloud`: zones, an account's host is one label more; `own`: whole hosts of own
 *  installations. Lower case, ASCII. Source: the vendor's two lists (crm-api.md section 2). */
export interface DomainLists {
  readonly cloud: readonly string[];
  readonly own: readonly string[];
}

/** Where accounts may be. */
export interface KnownHosts {
  readonly lists: DomainLists;
  /** Has the operator named this host and port (`service.allowed_crm_hosts`)? */
  readonly isAllowed: (url: URL) => boolean;
}

/** `url`: the account's address as we keep it, `https://host` without a slash at its end (or what the operator allows). */
export type ReadAddress =
  | { readonly ok: true; readonly url: string }
  | { readonly ok: false; readonly fault: AddressProblem };

const LONGEST = 2_000;

/** The account's address from what somebody typed, or what a call of the CRM names. People type a bare host or paste a link to a page of
 *  their account: both are taken, since only the host counts, and it has to be a known one. Pure: nothing is asked.
 *  Rules of the vendor's core (https, no port, no user info, host on the lists), made strict where URLs can deceive. */
export function readAddress(typed: string, known: KnownHosts): ReadAddress {
  const text = typed.replace(INVISIBLE_ENDS, "");
  if (text === "") return refused("empty");
  if (text.length > LONGEST || UNFIT.test(text)) return refused("not_an_address");
  const whole = SCHEME.test(text) ? text : `https://${text}`;
  if (authorityOf(whole).includes("@")) return refused("user_info");
  const url = URL.parse(whole);
  if (url === null) return refused("not_an_address");
  if (known.isAllowed(url)) return { ok: true, url: url.origin };
  if (url.protocol !== "https:") return refused("not_https");
  if (url.port !== "") return refused("port");
  // A dot at the end changes nothing, and comes along when an address is copied out of a sentence.
  const host = url.hostname.replace(/\.$/, "");
  const fault = hostFault(host, known.lists);
  return fault === null ? { ok: true, url: `https://${host}` } : refused(fault);
}

/** One of the vendor's names as the lists are compared: lower case, ASCII, no dot at its end. Null: it is no name of two labels or more. */
export function readDomain(name: string): string | null {
  if (/[/?#@:\\]/.test(name)) return null;
  const host = domainToASCII(name.trim().replace(/\.$/, ""));
  return /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(host) && !/\.\d+$/.test(host) ? host : null;
}

const refused = (fault: AddressProblem): ReadAddress => ({ ok: false, fault });

/** What pasting brings along. */
const INVISIBLE_ENDS = /^[\s\p{Cf}]+|[\s\p{Cf}]+$/gu;
/** What a browser would silently drop or turn into something else. */
const UNFIT = /[\s\\\p{Cc}\p{Cf}]/u;
const SCHEME = /^[a-z][a-z0-9+.-]*:\/\/|^https?:/i;

/** From after the scheme to the first slash, question mark or hash. */
const authorityOf = (address: string) => /^[^:]*:\/*([^/?#]*)/.exec(address)?.[1] ?? "";

function hostFault(host: string, { cloud, own }: DomainLists): AddressProblem | null {
  if (own.includes(host)) return null;
  const dot = host.indexOf(".");
  const [label, zone] = [host.slice(0, dot), host.slice(dot + 1)];
  const isForeign = host.split(".").some((part) => part.startsWith("xn--"));
  if (isForeign) return "foreign_letters";
  if (cloud.includes(host) || (label === "www" && cloud.includes(zone))) return "no_account_name";
  return dot > 0 && cloud.includes(zone) ? null : "not_a_crm_host";
}
