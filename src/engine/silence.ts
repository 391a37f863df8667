import { addOpenTime } from "../language/hours/hours.ts";
import { buildIndex, candidates } from "../rulebook/match.ts";
import type { TimerChange } from "../types/plan.ts";
import type { Rule, Rulebook } from "../types/rule.ts";
import type { Dialog, State } from "../types/state.ts";
import { hoursNamed } from "./hours-view.ts";

/** A silence that a rule waits for: since when, and what it fires once for. `mark` is the name under which that is kept,
 *  `oncePer` its value. */
interface Silence {
  readonly since: number;
  readonly mark: string;
  readonly oncePer: number;
}

/** The customer waits for a manager: from the first message no manager has answered, or from the assignment if later. */
function managerSilence(rule: Rule, { unansweredSince, responsible }: Dialog): Silence | null {
  if (unansweredSince === null || responsible?.type !== "user") return null;
  return {
    since: Math.max(unansweredSince, responsible.assignedAt),
    mark: `${rule.id}#${responsible.id}`,
    oncePer: responsible.id,
  };
}

/** The shop waits for the customer: from its last public message, if the customer has not written since. The bot's own
 *  reminder is counted from, but asks for no second one: a silence is new when a person has spoken. */
function customerSilence(rule: Rule, { lastToCustomerAt, lastCustomerAt, lastManagerAt }: Dialog): Silence | null {
  if (lastToCustomerAt === null || lastToCustomerAt <= (lastCustomerAt ?? 0)) return null;
  const spokeAt = Math.max(lastCustomerAt ?? 0, lastManagerAt ?? 0);
  return { since: lastToCustomerAt, mark: rule.id, oncePer: spokeAt };
}

export function silenceFor(rule: Rule, dialog: Dialog): Silence | null {
  if (dialog.closedAt !== null) return null;
  const silence = rule.on === "manager_silent" ? managerSilence(rule, dialog) : customerSilence(rule, dialog);
  return silence === null || dialog.silences[silence.mark] === silence.oncePer ? null : silence;
}

/** When the rule's silence is long enough; null: it is not going on, or its hours never open. Unix ms. */
export function silenceDue(rule: Rule, state: State, rulebook: Rulebook): number | null {
  if (state.dialog === null || rule.silence === null) return null;
  const silence = silenceFor(rule, state.dialog);
  if (silence === null) return null;
  const { ms, hours: name } = rule.silence;
  if (name === null) return silence.since + ms;
  const hours = hoursNamed(name, rulebook, state.directory);
  return hours === null ? null : addOpenTime(hours, rulebook.timezone, silence.since, ms);
}

function silenceRules(rulebook: Rulebook): readonly Rule[] {
  const index = buildIndex(rulebook);
  return [...candidates(index, "manager_silent", []), ...candidates(index, "customer_silent", [])];
}

export const silenceKey = (dialogId: number, ruleId: string) => `silence:${dialogId}:${ruleId}`;

/** The dialog with the silence timers that its state asks for, and what that changes. */
export function setSilenceTimers(
  state: State,
  rulebook: Rulebook,
): { readonly state: State; readonly timers: readonly TimerChange[] } {
  const { dialog } = state;
  if (dialog === null) return { state, timers: [] };
  const due = silenceRules(rulebook)
    .map((rule) => [rule.id, silenceDue(rule, state, rulebook)] as const)
    .filter((entry): entry is [string, number] => entry[1] !== null);
  const wanted = Object.fromEntries(due);
  const changed = [...new Set([...Object.keys(dialog.timers), ...Object.keys(wanted)])].filter(
    (id) => dialog.timers[id] !== wanted[id],
  );
  if (changed.length === 0) return { state, timers: [] };
  const timers = changed.map((id) => ({
    key: silenceKey(dialog.id, id),
    chatId: dialog.chatId,
    dialogId: dialog.id,
    at: wanted[id] ?? null,
  }));
  return { state: { ...state, dialog: { ...dialog, timers: wanted } }, timers };
}

/** The state after a silence rule has fired: once per responsible person, or once per silence. */
export function markSilence(rule: Rule, state: State): State {
  const { dialog } = state;
  const silence = dialog === null ? null : silenceFor(rule, dialog);
  if (dialog === null || silence === null) return state;
  return { ...state, dialog: { ...dialog, silences: { ...dialog.silences, [silence.mark]: silence.oncePer } } };
}
