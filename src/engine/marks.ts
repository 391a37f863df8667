import { DateTime } from "luxon";
import type { Rule } from "../types/rule.ts";
import type { State } from "../types/state.ts";

/** `once_per` and `again_after`: when a rule last fired, and whether that holds it back. Shadow rules keep marks of their own. */
const keyOf = (rule: Rule) => (rule.mode === "shadow" ? `shadow:${rule.id}` : rule.id);

function lastFired(rule: Rule, state: State): number | null {
  const key = keyOf(rule);
  if (rule.oncePer === "dialog") return (state.dialog ?? state.chat)?.marks[key] ?? null;
  if (rule.oncePer === "customer") return (state.customer ?? state.chat)?.marks[key] ?? null;
  return state.chat?.marks[key] ?? null;
}

const dayOf = (at: number, zone: string) => DateTime.fromMillis(at, { zone }).toISODate();

/** Is the rule held back here and now? */
export function isHeldBack(rule: Rule, state: State, now: number, zone: string): boolean {
  const again = state.chat?.marks[keyOf(rule)] ?? null;
  if (rule.againAfterMs !== null && again !== null && now - again < rule.againAfterMs) return true;
  if (rule.oncePer === null) return false;
  const last = lastFired(rule, state);
  if (last === null) return false;
  return rule.oncePer === "day" ? dayOf(last, zone) === dayOf(now, zone) : true;
}

/** The state with the marks of a rule that was decided now. A chat's mark is always set: `again_after` counts per chat. */
export function mark(rule: Rule, state: State, now: number): State {
  if (rule.oncePer === null && rule.againAfterMs === null) return state;
  const marked = { [keyOf(rule)]: now };
  const { chat, dialog, customer } = state;
  return {
    ...state,
    chat: chat && { ...chat, marks: { ...chat.marks, ...marked } },
    dialog: rule.oncePer === "dialog" && dialog ? { ...dialog, marks: { ...dialog.marks, ...marked } } : dialog,
    customer:
      rule.oncePer === "customer" && customer ? { ...customer, marks: { ...customer.marks, ...marked } } : customer,
  };
}
