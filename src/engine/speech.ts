import type { Call, Run } from "../types/plan.ts";
import type { Rule, Rulebook } from "../types/rule.ts";
import type { State } from "../types/state.ts";
import { channelOf } from "./view.ts";

/** More public messages than this, with no word of the customer between them, are a loop. */
const LOOP_MESSAGES = 10;
/** So are as many equal ones. */
const LOOP_EQUAL = 3;
const LOOP_MUTE_MS = 30 * 60 * 1000;
const MINUTE_MS = 60 * 1000;

/** Why the bot may not speak publicly here now; null: it may. `even_with_manager` lifts the quiet after a manager only. */
export function silencedBecause(rule: Rule, state: State, rulebook: Rulebook, now: number): string | null {
  if (isMuted(state, now)) return "muted";
  if (!rule.evenWithManager && isQuiet(state, rulebook, now)) return "quiet";
  return closedWindow(state, now);
}

/** Is what the run heard last too old to be answered? What is not said then does not count as an answer either (spec 4.1 "Late
 *  actions"). */
export function tooLate({ inputAt }: Run, { bot }: Rulebook, now: number): "late" | null {
  return now - inputAt > bot.answerWithinMs ? "late" : null;
}

function isMuted({ dialog, chat }: State, now: number): boolean {
  const until = dialog?.mutedUntil ?? null;
  const inDialog = until === "closed" ? dialog?.closedAt === null : until !== null && until > now;
  return inDialog || (chat?.mutedUntil ?? 0) > now;
}

/** Once a manager has written, the bot keeps quiet in that dialog for a time, at most until it closes. */
function isQuiet({ dialog }: State, rulebook: Rulebook, now: number): boolean {
  const quiet = rulebook.bot.quietAfterManagerMs;
  if (dialog === null || dialog.lastManagerAt === null || dialog.closedAt !== null) return false;
  return quiet === "until_closed" || now - dialog.lastManagerAt < quiet;
}

/** The messenger's own rules: no outgoing messages at all, or none once the answer window is over. */
function closedWindow(state: State, now: number): string | null {
  const abilities = channelOf(state)?.abilities;
  if (abilities === undefined) return null;
  if (!abilities.outgoing) return "outgoing";
  const deadline = state.chat?.replyDeadline ?? null;
  return deadline !== null && deadline < now && abilities.afterReplyTimeout !== "anything" ? "window" : null;
}

/** Has the bot answered here as often as it may in a minute? */
export function isCapped(state: State, rulebook: Rulebook, now: number): boolean {
  return recentAnswers(state, now).length >= rulebook.bot.answersPerMinute;
}

function recentAnswers({ dialog }: State, now: number): readonly number[] {
  return (dialog?.answeredAt ?? []).filter((at) => now - at < MINUTE_MS);
}

/** The state after one more answer; being able to answer again ends the breach that the staff was told of. */
export function countAnswer(state: State, now: number): State {
  if (state.dialog === null) return state;
  const answeredAt = [...recentAnswers(state, now), now];
  return { ...state, dialog: { ...state.dialog, answeredAt, capNoted: false } };
}

/** Loop guard: admits one public message, or silences the bot in the chat. Spec 4.1 "Limits". */
export function admit(call: Call, state: State, now: number): { readonly admitted: boolean; readonly state: State } {
  const { chat } = state;
  if (chat === null) return { admitted: true, state };
  const words = JSON.stringify({ ...call.body, quote_message_id: null });
  const equal = chat.unanswered.filter((earlier) => earlier === words).length;
  if (chat.unanswered.length >= LOOP_MESSAGES || equal >= LOOP_EQUAL - 1) {
    return { admitted: false, state: { ...state, chat: { ...chat, mutedUntil: now + LOOP_MUTE_MS, unanswered: [] } } };
  }
  return { admitted: true, state: { ...state, chat: { ...chat, unanswered: [...chat.unanswered, words] } } };
}
