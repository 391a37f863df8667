import type { Event } from "../types/event.ts";
import type { Language } from "../types/issue.ts";
import type { Json } from "../types/json.ts";
import type { CallOutcome, PlannedCall, Run, TimerChange, Verdict } from "../types/plan.ts";
import type { Rule } from "../types/rule.ts";
import type { Bot, Channel, Chat, Customer, Dialog, Directory, Person, Rotation } from "../types/state.ts";
import type { Lease, Leases } from "./leases.ts";

/** What a connection has learnt by itself. */
export interface ConnectionAccess {
  readonly gatewayUrl: string | null;
  readonly token: string | null;
  readonly botId: number | null;
}

/** What people want of a connection: the account's owner, or the operator. */
export interface ConnectionWishes {
  readonly crmUrl: string;
  /** Null: the key is in the configuration (the file's own account), or nobody has one. */
  readonly apiKey: string | null;
  /** Of messages to the staff; null, here and below: as the configuration says. */
  readonly language: Language | null;
  /** IANA zone. */
  readonly timezone: string | null;
  /** A name in `rule_sets:`. */
  readonly ruleSet: string | null;
  /** The owner's switch. */
  readonly enabled: boolean;
  /** The operator's (`rulebot pause`). */
  readonly paused: boolean;
}

/** One CRM account we serve. Secrets are as the caller gives them (`sealed.ts` encrypts them at rest). */
export interface ConnectionRecord extends ConnectionAccess, ConnectionWishes {
  readonly id: string;
  /** Unguessable, made once, sent with every registration. */
  readonly clientId: string;
  readonly moduleCode: string;
  /** The API key lies sealed by a key that is not among ours, so `apiKey` is null: the account has to be connected again. Never stored. */
  readonly unreadable?: true;
}

/** `held` waits for `release`: what came before it may not have been found yet. `new` waits to be decided; `decided` has been,
 *  and a run of it waits for a call; the rest are final (`expired`: too old to be answered, or its chat is gone). The store
 *  turns `decided` into `done` by itself, in the commit after which no run of the event waits for a call. */
export type InboxState = "held" | "new" | "decided" | "done" | "expired" | "failed";

export interface InboxRow {
  readonly seq: number;
  readonly event: Event;
  readonly receivedAt: number;
  readonly state: InboxState;
  /** How often deciding it has begun; counted before the work, so that a crash counts too. */
  readonly attempts: number;
}

/** `sending` found after a restart means: the process died with the answer unread (`unknown`). `dropped`: withheld by its guard. */
export type OutboxState = "pending" | "sending" | "sent" | "failed" | "unknown" | "dropped";

export interface OutboxRow extends PlannedCall {
  readonly seq: number;
  readonly state: OutboxState;
  readonly attempts: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Highest message id of the chat known when sending began, for the look-up of an unknown send. */
  readonly sinceMessageId: number | null;
  readonly outcome: CallOutcome | null;
}

/** Everything one decision changes; stored in ONE transaction. Documents left out stay as they are; those given replace
 *  the stored ones as a whole. A call whose key is known already is left as it is: nothing is ever planned twice. */
export interface Commit {
  /** The inbox row that was decided; null when a run was resumed (that run is then in `runs` or `endedRunIds`). */
  readonly eventKey: string | null;
  /** The row's new state and why it failed; both are ignored when a run was resumed. */
  readonly eventState: "decided" | "done" | "failed" | "expired";
  readonly failure: string | null;
  readonly at: number;
  readonly rulebookVersion: string;
  readonly chat?: Chat;
  readonly dialogs?: readonly Dialog[];
  readonly customer?: Customer;
  readonly people?: readonly Person[];
  readonly channels?: readonly Channel[];
  readonly bots?: readonly Bot[];
  /** Whom the teams have picked, as a whole. */
  readonly rotation?: Rotation;
  readonly calls: readonly PlannedCall[];
  /** Runs that go on waiting (inserted or replaced). */
  readonly runs: readonly Run[];
  readonly endedRunIds: readonly string[];
  /** Timers set or taken back; one of a key replaces the one before. */
  readonly timers?: readonly TimerChange[];
  /** Kept as one decision row, also when empty; those of a resumed run under the event that began it, unless empty. */
  readonly verdicts: readonly Verdict[];
}

export interface DecisionRow {
  readonly eventKey: string;
  readonly chatId: number | null;
  readonly at: number;
  readonly rulebookVersion: string;
  readonly verdicts: readonly Verdict[];
}

export interface ReceiveOptions {
  /** Events that are to be held until what came before them has been found; left out: none is. */
  readonly held?: (event: Event) => boolean;
  /** Facts of the connection, by name, saved in the same transaction. */
  readonly facts?: Readonly<Record<string, Json>>;
}

export interface QueueCounts {
  /** Events not yet decided (`new` and `held`). */
  readonly inbox: number;
  /** Calls not yet answered (`pending`, `sending`). */
  readonly outbox: number;
  /** Calls of which nobody knows whether they were sent. */
  readonly unknown: number;
  /** Runs stored, whatever they wait for. */
  readonly waitingRuns: number;
}

/** How much was removed. `events` are kept by their key alone, so that one of them that comes again is not taken for a new one. */
export interface Forgotten {
  readonly customers: number;
  readonly chats: number;
  readonly dialogs: number;
  readonly events: number;
  readonly calls: number;
  readonly decisions: number;
  readonly runs: number;
  readonly timers: number;
}

/** How much waits in one connection, for `/metrics`. */
export interface Measure {
  readonly connectionId: string;
  /** Events not yet decided (`new` and `held`). */
  readonly undecided: number;
  /** When the oldest of them came (Unix ms); null: there is none. */
  readonly oldestUndecidedAt: number | null;
  /** Calls not yet answered (`pending`, `sending`). */
  readonly unsent: number;
  /** Calls of which nobody knows whether they were sent. */
  readonly unknown: number;
  readonly timers: number;
  /** Dialogs that wait in queues. */
  readonly queued: number;
}

/** The one contract of every store (test/store/contract.ts runs on each). All methods are asynchronous, so that a remote
 *  database can stand behind them; each but `prune` and `forgetCustomer` is one transaction; a rejected promise means that nothing was changed.
 *  Trouble with the database rejects with StoreError, its cause kept; the store is usable again once the trouble is over. */
export interface Store {
  close(): Promise<void>;

  connections(): Promise<readonly ConnectionRecord[]>;
  connection(id: string): Promise<ConnectionRecord | null>;
  /** The connection whose module has this client id; null: none. */
  connectionOfClient(clientId: string): Promise<ConnectionRecord | null>;
  /** Keeps a new connection; one that is stored already is left as it is. Gives the stored one. */
  addConnection(record: ConnectionRecord): Promise<ConnectionRecord>;
  /** Replaces the fields named. Nobody is told: this is for what the connection itself has learnt. */
  saveAccess(id: string, access: Partial<ConnectionAccess>): Promise<void>;
  /** Replaces the fields named, and tells whoever works on the connection (its `revision` grows, see `Leases.holdings`). */
  changeConnection(id: string, wishes: Partial<ConnectionWishes>): Promise<void>;
  /** Tells whoever works on the connection that something about it may have changed elsewhere. */
  touchConnection(id: string): Promise<void>;
  /** Removes a connection and everything that was kept of it. Its lease ends with it: whoever works on it can store nothing more.
   *  Rejects with StoreError; removing what is not there is fine. */
  removeConnection(id: string): Promise<void>;
  /** Small facts by name (`published_commands`, `status_token`); `connectionId` "" is the whole program's. */
  fact(connectionId: string, name: string): Promise<Json>;
  saveFact(connectionId: string, name: string, value: Json): Promise<void>;

  /** Commits events in one transaction; those whose key is known are ignored. Gives the events that were new, in order. */
  receive(
    connectionId: string,
    events: readonly Event[],
    at: number,
    options?: ReceiveOptions,
  ): Promise<readonly Event[]>;
  /** Lanes that have held events. These make no lane busy and are not handed out. */
  heldLanes(connectionId: string): Promise<readonly (number | null)[]>;
  /** Makes the held events of a lane `new`, behind everything it has, in the order of `arrange` (which is given them as they
   *  were received): each once and none lost, whatever it gives. Gives them in that order. */
  release(
    connectionId: string,
    chatId: number | null,
    arrange: (events: readonly Event[]) => readonly Event[],
  ): Promise<readonly Event[]>;
  /** Lanes (chat ids; null: events without a chat) that have work: new events, runs to resume, or calls to perform. */
  busyLanes(connectionId: string): Promise<readonly (number | null)[]>;
  /** The oldest `new` event of a lane; null: none. Nothing is counted: it is only looked at. */
  peekEvent(connectionId: string, chatId: number | null): Promise<InboxRow | null>;
  /** The oldest `new` event of a lane, its attempt counted and committed; null: none. It stays `new` until `commit`. */
  nextEvent(connectionId: string, chatId: number | null): Promise<InboxRow | null>;
  /** Stores a decision. False (and nothing changed) when the event was no longer `new` or the resumed run is gone. */
  commit(connectionId: string, commit: Commit): Promise<boolean>;
  /** Newest first; of one event or chat when the filter says so. */
  decisions(
    connectionId: string,
    filter: { chatId?: number; eventKey?: string; limit: number },
  ): Promise<readonly DecisionRow[]>;

  /** The oldest `pending`, `sending` or `unknown` call of a lane; null: none. */
  nextCall(connectionId: string, chatId: number | null): Promise<OutboxRow | null>;
  /** `pending -> sending`, attempt counted, `sinceMessageId` kept. False when it was not pending (somebody else has it). */
  beginCall(connectionId: string, key: string, at: number, sinceMessageId: number | null): Promise<boolean>;
  /** Ends or parks a call (`pending`: to be tried again; `unknown`: to be looked up). With `dialog`, that document is stored
   *  in the same transaction (the id of the bot's last message). A call that has ended, or is not there, is left alone, and
   *  so is the dialog then: a late answer changes nothing. */
  endCall(
    connectionId: string,
    key: string,
    end: { state: OutboxState; outcome: CallOutcome | null; at: number; dialog?: Dialog },
  ): Promise<void>;
  /** Newest first. */
  outbox(connectionId: string, filter: { state?: OutboxState; limit: number }): Promise<readonly OutboxRow[]>;

  /** Runs of a lane that wait for a call, oldest first, each with that call's outcome once it is final (null: still open).
   *  A run never waits for ever: a call that ended without an outcome gives `ok` with a null body when it was sent, else
   *  its state as the reason; one that is not there gives the reason `missing`. */
  waitingRuns(
    connectionId: string,
    chatId: number | null,
  ): Promise<readonly { run: Run; outcome: CallOutcome | null }[]>;

  /** Runs of a lane that wait for a person or a time, oldest first. */
  restingRuns(connectionId: string, chatId: number | null): Promise<readonly Run[]>;
  /** Runs of a lane that wait for a request of the connection's own (a look-up), oldest first. */
  requestingRuns(connectionId: string, chatId: number | null): Promise<readonly Run[]>;
  /** Turns timers that are due into events of the inbox, the oldest first and at most `limit`, in one transaction. An
   *  event's type is `timer`, its data `{timer: key, dialog_id}`. */
  fireTimers(connectionId: string, now: number, limit: number): Promise<readonly Event[]>;
  /** When the next timer is due; null: none is set. */
  nextTimer(connectionId: string): Promise<number | null>;

  /** Everything but ourselves: the connection's own `botId` is not among `otherBots`. Lists are by id. `openDialogs` has
   *  people only (no bots), and only those with at least one open dialog. `queue` has the open dialogs that wait for a team,
   *  the oldest first. */
  directory(connectionId: string): Promise<Omit<Directory, "bot" | "crmHours">>;
  /** Adds or replaces; those not named stay. The same goes for channels, bots and dialogs. */
  savePeople(connectionId: string, people: readonly Person[]): Promise<void>;
  saveChannels(connectionId: string, channels: readonly Channel[]): Promise<void>;
  saveBots(connectionId: string, bots: readonly Bot[]): Promise<void>;
  chat(connectionId: string, id: number): Promise<Chat | null>;
  dialog(connectionId: string, id: number): Promise<Dialog | null>;
  /** Those of these ids that are known, each once, by id; one statement however many they are. */
  dialogs(connectionId: string, ids: readonly number[]): Promise<readonly Dialog[]>;
  /** The chat's newest dialog (highest id), open or closed; null: none known. */
  latestDialog(connectionId: string, chatId: number): Promise<Dialog | null>;
  customer(connectionId: string, id: number): Promise<Customer | null>;
  saveDialogs(connectionId: string, dialogs: readonly Dialog[]): Promise<void>;
  /** Adds those that are not there yet, and leaves the others as they are: a list that was read a while ago never replaces what
   *  has been learnt since. Gives the ids of those added. */
  addDialogs(connectionId: string, dialogs: readonly Dialog[]): Promise<readonly number[]>;

  /** Chats that the gateway has deleted: undecided events expire, open calls are dropped (`chat_deleted`), runs end, timers are
   *  taken back, and the documents of the chat and its dialogs go. The customer stays. */
  forgetChats(connectionId: string, chatIds: readonly number[], at: number): Promise<void>;

  /** The known chats of a customer, by id. */
  chatsOf(connectionId: string, customerId: number): Promise<readonly number[]>;
  /** Removes everything of a customer: profile, chats, dialogs, events (their keys stay), calls, decisions, runs, timers. Looks through
   *  what is stored first, then removes in one transaction. What is being decided or sent for the customer at this moment
   *  finds its event, run or call gone and changes nothing. */
  forgetCustomer(connectionId: string, customerId: number): Promise<Forgotten>;

  /** Keeps compiled rules by version, so that a run can finish under the rule it began with. Give all rules of a rulebook
   *  before the first decision under it: `prune` spares what was saved since the store was opened. */
  saveRules(rules: readonly Rule[]): Promise<void>;
  rule(version: string): Promise<Rule | null>;

  counts(connectionId: string): Promise<QueueCounts>;
  /** Every connection in which something waits, by id. */
  measures(): Promise<readonly Measure[]>;
  /** Removes what is older than `before` (Unix ms) and not needed any more: final rows, decisions, rule versions, closed dialogs, and
   *  what is known of chats and customers of whom nothing was heard since (what the rules asked to remember stays, see `aging.ts`). What still
   *  waits for something stays too, unless its connection has not heard the gateway since then. Works in small transactions and
   *  gives way between them; a rejection may leave part of it done. */
  prune(before: number): Promise<void>;

  /** Who works on which connection. */
  readonly leases: Leases;
  /** The same store for whoever holds `lease`: everything that changes something rejects with LeaseLost, and changes nothing, once
   *  somebody else has taken the connection. Reading goes on. It is closed with the store it comes from: its own `close`
   *  does nothing. Rules, `prune` and `leases` are those of that store. */
  under(lease: Lease): Store;
}

/** The store cannot be used: the disk is full, the file is locked, the address is wrong. `message` is for the operator. */
export class StoreError extends Error {
  override readonly name = "StoreError";
}
