import { isIP } from "node:net";
import type { RawConfig } from "../generated/bot-config.ts";
import { parseDuration } from "../language/duration.ts";
import { badDuration } from "../rulebook/faults.ts";
import type { ServiceSettings, Settings } from "../types/settings.ts";
import type { Path } from "../types/source.ts";
import { keyBytes } from "../vault.ts";
import * as faults from "./faults/service-faults.ts";
import type { SettingFinding } from "./settings.ts";

const SHORTEST_PASSWORD = 12;
const DAY_MS = 86_400_000;
const DEFAULT_RETENTION_MS = 30 * DAY_MS;

/** `service:` as the program needs it; null without it. Its check has passed. */
export function serviceFrom({ service }: Partial<RawConfig>): Settings["service"] {
  if (service === undefined) return null;
  const keys = [service.encryption_key ?? "", ...(service.old_encryption_keys ?? [])];
  const settings: ServiceSettings = {
    adminPassword: service.admin_password ?? "",
    encryptionKeys: keys.flatMap((key) => readKey(key) ?? []),
    secret: given(service.secret),
    allowedCrmHosts: (service.allowed_crm_hosts ?? []).map((host) => host.toLowerCase()),
  };
  return settings;
}

/** A text that may be left empty (`"${NAME:-}"`). */
export const given = (text: string | undefined): string | null => text?.trim() || null;

/** `retention:` in ms. */
export const retentionFrom = ({ retention }: Partial<RawConfig>): number =>
  parseDuration(retention ?? "") ?? DEFAULT_RETENTION_MS;

/** A key in one spelling, 64 small hex digits; null: the text is no such key. */
const readKey = (text: string): string | null => keyBytes(text)?.toString("hex") ?? null;

/** What is wrong with `service:`, and with what it needs elsewhere. */
export function checkService({ service, module }: Partial<RawConfig>): readonly SettingFinding[] {
  if (service === undefined) return [];
  return [
    ...checkPassword(service.admin_password ?? ""),
    ...checkKeys(service),
    ...checkReachable(module?.public_url ?? ""),
  ];
}

function checkPassword(password: string): readonly SettingFinding[] {
  const path: Path = ["service", "admin_password"];
  if (password.trim() === "") return [{ path, fault: faults.serviceNeedsPassword() }];
  return [...password].length < SHORTEST_PASSWORD ? [{ path, fault: faults.shortPassword() }] : [];
}

function checkKeys({ encryption_key, old_encryption_keys }: NonNullable<RawConfig["service"]>) {
  const path: Path = ["service", "encryption_key"];
  const key = encryption_key ?? "";
  const own = given(key) === null ? [{ path, fault: faults.serviceNeedsKey() }] : checkKey(path, key);
  const old = (old_encryption_keys ?? []).flatMap((one, index) =>
    checkKey(["service", "old_encryption_keys", index], one),
  );
  return [...own, ...old];
}

/** An empty one does not count. */
const checkKey = (path: Path, key: string): readonly SettingFinding[] =>
  given(key) === null || readKey(key) !== null ? [] : [{ path, fault: faults.badEncryptionKey() }];

const PUBLIC_URL: Path = ["module", "public_url"];

/** That it is an address at all is judged with the other settings. */
function checkReachable(address: string): readonly SettingFinding[] {
  if (address.trim() === "") return [{ path: PUBLIC_URL, fault: faults.serviceNeedsAddress() }];
  if (!URL.canParse(address)) return [];
  const { protocol, hostname } = new URL(address);
  const isOpen = protocol === "http:" && !isLoopback(hostname);
  return isOpen ? [{ path: PUBLIC_URL, fault: faults.openAddress() }] : [];
}

/** This machine. The URL parser has brought every spelling of an address to one (`127.1`, `[0:0::1]`). */
const isLoopback = (hostname: string): boolean =>
  hostname === "localhost" ||
  hostname.endsWith(".localhost") ||
  hostname === "[::1]" ||
  /^127\.[\d.]+$/u.test(hostname);

/** Entries of `http.trusted_proxies` that are no address and no net. */
export function checkProxies({ http }: Partial<RawConfig>): readonly SettingFinding[] {
  return (http?.trusted_proxies ?? []).flatMap((entry, index) =>
    isNet(entry.trim()) ? [] : [{ path: ["http", "trusted_proxies", index], fault: faults.badProxy(entry) }],
  );
}

/** `10.0.0.5`, `10.0.0.0/8`, `fd00::/8`. */
function isNet(entry: string): boolean {
  const [address = "", bits, ...more] = entry.split("/");
  const version = isIP(address);
  if (version === 0 || address.includes("%") || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/u.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

/** `retention:` shorter than a day, or no length of time. */
export function checkRetention({ retention }: Partial<RawConfig>): readonly SettingFinding[] {
  if (retention === undefined) return [];
  const ms = parseDuration(retention);
  if (ms === null) return [{ path: ["retention"], fault: badDuration(retention) }];
  return ms < DAY_MS ? [{ path: ["retention"], fault: faults.shortRetention(retention) }] : [];
}
