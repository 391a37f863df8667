import { refusalSentence } from "../../accounts/connecting/sentences.ts";
import type { AccountView, OwnerSettings } from "../../accounts/types.ts";
import type { Language } from "../../types/issue.ts";
import { isLanguage } from "./language.ts";
import { standingSentence } from "./standing.ts";
import { readTimeZone, TIME_ZONES } from "./time-zones.ts";
import { fill, LANGUAGES, WORDS, type Words } from "./words/index.ts";

/** The fields as texts; empty: as the configuration says. */
export interface Typed {
  readonly language: string;
  readonly timezone: string;
  readonly ruleSet: string;
  readonly enabled: boolean;
}

/** The sentence beside each field; empty: nothing is wrong with it. */
export type SettingsFaults = Readonly<Record<"language" | "timezone" | "ruleSet" | "apiKey", string>>;

export const EMPTY_FAULTS: SettingsFaults = { language: "", timezone: "", ruleSet: "", apiKey: "" };

export interface ReadSettings {
  readonly typed: Typed;
  readonly faults: SettingsFaults;
  /** Null: there are faults. */
  readonly wanted: OwnerSettings | null;
}

const LONGEST_FIELD = 100;

/** Reads the owner's form. A rule set that has gone meanwhile may stay chosen, but not be chosen. */
export function readSettings(form: URLSearchParams, account: AccountView, words: Words): ReadSettings {
  const field = (name: string) => (form.get(name) ?? "").trim().slice(0, LONGEST_FIELD);
  const typed: Typed = {
    language: field("language"),
    timezone: field("timezone"),
    // Without sets to choose from, the form has no such field: what is stored stays.
    ruleSet: form.has("ruleSet") ? field("ruleSet") : (account.settings.ruleSet ?? ""),
    enabled: form.get("enabled") === "yes",
  };
  const [language, timezone] = [typed.language === "" ? null : typed.language, readTimeZone(typed.timezone)];
  const knownSets = ["", account.settings.ruleSet, ...account.ruleSets];
  const faults: SettingsFaults = {
    ...EMPTY_FAULTS,
    language: language === null || isLanguage(language) ? "" : words.settings.languageUnknown,
    timezone: timezone === null && typed.timezone !== "" ? fill(words.settings.timezoneUnknown, typed.timezone) : "",
    ruleSet: knownSets.includes(typed.ruleSet) ? "" : words.settings.ruleSetUnknown,
  };
  const isSound = Object.values(faults).every((text) => text === "");
  const ruleSet = typed.ruleSet === "" ? null : typed.ruleSet;
  const wanted = { language: isLanguage(language) ? language : null, timezone, ruleSet, enabled: typed.enabled };
  return { typed, faults, wanted: isSound ? wanted : null };
}

export interface SettingsState {
  readonly language: Language;
  /** Null: what is stored is shown. */
  readonly typed: Typed | null;
  readonly faults: SettingsFaults;
  /** What has just happened: `saved`, `connected`, `repaired`; anything else is nothing. */
  readonly news: string | null;
}

/** What the template of the page needs, but for addresses and the form's token. */
export function settingsData(account: AccountView, { language, typed, faults, news }: SettingsState) {
  const words = WORDS[language].settings;
  const shown = typed ?? storedAsTyped(account.settings);
  const fields = ["language", "timezone", "ruleSet", "apiKey"] as const;
  return {
    ...shown,
    account: new URL(account.crmUrl).host,
    backHref: /^https?:/u.test(account.crmUrl) ? account.crmUrl : "",
    standing: standingSentence(account, language),
    isWell: account.standing === "working",
    missingRights: missingText(account, language),
    needsKey: NEED_A_KEY.has(account.standing) || account.missingRights.length > 0 || faults.apiKey !== "",
    staffLanguages: LANGUAGES,
    zones: TIME_ZONES,
    ruleSets: ruleSetChoices(account, shown.ruleSet, words),
    fault: faults,
    faults: fields.flatMap((field) => (faults[field] === "" ? [] : [{ field, text: faults[field] }])),
    notice: newsText(news, words),
  };
}

const NEED_A_KEY: ReadonlySet<AccountView["standing"]> = new Set(["needs_reconnect", "no_key", "scopes"]);

/** Empty: nothing is missing. */
const missingText = ({ missingRights }: AccountView, language: Language): string =>
  missingRights.length === 0 ? "" : refusalSentence({ why: "scopes", missing: missingRights })[language];

const storedAsTyped = ({ language, timezone, ruleSet, enabled }: OwnerSettings): Typed => ({
  language: language ?? "",
  timezone: timezone ?? "",
  ruleSet: ruleSet ?? "",
  enabled,
});

function ruleSetChoices({ ruleSets, settings }: AccountView, chosen: string, words: Words["settings"]) {
  const known = ruleSets.map((name) => ({ name, text: name, isChosen: name === chosen }));
  const { ruleSet } = settings;
  if (ruleSet === null || ruleSets.includes(ruleSet)) return known;
  return [...known, { name: ruleSet, text: fill(words.ruleSetGone, ruleSet), isChosen: ruleSet === chosen }];
}

function newsText(news: string | null, words: Words["settings"]): string {
  if (news === "saved" || news === "connected" || news === "repaired") return words[news];
  return "";
}
