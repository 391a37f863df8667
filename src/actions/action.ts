import type { Sentence } from "../types/issue.ts";
import type { Json, JsonObject, Logic } from "../types/json.ts";
import type { Call, CallOutcome } from "../types/plan.ts";
import type { Rule, Rulebook, Template, Text } from "../types/rule.ts";
import type { ChannelAbilities, State } from "../types/state.ts";

/** A path inside one raw action: keys and indexes, from the action's own object down (`["buttons", 2]`). */
export type RawPath = readonly (string | number)[];

/** What `compile` may ask for. Every fault it meets is reported with its place; compiling goes on with a harmless value. */
export interface CompileTools {
  /** A text or a map by language; templates are checked against what the rule's event offers. */
  text(raw: unknown, path: RawPath): Text;
  /** Short conditions or raw json-logic (the value of an `if:`). */
  condition(raw: unknown, path: RawPath): Logic;
  /** A duration such as `2h` in ms. */
  duration(raw: unknown, path: RawPath): number;
  /** The only team, flow or command of that name; an unknown one is a fault with a suggestion. */
  team(name: string, path: RawPath): string | null;
  fault(path: RawPath, code: string, cause: Sentence, fix: Sentence | null): void;
  warn(path: RawPath, code: string, cause: Sentence, fix: Sentence | null): void;
}

export interface Compiled<Args> {
  readonly args: Args;
  /** Raw nested lists by branch name, with their path in this action; compiled by the caller. */
  readonly branches?: Readonly<Record<string, { readonly raw: readonly JsonObject[]; readonly path: RawPath }>>;
}

/** What an action sees when its turn comes. Pure data and pure functions. */
export interface Scene {
  readonly state: State;
  readonly now: number;
  readonly rulebook: Rulebook;
  readonly rule: Rule;
  /** What templates and conditions see (spec "What rules can see"). */
  readonly view: JsonObject;
  /** Public words are withheld, and why (`quiet`, `muted`, `window`, ...); null: the bot may speak. */
  readonly silenced: string | null;
  /** Where `reply` goes when nothing else is said. */
  readonly replyScope: "public" | "private";
  readonly abilities: ChannelAbilities | null;
  /** The text in the reader's language, rendered. Throws TemplateError when a limit is passed. */
  say(text: Text, reader: "customer" | "staff"): string;
  /** One template rendered for the customer's eyes (an address, a stored value). */
  render(template: Template): string;
  /** Does this condition hold now? Throws ConditionError. */
  holds(condition: Logic): boolean;
  /** The answer to the call this action waits for; null on the first turn. */
  readonly result: CallOutcome | null;
}

/** What an action did. Everything left out did not happen. */
export interface Outcome {
  readonly calls?: readonly { readonly call: Call; readonly needs?: "last_message"; readonly public?: boolean }[];
  /** Come back to this action with the outcome of its last call. */
  readonly awaitsResult?: boolean;
  readonly state?: State;
  /** Enter this nested list before going on. */
  readonly branch?: string;
  /** End the run and what called it. */
  readonly stop?: boolean;
  /** Names that only the rest of this run sees. */
  readonly scope?: Readonly<Record<string, Json>>;
  /** Why nothing happened (`quiet`, `nobody`, ...). */
  readonly reason?: string;
}

/** One word of `do:`. Everything about it is in its own file; `index.ts` is the only list. */
export interface Action<Raw = never, Args = unknown> {
  readonly name: string;
  /** Whom it can speak to: decides the rule's lane. `writer`: whoever wrote; null: nobody. */
  speaksTo(args: Args): "writer" | "staff" | null;
  compile(raw: Raw, tools: CompileTools): Compiled<Args>;
  advance(args: Args, scene: Scene): Outcome;
}
