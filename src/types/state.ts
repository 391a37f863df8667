import type { Hours } from "./hours.ts";
import type { Json, JsonObject } from "./json.ts";
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

/** People, bots and channels of one connection. `openDialogs` counts open dialogs by responsible person; `queue` has the dialogs
 *  that wait for someone of a team, the oldest first; `rotation` has, by team, the people it has picked, the latest last. */
export interface Directory {
  readonly bot: Bot;
  readonly people: readonly Person[];
  readonly otherBots: readonly Bot[];
  readonly channels: readonly Channel[];
  readonly openDialogs: Readonly<Record<number, number>>;
  readonly queue: readonly Queued[];
  readonly rotation: Rotation;
  /** The account's own working hours; null: not known. */
  readonly crmHours: Hours | null;
}

/** How one of a team's people is picked: in turn, with the fewest open dialogs, the customer's last, or the first of the file. */
export type Pick = "first" | "round_robin" | "least_busy" | "last_manager";

export type Rotation = Readonly<Record<string, readonly number[]>>;

/** A dialog's place in a team's queue. */
export interface QueuePlace {
  readonly team: string;
  readonly pick: Pick;
  /** When it was taken (Unix ms): the oldest is served first. */
  readonly since: number;
  /** The rule that put it there. */
  readonly ruleId: string;
  /** How many assignments from the queue the gateway has refused. */
  readonly refused: number;
  /** Somebody is being assigned just now: it waits no longer, unless that is refused. */
  readonly offered: boolean;
}

/** A dialog that waits in a queue. */
export interface Queued {
  readonly dialogId: number;
  readonly chatId: number;
  readonly team: string;
  readonly since: number;
}

export type Variables = Readonly<Record<string, Json>>;

/** Name of a variable -> when it was last set; only for variables that are declared with `keep`. Documents written before there
 *  was such a variable have none. */
export type SetAt = Readonly<Record<string, number>>;

export interface Customer {
  readonly id: number;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly username: string | null;
  readonly phone: string | null;
  readonly email: string | null;
  readonly language: string | null;
  readonly variables: Variables;
  readonly setAt?: SetAt;
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
  readonly setAt?: SetAt;
  /** Rule id -> when it last fired (for `once_per: chat`, `day` and `again_after`). */
  readonly marks: Readonly<Record<string, number>>;
  /** Loop guard: own public texts (normalised) since the customer last wrote, oldest first. */
  readonly unanswered: readonly string[];
  /** The loop guard silenced the bot here until then. */
  readonly mutedUntil: number | null;
  /** The person of the staff who last wrote to the customer or had one of its dialogs. */
  readonly lastManagerId: number | null;
  /** When the customer's last messages were written (Unix ms), oldest first, those of a few seconds; and whether the staff was
   *  told of the present flood. Left out: none yet. */
  readonly writtenAt?: readonly number[];
  readonly floodNoted?: boolean;
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
  /** Who was when the bot last assigned it: still is, if that is refused. */
  readonly takenFrom: Responsible | null;
  readonly tags: readonly string[];
  /** Last team assigned by the bot. */
  readonly team: string | null;
  readonly variables: Variables;
  readonly setAt?: SetAt;
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
  /** The customer's turn that is being heard out; null: none is. Its timer is `gather:<dialog id>`. */
  readonly gathering: Gathering | null;
  /** Its place in a team's queue; null: it waits in none. */
  readonly queued: QueuePlace | null;
}

/** Quick messages of the customer that are heard out and then judged as one turn (`gather`). Plain data; moments are Unix ms. */
export interface Gathering {
  /** When the first of them was heard. */
  readonly since: number;
  /** When they are judged, unless another one comes first. */
  readonly until: number;
  /** When the last of them was written, by the gateway's clock. */
  readonly at: number;
  /** The customer's first message in the dialog is among them. */
  readonly first: boolean;
  /** The run whose open question they answer; null: they are for the rules. */
  readonly answers: string | null;
  /** Each as rules see it (`message`), oldest first. */
  readonly messages: readonly JsonObject[];
  /** The data of the last one's event, untouched. */
  readonly event: JsonObject;
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

/** The dialog's place in a queue while it waits there; null: it waits in none, or is being assigned just now. */
export function waitingPlace({ queued, closedAt }: Dialog): QueuePlace | null {
  return queued === null || queued.offered || closedAt !== null ? null : queued;
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
    lastManagerId: null,
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
    takenFrom: null,
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
    gathering: null,
    queued: null,
  };
}

/** A stored dialog, perhaps of an older version, with what that did not know yet. */
export function wholeDialog(dialog: Dialog | null): Dialog | null {
  return dialog === null ? null : { ...newDialog(dialog.id, dialog.chatId, dialog.openedAt), ...dialog };
}
