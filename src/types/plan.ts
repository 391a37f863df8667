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
  /** The run's last input: later manager messages, and age beyond `answerWithinMs`, withhold the message. */
  readonly inputAt: number;
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

/** What comes back to a run: the answer to the call it waits for. */
export type RunInput = {
  readonly kind: "result";
  readonly key: string;
  readonly at: number;
  readonly outcome: CallOutcome;
};

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
  /** Names only this run sees: `match`, `command`, `message`, `event`, later look-up results. */
  readonly scope: Variables;
  /** Where its `reply` goes: to the customer or, after a manager's words, to the staff. */
  readonly replyScope: "public" | "private";
  /** Counts the calls this run has planned. */
  readonly counter: number;
  readonly inputAt: number;
  readonly waitsFor: { readonly kind: "call"; readonly key: string; readonly until: number } | null;
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
    | "capped"; // answers_per_minute reached
  readonly failed: number | null;
  /** Why that part could not be evaluated (English, without the customer's words); left out: it simply did not hold. */
  readonly error?: string;
  /** What each action did, in order: its name and, if it did nothing, why. */
  readonly steps: readonly StepTrace[];
}

export interface StepTrace {
  readonly action: string;
  readonly line: number;
  readonly did: "call" | "change" | "nothing" | "waits";
  /** `if`, `quiet`, `muted`, `loop`, `window`, `nobody`, ... ; null when it did something. */
  readonly reason: string | null;
}

/** The decision for one event: verdicts, the new state, the calls in order, the runs that still wait. Pure data. */
export interface Plan {
  readonly verdicts: readonly Verdict[];
  readonly state: State;
  readonly calls: readonly PlannedCall[];
  readonly runs: readonly Run[];
}
