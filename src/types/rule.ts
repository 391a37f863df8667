import type { Occasion } from "./event.ts";
import type { Hours } from "./hours.ts";
import type { Place } from "./issue.ts";
import type { Logic } from "./json.ts";

/** A LiquidJS source that was checked at load; parsed (and cached) by `language/template/template.ts` when it is first needed. */
export type Template = string;

/** A text for people: one template for everyone (`any`), or one by language. Languages keep the file's order. */
export interface Text {
  readonly any: Template | null;
  readonly byLanguage: Readonly<Record<string, Template>>;
}

/** One compiled entry of `do:`. Plain data: it is stored, sent between threads and hashed.
 *  `branches` holds nested lists of actions under the name by which the action enters them (`nobody`, `0`, `1`, ...). */
export interface Step<Args = unknown> {
  readonly action: string;
  readonly if: Logic | null;
  readonly args: Args;
  readonly branches: Readonly<Record<string, readonly Step[]>>;
  readonly place: Place;
}

/** One part of a rule's condition, with the words that name it to people (`message has "delivery"`). */
export interface ConditionPart {
  readonly key: string;
  readonly label: string;
  readonly from: "when" | "if";
  readonly logic: Logic;
}

/** One compiled rule. Plain data. `version` is the hash of everything that makes the rule act as it does. */
export interface Rule {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly place: Place;
  readonly description: string | null;
  readonly mode: "live" | "shadow";
  /** An answer rule can speak to the person who wrote; of these the first matching one answers. Decided at load. */
  readonly lane: "answer" | "silent";
  readonly continues: boolean;
  readonly evenWithManager: boolean;
  readonly on: Occasion;
  /** For the index: first words of the phrases of `message_has`/`message_is` (normalised; `*` at the end = any ending),
   *  or the command's name. Null: every event of the occasion is a candidate. */
  readonly firstWords: readonly string[] | null;
  /** All parts must hold, in order; the tree json-logic runs is `{and: parts.map(p => p.logic)}`. */
  readonly parts: readonly ConditionPart[];
  /** RE2 source of `message_matches`, whose named groups become `match.*`. */
  readonly pattern: string | null;
  /** For silence rules: how long, counted always or in the open time of these hours. */
  readonly silence: { readonly ms: number; readonly hours: string | null } | null;
  readonly oncePer: "dialog" | "chat" | "customer" | "day" | null;
  readonly againAfterMs: number | null;
  /** How long to wait for more messages of the customer before it acts; 0: not at all; null: as long as the rulebook says. */
  readonly gatherMs: number | null;
  readonly do: readonly Step[];
}

/** Who a team is made of, as written; resolved against the account's people when a dialog is assigned. */
export interface Team {
  readonly name: string;
  readonly people: readonly string[];
  readonly crmGroup: string | null;
  readonly maxOpen: number | null;
  readonly place: Place;
}

/** What a declared variable keeps: a text, a number, yes or no, a day (`2026-11-20`) or moment (ISO 8601), a list of texts. */
export type VariableType = "text" | "number" | "flag" | "date" | "list";

/** A variable that the files declare. `keepMs`: how long its value counts after it was last set; null: for ever. */
export interface Variable {
  readonly type: VariableType;
  readonly keepMs: number | null;
}

/** Everything the rules say, as plain data. Immutable; one is shared by all connections. */
export interface Rulebook {
  readonly version: string;
  readonly rules: readonly Rule[];
  readonly teams: Readonly<Record<string, Team>>;
  /** Declared slash commands: name -> description for the staff. */
  readonly commands: Readonly<Record<string, string>>;
  /** Own sentences of the shop by name (`cancelled`, ...), replacing built-in ones. */
  readonly texts: Readonly<Record<string, Text>>;
  readonly hours: Readonly<Record<string, Hours | "crm">>;
  /** Declared variables by full name (`customer.city`). Others may be stored too, as they come and for ever. */
  readonly variables: Readonly<Record<string, Variable>>;
  /** Words that leave an open question, besides the built-in ones. */
  readonly cancelWords: readonly string[];
  /** How long to wait for more messages of the customer where the rule does not say; null: not at all. */
  readonly gatherMs: number | null;
  readonly bot: BotSettings;
  readonly language: "en" | "es" | "ru";
  readonly timezone: string;
}

/** A rulebook for some accounts instead of the shared one. Without rules of its own its `rules` are the very array of the shared one. */
export interface RuleSet {
  readonly rulebook: Rulebook;
  /** Hosts of the CRMs (`shop.retailcrm.es`, `crm.local:8000`), in small letters, that are bound to it without asking. Empty:
   *  any account may choose it; otherwise it is theirs alone. */
  readonly accounts: readonly string[];
}

/** All that the files say to accounts: the shared rulebook, and the sets by name. */
export interface Books {
  readonly rulebook: Rulebook;
  readonly ruleSets: Readonly<Record<string, RuleSet>>;
}

/** `bot:` of the file with defaults filled in. Durations in ms. */
export interface BotSettings {
  readonly quietAfterManagerMs: number | "until_closed";
  readonly answersPerMinute: number;
  readonly answerWithinMs: number;
  readonly requestsPerSecond: number;
  /** What becomes of a message when it can't be found out whether it was sent. */
  readonly whenUnsure: "drop" | "resend";
  /** Roles sent to `/my/info` at start; null: not sent. */
  readonly roles: readonly string[] | null;
}
