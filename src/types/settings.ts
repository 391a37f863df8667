import type { Language } from "./issue.ts";

/** The operator's settings from `bot.config.yaml`, with defaults filled in and names resolved from the environment. */
export interface Settings {
  /** Absolute path of the root file; relative paths inside it start at its folder. */
  readonly file: string;
  readonly module: { readonly code: string; readonly name: string; readonly publicUrl: string };
  /** The file's own account. Null: none; then `service` says whether the sandbox is started, see `wantsSandbox`. */
  readonly crm: { readonly url: string; readonly apiKey: string } | null;
  /** How accounts connect through the form. Null: none do. */
  readonly service: ServiceSettings | null;
  readonly language: Language;
  /** IANA zone. */
  readonly timezone: string;
  /** Absolute path of the SQLite file, or a `postgres://` address. */
  readonly storage: string;
  /** How long what has been handled is kept, in ms; at least a day. */
  readonly retentionMs: number;
  readonly http: HttpSettings;
  /** `format` null: pretty on a terminal, else JSON. */
  readonly log: { readonly level: string; readonly format: "json" | "pretty" | null };
}

export interface HttpSettings {
  readonly host: string;
  readonly port: number;
  /** `host` or `host:port` inside the network that the action `http` may call. */
  readonly allowedHosts: readonly string[];
  /** What `/metrics` asks for (bearer). Null: it is open. */
  readonly metricsToken: string | null;
  /** Addresses and CIDR nets of the proxies whose `X-Forwarded-*` is believed. */
  readonly trustedProxies: readonly string[];
}

export interface ServiceSettings {
  /** For the pages of the operator; at least 12 characters. */
  readonly adminPassword: string;
  /** 32 bytes each, as 64 small hex digits however they were written. The first one seals, all of them open. Never empty. */
  readonly encryptionKeys: readonly string[];
  /** Of the one-step connection, shared with the marketplace. Null: there is none. */
  readonly secret: string | null;
  /** `host` or `host:port`, in small letters: CRMs that may be http, and at an inside address. */
  readonly allowedCrmHosts: readonly string[];
}
