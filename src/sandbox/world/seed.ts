import { type ChannelSettings, INSTAGRAM, TELEGRAM, WHATSAPP } from "./abilities.ts";
import type { Schemas } from "./rows.ts";
import { type ShopSeed, teaShop } from "./shop-seed.ts";

/** Staff of the shop. Left out: no e-mail, no groups, active, offline, available, not technical. */
export interface PersonSeed {
  readonly name: string;
  readonly email?: string;
  /** Codes of CRM groups. */
  readonly groups?: readonly string[];
  readonly online?: boolean;
  readonly active?: boolean;
  readonly available?: boolean;
  readonly technical?: boolean;
}

export interface ChannelSeed {
  readonly type: Schemas["ChannelType"];
  readonly name: string;
  readonly settings: ChannelSettings;
  /** How long after the customer's last message an answer is taken, in ms; left out: for ever. */
  readonly replyWindowMs?: number;
  readonly active?: boolean;
}

/** A customer on one channel (by its type). Everything but the name may be unknown; an empty name is a nameless customer. */
export interface CustomerSeed {
  readonly name: string;
  readonly channel: Schemas["ChannelType"];
  readonly externalId?: string;
  readonly username?: string;
  readonly phone?: string;
  readonly email?: string;
  readonly language?: string;
  readonly country?: string;
}

/** One day of the account's working hours, as `GET /settings` tells it. */
export type WorkTime = Readonly<Record<"day_type" | "start_time" | "end_time", string>> &
  Partial<Readonly<Record<"lunch_start_time" | "lunch_end_time", string>>>;

export const WEEK = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;

const day = { start_time: "09:00", end_time: "18:00", lunch_start_time: "13:00", lunch_end_time: "14:00" };

/** What is in the account when the stand-in starts. `scopes` are the permissions of the API key. */
export interface Seed {
  readonly people: readonly PersonSeed[];
  readonly channels: readonly ChannelSeed[];
  readonly customers: readonly CustomerSeed[];
  /** Names of other bots of the account. */
  readonly otherBots: readonly string[];
  readonly shop: ShopSeed;
  readonly apiKey: string;
  readonly scopes: readonly string[];
  readonly timezone: string;
  readonly workTimes: readonly WorkTime[];
  readonly language: "EN" | "ES" | "RU";
}

const DAY_MS = 24 * 3_600_000;

/** Permissions that the reference names as needed by a bot. */
export const USUAL_SCOPES: readonly string[] = [
  "integration_read",
  "integration_write",
  "order_read",
  "customer_read",
  "reference_read",
  "store_read",
  "user_read",
];

/** A small friendly shop to try rules in. */
export const shopSeed: Seed = {
  people: [
    { name: "Anna Petrova", email: "anna@shop.example", groups: ["managers"], online: true },
    { name: "Ivan Sidorov", email: "ivan@shop.example", groups: ["managers"] },
    { name: "Olga Ruiz", email: "olga@shop.example", groups: ["team-leads"] },
  ],
  channels: [
    { type: "telegram", name: "@shop_bot", settings: TELEGRAM },
    { type: "whatsapp", name: "+34600000000", settings: WHATSAPP, replyWindowMs: DAY_MS },
    { type: "instagram", name: "shop.example", settings: INSTAGRAM, replyWindowMs: 7 * DAY_MS },
  ],
  customers: [
    {
      name: "Marta Lind",
      channel: "telegram",
      externalId: "501223344",
      username: "marta_l",
      phone: "+34600123456",
      language: "en",
      country: "ES",
    },
  ],
  otherBots: ["Autoresponder"],
  shop: teaShop,
  apiKey: "sandbox-key-not-a-secret",
  scopes: USUAL_SCOPES,
  timezone: "Europe/Madrid",
  workTimes: [
    ...WEEK.slice(0, 5).map((day_type) => ({ day_type, ...day })),
    { day_type: "Saturday", start_time: "10:00", end_time: "15:00" },
  ],
  language: "EN",
};
