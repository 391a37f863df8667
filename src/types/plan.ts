import type { Occasion } from "./event.ts";
import type { Json, JsonObject } from "./json.ts";
import type { State, Variables } from "./state.ts";

/** Plain data for one Bot API request. `operation` is an operationId of schemas/bot-api.openapi.yaml. */
export interface Call {
  readonly operation: string;
  readonly path: JsonObject;
  readonly query: JsonObject;
  readonly body: JsonObject | null;
}

/** What has to hold when a public message is about to be sent (spec 4.1 "Late actions"). */
export interface Guard {
  readonly dialogId: number | null;
  /** The run's last input: beyond `answerWithinMs` the message is withheld. */
  readonly inputAt: number;
  /** The last word of a person that the run heard: a manager's message after it withholds the message. */
  readonly heardAt: number;
  readonly answerWithinMs: number;
  readonly evenWithManager: boolean;
  readonly evenIfClosed: boolean;
}

/** One row of the outbox. `key` is run id + counter: the same decision always makes the same keys.
 *  `needs: last_message`: `call.path.message_id` is filled just before sending with the bot's last message in the dialog. */
export interface PlannedCall {
  readonly key: string;
  readonly runId: string;
  readonly ruleId: string;
  readonly chatId: number | null;
  readonly dialogId: number | null;
  readonly call: Call;
  readonly needs: "last_message" | null;
  readonly guard: Guard | null;
}

/** What comes back to a run: the answer to the call or request it waits for, the customer's words, or the time. */
export type RunInput =
  | { readonly kind: "result"; readonly key: string; readonly at: number; readonly outcome: CallOutcome }
  | { readonly kind: "answer"; readonly at: number; readonly text: string; readonly message: Json }
  | { readonly kind: "time"; readonly at: number };

/** What a run waits for. Moments are Unix ms. `request` is a look-up or a call of another service: repeated after a crash,
 *  so it needs no outbox; a POST or PATCH of another service is sent at most once. */
export type Wait =
  | { readonly kind: "call"; readonly key: string; readonly until: number }
  | {
      readonly kind: "request";
      readonly key: string;
      readonly request: Request;
      readonly until: number;
      /** It has been sent, and must not be sent again: nobody knows whether it was done. */
      readonly begun?: boolean;
    }
  | { readonly kind: "time"; readonly until: number }
  | { readonly kind: "answer"; readonly until: number | null; readonly question: Question };

/** A question that is open in a dialog. `wrong` counts the answers that did not fit. */
export interface Question {
  readonly expect: string;
  readonly choices: readonly string[];
  readonly wrong: number;
}

/** Something the connection fetches for a run: plain data, `kind` says what it is. */
export interface Request {
  readonly kind: "look_up" | "http";
  readonly args: JsonObject;
}

export type CallOutcome = { readonly ok: true; readonly body: Json } | { readonly ok: false; readonly reason: string };

/** A rule at work in a dialog: a small durable program. `position` is a path into `rule.do`:
 *  index, then branch name, index, ... of the step to do next. */
export interface Run {
  readonly id: string;
  readonly ruleId: string;
  readonly ruleVersion: string;
  readonly occasion: Occasion;
  readonly eventKey: string;
  readonly chatId: number | null;
  readonly dialogId: number | null;
  readonly position: readonly (number | string)[];
  /** Nested lists the run is inside, outermost first. */
  readonly inner: readonly Inner[];
  /** Names only this run sees: `match`, `command`, `message`, `event`, later look-up results. */
  readonly scope: Variables;
  /** Where its `reply` goes: to the customer or, after a manager's words, to the staff. */
  readonly replyScope: "public" | "private";
  /** Counts the calls this run has planned. */
  readonly counter: number;
  /** Its last input, whatever it was. */
  readonly inputAt: number;
  /** The last word of a person that it heard: what began it, or an answer. */
  readonly heardAt: number;
  readonly waitsFor: Wait | null;
  /** First names of what this run has changed (`dialog.tags`, `manager`): left out when its `if` is judged again. */
  readonly changed: readonly string[];
}

/** What one rule made of one event. `outcome` says why it did or did not act. */
export interface Verdict {
  readonly ruleId: string;
  readonly rule: string;
  readonly occasion: Occasion;
  readonly outcome:
    | "fired"
    | "shadow"
    | "condition" // a part did not hold: `failed` is its index
    | "once" // held back by once_per / again_after
    | "slot" // an earlier answer rule has answered
    | "capped" // answers_per_minute reached
    | "gathers"; // it would act on what the customer has said so far; more messages are waited for
  readonly failed: number | null;
  /** Why that part could not be evaluated (English, without the customer's words); left out: it simply did not hold. */
  readonly error?: string;
  /** Ids of the messages that were judged together as one turn (`gather`), oldest first; left out: the event by itself. */
  readonly turn?: readonly number[];
  /** What each action did, in order: its name and, if it did nothing, why. */
  readonly steps: readonly StepTrace[];
  /** It was not judged now: its run, begun earlier, went on. Left out: it was judged. */
  readonly resumed?: true;
}

export interface StepTrace {
  readonly action: string;
  readonly line: number;
  readonly did: "call" | "change" | "nothing" | "waits";
  /** `if`, `quiet`, `muted`, `loop`, `window`, `nobody`, ... ; null when it did something. */
  readonly reason: string | null;
  /** Where it stands in the rule, as in `Run.position`, and how many calls it planned; rows of older versions lack them. */
  readonly at?: Run["position"];
  readonly calls?: number;
}

/** The decision for one event: verdicts, the new state, the calls in order, the runs that still wait. Pure data. */
export interface Plan {
  readonly verdicts: readonly Verdict[];
  readonly state: State;
  readonly calls: readonly PlannedCall[];
  readonly runs: readonly Run[];
  /** Runs that ended without being the one that was resumed: left, cancelled, replaced. */
  readonly endedRunIds: readonly string[];
  /** Timers set (a moment) or taken back (null), by key. */
  readonly timers: readonly TimerChange[];
  /** The event was one of too many in a short time: no rule has heard it. */
  readonly throttled?: boolean;
}

/** A nested list a run is inside: where it begins, the names only its actions see, and whether the run ends with it. */
export interface Inner {
  readonly at: readonly (number | string)[];
  readonly names: JsonObject;
  readonly last: boolean;
}

/** A durable timer. Its key says what it is for: `run:<id>`, `silence:<dialog>:<rule id>`, `gather:<dialog>`.
 *  `at` null: no more. */
export interface TimerChange {
  readonly key: string;
  readonly chatId: number;
  readonly dialogId: number | null;
  readonly at: number | null;
}
