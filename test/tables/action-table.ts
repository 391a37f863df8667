import type { Dialog, State } from "../../src/types/state.ts";
import { ANNA, NOON, type Over, telegram, whatsapp, world } from "../engine/world.ts";

/** What an action meets where the bot cannot simply act. */
export type Circumstance = keyof typeof CIRCUMSTANCES;

const around = (over: Over): State => world(over);
const muted = { mutedUntil: NOON + 60_000 };
const said = Array.from({ length: 10 }, (_, index) => `said ${index}`);

/** The state in each circumstance, made from what the action needs to have something to do. */
export const CIRCUMSTANCES = {
  /** Nothing is in the way. */
  free: (dialog: Partial<Dialog>) => around({ dialog }),
  /** The event is of no chat. */
  no_chat: () => ({ ...world({ dialog: null }), chat: null, customer: null }),
  /** The chat has no dialog. */
  no_dialog: () => around({ dialog: null }),
  /** `mute` in the dialog. */
  muted: (dialog: Partial<Dialog>) => around({ dialog: { ...dialog, ...muted } }),
  /** The loop guard has silenced the chat. */
  muted_chat: (dialog: Partial<Dialog>) => around({ dialog, chat: muted }),
  /** A manager has just written. */
  quiet: (dialog: Partial<Dialog>) => around({ dialog: { ...dialog, lastManagerAt: NOON - 1_000 } }),
  /** The messenger's time for answers is over. */
  window: (dialog: Partial<Dialog>) => around({ dialog, channel: whatsapp, chat: { replyDeadline: NOON - 1 } }),
  /** The channel takes no messages at all. */
  outgoing: (dialog: Partial<Dialog>) => around({ dialog, channel: telegram({ outgoing: false }) }),
  /** Ten public messages, and no word of the customer. */
  loop: (dialog: Partial<Dialog>) => around({ dialog, chat: { unanswered: said } }),
  /** The dialog has closed. */
  closed: (dialog: Partial<Dialog>) => around({ dialog: { ...dialog, closedAt: NOON - 1_000 } }),
} satisfies Record<string, (dialog: Partial<Dialog>) => State>;

/** One action in every circumstance: what its step is traced as. `usual` is what it does wherever nothing else is said. */
export interface ActionRow {
  readonly do: string;
  /** What it needs to have something to do. */
  readonly dialog?: Partial<Dialog>;
  readonly usual: string;
  readonly but?: Readonly<Partial<Record<Circumstance, string>>>;
}

const NO_CHAT = { no_chat: "nothing: no_chat" };
const NO_DIALOG = { no_chat: "nothing: no_dialog", no_dialog: "nothing: no_dialog" };
/** Public speech is withheld wherever the bot must be silent. */
const SILENCED = {
  muted: "nothing: muted",
  muted_chat: "nothing: muted",
  quiet: "nothing: quiet",
  window: "nothing: window",
  outgoing: "nothing: outgoing",
};
const SPEECH = { ...NO_CHAT, ...SILENCED, loop: "nothing: loop" };
const annas = { responsible: { type: "user", id: ANNA.id, assignedAt: 0 } } as const;

/** Every word of `do:`. */
export const ACTION_TABLE: Readonly<Record<string, ActionRow>> = {
  reply: { do: "reply: Hi", usual: "call", but: SPEECH },
  note: { do: "note: Hi", usual: "call", but: NO_CHAT },
  send_image: {
    do: "send_image: https://shop.example/a.png",
    usual: "waits",
    // The picture is fetched first; the loop guard judges the message that follows.
    but: { ...SPEECH, loop: "waits" },
  },
  send_file: {
    do: "send_file: https://shop.example/a.pdf",
    usual: "waits",
    but: { ...SPEECH, loop: "waits" },
  },
  send_product: { do: "send_product: {id: 1, name: Tea}", usual: "call", but: SPEECH },
  send_order: { do: "send_order: {number: 4117A}", usual: "call", but: SPEECH },
  assign: { do: "assign: Anna Petrova", usual: "call", but: NO_DIALOG },
  queue: {
    do: "queue: sales",
    usual: "change",
    but: { ...NO_DIALOG, closed: "nothing: no_dialog" },
  },
  unassign: { do: "unassign: true", dialog: annas, usual: "call", but: NO_DIALOG },
  close: { do: "close: true", usual: "call", but: { ...NO_DIALOG, closed: "nothing: already" } },
  open_dialog: {
    do: "open_dialog: true",
    usual: "nothing: already",
    but: { ...NO_CHAT, no_dialog: "waits", closed: "waits" },
  },
  tag: { do: "tag: vip", usual: "call", but: NO_DIALOG },
  untag: { do: "untag: vip", dialog: { tags: ["vip"] }, usual: "call", but: NO_DIALOG },
  edit: {
    do: "edit: Better so",
    usual: "call",
    but: { ...NO_CHAT, ...SILENCED, no_dialog: "nothing: no_dialog" },
  },
  delete: { do: "delete: true", usual: "call", but: { ...NO_DIALOG, window: "nothing: unsupported" } },
  set: {
    do: "set: {dialog.topic: tea}",
    usual: "change",
    but: { no_chat: "nothing: no_chat", no_dialog: "nothing: no_chat" },
  },
  choose: { do: "choose: [{do: [{stop: true}]}]", usual: "change" },
  stop: { do: "stop: true", usual: "change" },
  mute: { do: "mute: 2h", usual: "change", but: NO_DIALOG },
  unmute: { do: "unmute: true", usual: "change", but: NO_DIALOG },
  bot_api: { do: "bot_api: {operation: closeDialog}", usual: "call", but: NO_DIALOG },
  ask: { do: "ask: Which city?", usual: "waits", but: SPEECH },
  wait: { do: "wait: 5m", usual: "waits" },
  run: { do: "run: Greet", usual: "change" },
  look_up: { do: "look_up: order", usual: "waits" },
  http: { do: "http: {url: https://shop.example/stock}", usual: "waits" },
};

/** A public message by `bot_api` is speech like any other. */
export const SENT_BY_HAND: ActionRow = {
  do: "bot_api: {operation: sendMessage, scope: public, type: text, content: Hi}",
  usual: "call",
  but: SPEECH,
};
