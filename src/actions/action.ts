import type { Sentence } from "../types/issue.ts";
import type { Json, JsonObject, Logic } from "../types/json.ts";
import type { Call, CallOutcome, Question, Request } from "../types/plan.ts";
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
  /** The declared spelling of a team; null: it is the name of a person or a bot. */
  teamOrPerson(name: string, path: RawPath): string | null;
  /** The declared spelling of a team; an unknown one is a fault with a suggestion, null is given. */
  team(name: string, path: RawPath): string | null;
  /** The flow's actions as they stand in the file, with where they stand; an unknown flow is a fault, null is given. */
  flow(name: string, path: RawPath): BranchSource | null;
  fault(path: RawPath, code: string, cause: Sentence, fix: Sentence | null): void;
  warn(path: RawPath, code: string, cause: Sentence, fix: Sentence | null): void;
}

/** A raw nested list: its own, by its path in the action, or a flow's, by name. */
export type BranchSource = { readonly raw: readonly JsonObject[]; readonly path: RawPath } | { readonly flow: string };

export interface Compiled<Args> {
  readonly args: Args;
  /** Raw nested lists by branch name; compiled by the caller. */
  readonly branches?: Readonly<Record<string, BranchSource>>;
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
  /** The value that one template gives: a number, flag or list where that is all it puts out, else its text. */
  evaluate(template: Template): Json;
  /** Does this condition hold now? Throws ConditionError. */
  holds(condition: Logic): boolean;
  /** The answer to the call or request this action waits for; null: another turn. */
  readonly result: CallOutcome | null;
  /** The customer's answer to this action's question; null: another turn. */
  readonly answer: { readonly text: string; readonly question: Question } | null;
  /** The time this action waited for has come. */
  readonly timeUp: boolean;
}

/** What an action did. Everything left out did not happen. */
export interface Outcome {
  readonly calls?: readonly { readonly call: Call; readonly needs?: "last_message"; readonly public?: boolean }[];
  /** Come back to this action with the outcome of its last call. */
  readonly awaitsResult?: boolean;
  /** Come back to this action with the outcome of a request, when the time has come, or with the customer's answer. */
  readonly awaits?:
    | { readonly kind: "request"; readonly request: Request }
    | { readonly kind: "time"; readonly until: number }
    | { readonly kind: "answer"; readonly until: number | null; readonly question: Question };
  readonly state?: State;
  /** Enter this nested list before going on. `names`: what only actions in there see. */
  readonly branch?: string;
  readonly names?: JsonObject;
  /** The run ends after that nested list. */
  readonly last?: boolean;
  /** First names of what the action changed, so that the rule's own `if` leaves them out later. */
  readonly changed?: readonly string[];
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
