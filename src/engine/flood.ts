import type { Event } from "../types/event.ts";
import type { Plan, PlannedCall } from "../types/plan.ts";
import type { Rulebook } from "../types/rule.ts";
import type { Chat, State } from "../types/state.ts";
import { noteCall } from "./notes.ts";
import { authorOf, isCommand, writtenAt } from "./observe.ts";
import { NOTES } from "./phrases.ts";
import { messageOf } from "./subjects.ts";

/** So many messages of a customer are heard in so long a time; what is more is a flood (reliability.md D8, F27). */
const MOST = 20;
const WINDOW_MS = 10_000;
/** The flood is over when no more than this came in that time: at its edge the staff would be told again and again. */
const CALM = MOST / 2;

/** The chat with one more message of its customer. `at` is Unix ms by the gateway's clock, so that what is found after a gap
 *  counts by when it was written. */
function withMessage(chat: Chat, at: number): Chat {
  const recent = (chat.writtenAt ?? []).filter((one) => one > at - WINDOW_MS);
  return { ...chat, writtenAt: [...recent, at].slice(-(MOST + 1)) };
}

/** The state with the event's message counted, and whether it is one too many. */
export function countMessage(state: State, event: Event): { readonly state: State; readonly isFlood: boolean } {
  const message = messageOf(event);
  const counts =
    message !== null && event.type === "message_new" && authorOf(message) === "customer" && !isCommand(message);
  if (!counts || state.chat === null) return { state, isFlood: false };
  const chat = withMessage(state.chat, writtenAt(message, event));
  const many = (chat.writtenAt ?? []).length;
  return { state: { ...state, chat: many > CALM ? chat : { ...chat, floodNoted: false } }, isFlood: many > MOST };
}

/** A message too many is kept and remembered, but no rule hears it. The staff is told once per flood. */
export function decideFlood(
  { rulebook, event }: { readonly rulebook: Rulebook; readonly event: Event },
  plan: Plan,
): Plan {
  const { chat, dialog } = plan.state;
  const throttled = { ...plan, throttled: true };
  if (chat === null || chat.floodNoted) return throttled;
  const note: PlannedCall = {
    key: `${event.key}|flood`,
    runId: `${event.key}|flood`,
    ruleId: "flood",
    chatId: chat.id,
    dialogId: dialog?.id ?? null,
    call: noteCall(chat.id, NOTES.flooded, rulebook),
    needs: null,
    guard: null,
  };
  const state = { ...plan.state, chat: { ...chat, floodNoted: true } };
  return { ...throttled, state, calls: [...plan.calls, note] };
}
