import type { JsonObject } from "./json.ts";

/** One decoded frame (or one message found by catch-up): what happened, once.
 *  `key` is the dedupe key (docs/decisions/010-catch-up.md), unique per connection; `at` is Unix ms from `meta.timestamp`;
 *  `data` is the gateway's `data`, untouched; `chatId` is null for events of no chat (people, channels, bots). */
export interface Event {
  readonly key: string;
  readonly type: string;
  readonly at: number;
  readonly chatId: number | null;
  readonly data: JsonObject;
}

/** What a rule may listen to: one event can be several occasions (a first message is `dialog:opened`, then `message`).
 *  `event:*` is the raw event of that type. */
export type Occasion =
  | "message"
  | "command"
  | "dialog:opened"
  | "dialog:assigned"
  | "dialog:closed"
  | "manager:online"
  | "manager:offline"
  | "manager:joined"
  | "manager:left"
  | "manager_silent"
  | "customer_silent"
  | "reply_failed"
  | `event:${string}`;
