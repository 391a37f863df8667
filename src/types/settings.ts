import type { Language } from "./issue.ts";

/** The operator's settings from `bot.config.yaml`, with defaults filled in and names resolved from the environment. */
export interface Settings {
  /** Absolute path of the root file; relative paths inside it start at its folder. */
  readonly file: string;
  readonly module: { readonly code: string; readonly name: string; readonly publicUrl: string };
  /** Null: no CRM is configured (then the sandbox is started, where that is allowed). */
  readonly crm: { readonly url: string; readonly apiKey: string } | null;
  readonly language: Language;
  /** IANA zone. */
  readonly timezone: string;
  /** Absolute path of the SQLite file, or a `postgres://` address. */
  readonly storage: string;
  /** `allowedHosts`: `host` or `host:port` inside the network that the action `http` may call. */
  readonly http: { readonly host: string; readonly port: number; readonly allowedHosts: readonly string[] };
  /** `format` null: pretty on a terminal, else JSON. */
  readonly log: { readonly level: string; readonly format: "json" | "pretty" | null };
}
