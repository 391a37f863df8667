import type { BotSettings } from "../types/rule.ts";
import type { Source } from "../types/source.ts";
import { compileDuration } from "./durations.ts";
import { recordOf, textsOf } from "./raw.ts";
import type { Report } from "./report.ts";

const MINUTE_MS = 60_000;

/** `bot:` of the root file; what is left out gets its default (30m, 5, 10m, 5, drop, no roles). */
export function compileBotSettings(root: Source, report: Report): BotSettings {
  const raw = recordOf(root.value.bot);
  const duration = (key: string, defaultMs: number) =>
    raw[key] === undefined ? defaultMs : compileDuration(raw[key], { source: root, path: ["bot", key] }, report);
  const quiet = raw.quiet_after_manager;
  return {
    quietAfterManagerMs: quiet === "until_closed" ? quiet : duration("quiet_after_manager", 30 * MINUTE_MS),
    answersPerMinute: numberOf(raw.answers_per_minute, 5),
    answerWithinMs: duration("answer_within", 10 * MINUTE_MS),
    requestsPerSecond: numberOf(raw.requests_per_second, 5),
    whenUnsure: raw.when_unsure === "resend" ? "resend" : "drop",
    roles: raw.roles === undefined ? null : textsOf(raw.roles),
  };
}

function numberOf(raw: unknown, fallback: number): number {
  return typeof raw === "number" ? raw : fallback;
}
