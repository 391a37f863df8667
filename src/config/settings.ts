import { resolve } from "node:path";
import type { RawConfig } from "../generated/bot-config.ts";
import type { Fault } from "../language/fault.ts";
import { isZone, suggestZone } from "../language/hours/zone.ts";
import type { Settings } from "../types/settings.ts";
import type { Path } from "../types/source.ts";
import { addressWithSecret, badAddress, badModuleCode, badZone, halfCrm } from "./faults/settings-faults.ts";
import type { Environment } from "./read/environment.ts";
import { checkProxies, checkRetention, checkService, given, retentionFrom, serviceFrom } from "./service-settings.ts";

/** A setting that cannot be, and which one. */
export interface SettingFinding {
  readonly path: Path;
  readonly fault: Fault;
}

export interface RawSettings {
  /** Absolute path of the root file. */
  readonly file: string;
  /** Its folder: relative paths start there. */
  readonly folder: string;
  readonly raw: Partial<RawConfig>;
  readonly environment: Environment;
}

/** The settings with defaults filled in. The defaults are those of docs/rules.md. */
export function settingsFrom({ file, folder, raw, environment }: RawSettings): Settings {
  return {
    file,
    module: {
      code: raw.module?.code ?? "rulebot",
      name: raw.module?.name ?? "Rulebot",
      publicUrl: (raw.module?.public_url ?? "http://localhost:8080").replace(/\/+$/u, ""),
    },
    crm: crmFrom(raw),
    service: serviceFrom(raw),
    language: raw.language ?? "en",
    timezone: raw.timezone ?? "UTC",
    storage: storageFrom(folder, raw.storage ?? (environment.DATABASE_URL || "./data/rulebot.db")),
    retentionMs: retentionFrom(raw),
    http: {
      host: raw.http?.host ?? "0.0.0.0",
      port: raw.http?.port ?? portFrom(environment),
      allowedHosts: raw.http?.allowed_hosts ?? [],
      metricsToken: given(raw.http?.metrics_token),
      trustedProxies: (raw.http?.trusted_proxies ?? []).map((entry) => entry.trim()),
    },
    log: { level: raw.log?.level ?? "info", format: raw.log?.format ?? null },
  };
}

/** Whether the stand-in CRM is to be started: nobody is served otherwise. */
export const wantsSandbox = ({ crm, service }: Pick<Settings, "crm" | "service">): boolean =>
  crm === null && service === null;

function crmFrom({ crm }: Partial<RawConfig>): Settings["crm"] {
  const url = crm?.url?.trim() ?? "";
  const apiKey = crm?.api_key?.trim() ?? "";
  return url === "" || apiKey === "" ? null : { url: url.replace(/\/+$/u, ""), apiKey };
}

/** An address such as `postgres://` stays as it is; anything else is a path. */
function storageFrom(folder: string, storage: string): string {
  return /^[a-z][a-z0-9+.-]+:\/\//iu.test(storage) || storage === ":memory:" ? storage : resolve(folder, storage);
}

const DEFAULT_PORT = 8080;

/** `PORT` as hosting services set it. One that is not a port is not ours to judge: the default stands in. */
function portFrom({ PORT }: Environment): number {
  const port = Number(PORT ?? "");
  return PORT !== undefined && /^[0-9]+$/u.test(PORT) && port <= 65_535 ? port : DEFAULT_PORT;
}

/** What is wrong with settings whose shape is right. */
export function checkSettings(raw: Partial<RawConfig>): readonly SettingFinding[] {
  return [
    ...checkCrm(raw),
    ...checkPublicUrl(raw),
    ...checkZone(raw),
    ...checkCode(raw),
    ...checkService(raw),
    ...checkProxies(raw),
    ...checkRetention(raw),
  ];
}

function checkCrm({ crm }: Partial<RawConfig>): readonly SettingFinding[] {
  const url = crm?.url?.trim() ?? "";
  const apiKey = crm?.api_key?.trim() ?? "";
  if (url === "" && apiKey === "") return [];
  if (url === "") return [{ path: ["crm", "url"], fault: halfCrm("api_key", "url") }];
  const half = apiKey === "" ? [{ path: ["crm", "api_key"], fault: halfCrm("url", "api_key") }] : [];
  return [...half, ...checkAddress(["crm", "url"], url)];
}

function checkPublicUrl({ module }: Partial<RawConfig>): readonly SettingFinding[] {
  return module?.public_url === undefined ? [] : checkAddress(["module", "public_url"], module.public_url);
}

function checkAddress(path: readonly string[], address: string): readonly SettingFinding[] {
  const key = path.at(-1) ?? "";
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || !/^https?:$/u.test(url.protocol)) return [{ path, fault: badAddress(key) }];
  const extras = url.username + url.password + url.search;
  return extras === "" ? [] : [{ path, fault: addressWithSecret(key) }];
}

function checkZone({ timezone }: Partial<RawConfig>): readonly SettingFinding[] {
  if (timezone === undefined || isZone(timezone)) return [];
  return [{ path: ["timezone"], fault: badZone(timezone, suggestZone(timezone)) }];
}

function checkCode({ module }: Partial<RawConfig>): readonly SettingFinding[] {
  const code = module?.code;
  return code === undefined || /^[A-Za-z0-9_-]+$/u.test(code)
    ? []
    : [{ path: ["module", "code"], fault: badModuleCode(code) }];
}
