import { SCHEMAS } from "../../generated/bot-operations.ts";
import { INSTAGRAM, TELEGRAM, WHATSAPP } from "./abilities.ts";
import type { ChannelSeed } from "./seed.ts";

const DAY_MS = 86_400_000;

/** What kinds of messengers can do, as far as we know one of each; the others are taken for the ablest. */
const KINDS: Readonly<Record<string, Pick<ChannelSeed, "settings" | "replyWindowMs">>> = {
  whatsapp: { settings: WHATSAPP, replyWindowMs: DAY_MS },
  instagram: { settings: INSTAGRAM, replyWindowMs: 7 * DAY_MS },
};

const TYPES = listOf(SCHEMAS.ChannelType);

function listOf(schema: unknown): readonly unknown[] {
  const { enum: values } = (schema ?? {}) as { enum?: unknown };
  return Array.isArray(values) ? values : [];
}

/** A channel by its kind (`whatsapp`), or by any other word: a Telegram of that name. */
export function channelCalled(wanted: string): ChannelSeed {
  const kind = wanted.toLowerCase();
  const type = TYPES.includes(kind) ? (kind as ChannelSeed["type"]) : "telegram";
  return { type, name: wanted, settings: TELEGRAM, ...KINDS[type] };
}
