import type { Outcome } from "../actions/action.ts";
import type { Call, Guard, PlannedCall, Run } from "../types/plan.ts";
import type { Rule, Rulebook } from "../types/rule.ts";
import type { State } from "../types/state.ts";
import { noteCall } from "./notes.ts";
import { NOTES } from "./phrases.ts";
import { admit } from "./speech.ts";

export interface OutgoingInput {
  readonly rulebook: Rulebook;
  readonly rule: Rule;
  readonly run: Run;
  readonly state: State;
  readonly outcome: Outcome;
  /** Unix ms. */
  readonly now: number;
}

/** One action's calls as rows for the outbox, and the state after them. */
export interface Outgoing {
  readonly run: Run;
  readonly state: State;
  readonly calls: readonly PlannedCall[];
  /** A public message was planned. */
  readonly spoke: boolean;
  /** The loop guard withheld one: the staff gets a note instead. */
  readonly withheld: boolean;
}

/** Gives an action's calls their keys and guards, under the loop guard. What speaking changed in the state counts only where
 *  something was said; how much was said there is the loop guard's own count. */
export function outgoing(input: OutgoingInput): Outgoing {
  const start: Outgoing = { run: input.run, state: input.state, calls: [], spoke: false, withheld: false };
  const sent = (input.outcome.calls ?? []).reduce((before, planned) => {
    if (before.withheld) return before;
    return planned.public
      ? speak(input, before, planned.call)
      : add(before, planned.call, { needs: planned.needs ?? null });
  }, start);
  const changed = input.outcome.state;
  if (changed === undefined || (sent.withheld && !sent.spoke)) return sent;
  return { ...sent, state: sent.spoke ? { ...changed, chat: sent.state.chat } : changed };
}

function speak(input: OutgoingInput, before: Outgoing, call: Call): Outgoing {
  const verdict = admit(call, before.state, input.now);
  const counted = { ...before, state: verdict.state };
  if (verdict.admitted) return { ...add(counted, call, { guard: guardFor(input) }), spoke: true };
  const chatId = before.state.chat?.id ?? 0;
  return { ...add(counted, noteCall(chatId, NOTES.looping, input.rulebook), {}), withheld: true };
}

function add(
  before: Outgoing,
  call: Call,
  more: { readonly needs?: "last_message" | null; readonly guard?: Guard },
): Outgoing {
  const run = { ...before.run, counter: before.run.counter + 1 };
  const planned: PlannedCall = {
    key: `${run.id}/${run.counter}`,
    runId: run.id,
    ruleId: run.ruleId,
    chatId: run.chatId,
    dialogId: run.dialogId,
    call,
    needs: more.needs ?? null,
    guard: more.guard ?? null,
  };
  return { ...before, run, calls: [...before.calls, planned] };
}

function guardFor({ rulebook, rule, run, state }: OutgoingInput): Guard {
  return {
    dialogId: state.dialog?.id ?? null,
    inputAt: run.inputAt,
    heardAt: run.heardAt,
    answerWithinMs: rulebook.bot.answerWithinMs,
    evenWithManager: rule.evenWithManager,
    evenIfClosed: rule.on === "dialog:closed",
  };
}
