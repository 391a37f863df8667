import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { Seed } from "./world/seed.ts";

/** Where the services' own behaviour is not documented, the stand-in can do either. The defaults are the harder ones. */
export interface Behaviour {
  /** When the echo of a sent message leaves, against the answer to the request. Default "alternate". */
  readonly echo: "before" | "after" | "alternate";
  /** Which frame of a new dialog's first message leaves first. Default "alternate". */
  readonly dialogOpened: "before" | "after" | "alternate";
  /** Whether `since_id` and `until_id` include the bound. Default true. */
  readonly idBoundsIncluded: boolean;
  /** "service": newest first, ascending with `since_id` alone. "reversed": the other way round. Default "service". */
  readonly order: "service" | "reversed";
  /** Rows in a page at most, whatever `limit` asks for. Default 1000. */
  readonly mostPerPage: number;
  /** Whether pages hold some rows twice: every tenth one. Default false. */
  readonly repeatsRows: boolean;
  /** Unit of `meta.timestamp`. Default "seconds". */
  readonly timestamps: "seconds" | "milliseconds";
  /** How long a public message stays `sending`, in ms. Default 20. */
  readonly sentAfterMs: number;
  /** When a sent message becomes `seen`, in ms after that; null: never. Default null. */
  readonly seenAfterMs: number | null;
  /** Gateway requests a second per token before 429. Default 100. */
  readonly gatewayPerSecond: number;
  /** CRM requests a second per key before 503. Default 10. */
  readonly crmPerSecond: number;
  /** Seconds in `Retry-After` of both; null: the header is not sent. Default null. */
  readonly retryAfterSeconds: number | null;
  /** Whether `<`, `>`, `&` and quotes of a sent text are stored as HTML entities. Default false. */
  readonly escapes: boolean;
  /** Whether a bot must have the role `responsible` to be assigned. Default false. */
  readonly assignNeedsRole: boolean;
  /** Whether a later edit of the module returns address and token again. Default true. */
  readonly editAnswersToken: boolean;
  /** Whether reading the module shows the gateway's address beside the token. Default false. */
  readonly moduleShowsEndpoint: boolean;
  /** How often the gateway pings each socket, in ms; null: never. Default null. */
  readonly pingMs: number | null;
  /** "unknown": every CRM call answers that the account does not exist. Default "known". */
  readonly account: "known" | "unknown";
  /** Whether chats are enabled in the account when it starts; later `setChats` says so. Default true. */
  readonly chatsEnabled: boolean;
  /** Whether the gateway itself turns a module away that is switched off or frozen, and closes its sockets. Default true. */
  readonly gatewayFollows: boolean;
  /** What `/api/api-versions` names. Without `5.0` the methods of `/api/v5/` are not there. Default 3.0, 4.0, 5.0. */
  readonly versions: readonly string[];
  /** How often a callback is tried until the module answers with less than 400, a second between the tries. Default 1. */
  readonly callbackAttempts: number;
  /** How `register` of a one-step connection is written: JSON text in one field, or `register[apiKey]`. Default "json". */
  readonly registerAs: "json" | "fields";
  /** What the module's form is told of the account when the CRM sends a browser there. Default "url". */
  readonly accountParameter: "url" | "host" | "none";
  /** How the CRM opens a module's settings page: its address, or a form with `clientId`. Default "get". */
  readonly settingsBy: "get" | "post";
  /** Where it opens it. Default "tab". */
  readonly settingsIn: "tab" | "frame";
}

export const usualBehaviour: Behaviour = {
  echo: "alternate",
  dialogOpened: "alternate",
  idBoundsIncluded: true,
  order: "service",
  mostPerPage: 1000,
  repeatsRows: false,
  timestamps: "seconds",
  sentAfterMs: 20,
  seenAfterMs: null,
  gatewayPerSecond: 100,
  crmPerSecond: 10,
  retryAfterSeconds: null,
  escapes: false,
  assignNeedsRole: false,
  editAnswersToken: true,
  moduleShowsEndpoint: false,
  pingMs: null,
  account: "known",
  chatsEnabled: true,
  gatewayFollows: true,
  versions: ["3.0", "4.0", "5.0"],
  callbackAttempts: 1,
  registerAs: "json",
  accountParameter: "url",
  settingsBy: "get",
  settingsIn: "tab",
};

export interface SandboxOptions {
  /** Of the CRM; default 0, a free one. */
  readonly port?: number;
  /** Of the gateway; default 0, a free one. */
  readonly gatewayPort?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  readonly clock?: Clock;
  /** Anything not given is as in `shopSeed`. */
  readonly seed?: Partial<Seed>;
  readonly log?: Log;
  /** Anything not given is as in `usualBehaviour`. */
  readonly behaviour?: Partial<Behaviour>;
}
