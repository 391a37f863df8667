import type { Hours } from "./hours.ts";
import type { Json } from "./json.ts";
import type { Run } from "./plan.ts";
import type { Rule } from "./rule.ts";

/** What the engine knows of one account, kept fresh from events and filled from the list calls. Plain data, immutable.
 *  Moments are Unix ms. Everything a decision reads is here: no look-up happens while deciding. */
export interface Bot {
  readonly id: number;
  readonly name: string;
}

export interface Person {
  readonly id: number;
  /** CRM user id as text, or null. */
  readonly externalId: string | null;
  readonly name: string;
  readonly email: string | null;
  readonly groups: readonly string[];
  readonly active: boolean;
  readonly online: boolean;
  readonly available: boolean;
  readonly technical: boolean;
}

/** `receive` and `both` mean that a bot can send it. */
export interface Channel {
  readonly id: number;
  readonly type: string;
  readonly name: string | null;
  readonly active: boolean;
  readonly abilities: ChannelAbilities;
}

export interface ChannelAbilities {
  /** Longest text in characters; null: not stated (2000 is then kept to). */
  readonly maxChars: number | null;
  readonly canSend: {
    readonly text: boolean;
    readonly image: boolean;
    readonly file: boolean;
    readonly product: boolean;
    readonly order: boolean;
  };
  readonly canEdit: boolean;
  readonly canDelete: boolean;
  readonly canQuote: boolean;
  /** Longest note under an image or file; null: not stated. */
  readonly noteMaxChars: number | null;
  readonly suggestions: {
    readonly text: boolean;
    readonly phone: boolean;
    readonly email: boolean;
    readonly url: boolean;
  };
  readonly outgoing: boolean;
  /** What may be sent once the answer window is over. */
  readonly afterReplyTimeout: "anything" | "template" | "no";
}

/** People, bots and channels of one connection. `openDialogs` counts open dialogs by responsible person. */
export interface Directory {
  readonly bot: Bot;
  readonly people: readonly Person[];
  readonly otherBots: readonly Bot[];
  readonly channels: readonly Channel[];
  readonly openDialogs: Readonly<Record<number, number>>;
  /** The account's own working hours; null: not known. */
  readonly crmHours: Hours | null;
}

export type Variables = Readonly<Record<string, Json>>;

export interface Customer {
  readonly id: number;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly username: string | null;
  readonly phone: string | null;
  readonly email: string | null;
  readonly language: string | null;
  readonly variables: Variables;
  /** Rule id -> when it last fired (for `once_per: customer`). */
  readonly marks: Readonly<Record<string, number>>;
}

export interface Chat {
  readonly id: number;
  readonly channelId: number | null;
  readonly customerId: number | null;
  /** End of the messenger's answer window. */
  readonly replyDeadline: number | null;
  readonly variables: Variables;
  /** Rule id -> when it last fired (for `once_per: chat`, `day` and `again_after`). */
  readonly marks: Readonly<Record<string, number>>;
  /** Loop guard: own public texts (normalised) since the customer last wrote, oldest first. */
  readonly unanswered: readonly string[];
  /** The loop guard silenced the bot here until then. */
  readonly mutedUntil: number | null;
}

export interface Responsible {
  readonly type: "user" | "bot";
  readonly id: number;
  readonly assignedAt: number;
}

export interface Dialog {
  readonly id: number;
  readonly chatId: number;
  readonly openedAt: number;
  readonly closedAt: number | null;
  /** Message that began it; `none`: the gateway says that no message did; null: not known. */
  readonly beginMessageId: number | "none" | null;
  readonly responsible: Responsible | null;
  /** Who was responsible before. */
  readonly previous: Responsible | null;
  readonly tags: readonly string[];
  /** Last team assigned by the bot. */
  readonly team: string | null;
  readonly variables: Variables;
  readonly marks: Readonly<Record<string, number>>;
  /** How many messages the customer has written in it (as far as known). */
  readonly customerMessages: number;
  /** Any message seen in it, whoever wrote. */
  readonly messages: number;
  /** `dialog: opened` has fired or can never fire here. */
  readonly openedDone: boolean;
  readonly lastCustomerAt: number | null;
  /** Last public message of a person of the staff. */
  readonly lastManagerAt: number | null;
  readonly mutedUntil: number | "closed" | null;
  /** When the bot answered, for `answers_per_minute`; only the last minute is kept. */
  readonly answeredAt: readonly number[];
  /** How often the bot has assigned it since the customer last wrote: no fight over assignment. */
  readonly assignedByBot: number;
  /** The staff was told of the present breach of the cap. */
  readonly capNoted: boolean;
  /** Titles listed with numbers by the bot's last public message; null: it listed none. */
  readonly numbered: { readonly at: number; readonly titles: readonly string[] } | null;
  /** Every button title shown in this dialog. */
  readonly shownButtons: readonly string[];
  /** The first message of the customer that no manager has answered; null: all are. */
  readonly unansweredSince: number | null;
  /** The last public message to the customer, whoever wrote it. */
  readonly lastToCustomerAt: number | null;
  /** What silence rules have fired for: `<rule id>#<person's id>` -> that id, or rule id -> when a person last spoke before
   *  the silence. */
  readonly silences: Readonly<Record<string, number>>;
  /** Silence timers that are set: rule id -> due moment. */
  readonly timers: Readonly<Record<string, number>>;
  /** The bot's last message in it that the gateway has confirmed, for `edit` and `delete`. */
  readonly lastOwnMessageId: number | null;
}

/** The state around one event. `chat`, `dialog`, `customer` are null where the event has none, or none is known. */
export interface State {
  readonly directory: Directory;
  readonly chat: Chat | null;
  readonly dialog: Dialog | null;
  readonly customer: Customer | null;
  /** Runs of the chat that wait for a time or an answer, oldest first, each with the rule it began under. */
  readonly waiting: readonly WaitingRun[];
}

export interface WaitingRun {
  readonly run: Run;
  readonly rule: Rule;
}

/** A chat of which nothing is known yet. */
export function newChat(id: number): Chat {
  return {
    id,
    channelId: null,
    customerId: null,
    replyDeadline: null,
    variables: {},
    marks: {},
    unanswered: [],
    mutedUntil: null,
  };
}

/** A dialog of which nothing is known yet but that it is there. `openedAt` in Unix ms. */
export function newDialog(id: number, chatId: number, openedAt: number): Dialog {
  return {
    id,
    chatId,
    openedAt,
    closedAt: null,
    beginMessageId: null,
    responsible: null,
    previous: null,
    tags: [],
    team: null,
    variables: {},
    marks: {},
    customerMessages: 0,
    messages: 0,
    openedDone: false,
    lastCustomerAt: null,
    lastManagerAt: null,
    mutedUntil: null,
    answeredAt: [],
    assignedByBot: 0,
    capNoted: false,
    numbered: null,
    shownButtons: [],
    unansweredSince: null,
    lastToCustomerAt: null,
    silences: {},
    timers: {},
    lastOwnMessageId: null,
  };
}
