import type { AccountView } from "../../accounts/types.ts";
import type { Language } from "../../types/issue.ts";
import { isObject, type Json, type JsonObject } from "../../types/json.ts";
import { momentIn } from "./standing.ts";
import { fill, LANGUAGES, WORDS, type Words } from "./words/index.ts";

export interface Fact {
  readonly label: string;
  readonly value: string;
}

/** What the operator sees of one account: first what its owner chose, then what the connection tells of itself. */
export function accountFacts(account: AccountView, language: Language): readonly Fact[] {
  const t = WORDS[language].admin;
  return [
    ...choices(account, t),
    ...lacking(account, t),
    ...(account.status === null ? [] : doings(account.status, language)),
  ];
}

function choices({ settings }: AccountView, t: Words["admin"]): readonly Fact[] {
  const { enabled, language, timezone, ruleSet } = settings;
  const name = LANGUAGES.find(({ code }) => code === language)?.name;
  return [
    { label: t.enabled, value: enabled ? t.yes : t.no },
    { label: t.language, value: name ?? t.byConfiguration },
    { label: t.timezone, value: timezone ?? t.byConfiguration },
    { label: t.ruleSet, value: ruleSet ?? t.byConfiguration },
  ];
}

const lacking = ({ missingRights }: AccountView, t: Words["admin"]): readonly Fact[] =>
  missingRights.length === 0 ? [] : [{ label: t.missingRights, value: missingRights.join(", ") }];

function doings(status: JsonObject, language: Language): readonly Fact[] {
  const t = WORDS[language].admin;
  const at = (...path: readonly string[]) => valueAt(status, path);
  const shown = (value: Json) => (typeof value === "string" || typeof value === "number" ? String(value) : t.notKnown);
  return [
    { label: t.bot, value: shown(at("bot", "name")) },
    { label: t.socketState, value: socketText(at("socket"), language) },
    { label: t.gap, value: gapText(at("catch_up", "gap"), at("socket", "state"), t) },
    { label: t.gapLost, value: lostText(at("catch_up", "lost"), t) },
    { label: t.inbox, value: shown(at("queues", "inbox")) },
    { label: t.outbox, value: shown(at("queues", "outbox")) },
    { label: t.unknownSends, value: shown(at("queues", "unknown")) },
    { label: t.waitingRuns, value: shown(at("queues", "waitingRuns")) },
    { label: t.rules, value: shown(at("rules", "count")) },
  ];
}

function valueAt(status: JsonObject, path: readonly string[]): Json {
  return path.reduce<Json>((value, name) => (isObject(value) ? (value[name] ?? null) : null), status);
}

function gapText(gap: Json, socket: Json, t: Words["admin"]): string {
  if (typeof gap !== "boolean") return t.notKnown;
  if (!gap) return t.gapNone;
  return socket === "open" ? t.gapOpen : t.gapWaits;
}

function lostText(lost: Json, t: Words["admin"]): string {
  if (!isObject(lost)) return t.notKnown;
  const { too_old: tooOld, too_many: tooMany } = lost;
  return typeof tooOld === "number" && typeof tooMany === "number" ? String(tooOld + tooMany) : t.notKnown;
}

/** State, since when, and why: `waiting for the next attempt, since 3 May 2026 at 10:00 (UTC) (ECONNREFUSED)`. */
function socketText(socket: Json, language: Language): string {
  const t = WORDS[language].admin;
  if (!isObject(socket)) return t.socketStopped; // none is wanted
  const names: Readonly<Record<string, string>> = {
    open: t.socketOpen,
    connecting: t.socketConnecting,
    waiting: t.socketWaiting,
    refused: t.socketRefused,
    stopped: t.socketStopped,
  };
  const state = names[String(socket.state)] ?? t.notKnown;
  const timed =
    typeof socket.since === "string"
      ? fill(t.since, state, momentIn(socket.since, { language, timezone: "UTC" }))
      : state;
  return typeof socket.reason === "string" ? fill(t.reason, timed, socket.reason) : timed;
}
