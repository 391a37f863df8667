import type { Change, Frame } from "../changes.ts";
import type { Behaviour } from "../options.ts";
import type { Callback, DomainLists, ModuleOffer, OldAddress, SentCallback } from "./market-rows.ts";
import type {
  ApiKey,
  Bot,
  Channel,
  Chat,
  Command,
  Customer,
  Dialog,
  Member,
  Message,
  Module,
  Notification,
  Person,
  StoredFile,
} from "./rows.ts";
import type { WorkTime } from "./seed.ts";
import type { CrmCustomer, Directories, Order, Product } from "./shop-rows.ts";

export type Counter =
  | "message"
  | "chat"
  | "dialog"
  | "customer"
  | "bot"
  | "command"
  | "member"
  | "channel"
  | "person"
  | "crmCustomer"
  | "order"
  | "orderLine"
  | "payment"
  | "product"
  | "offer";

/** The whole account. The functions beside it change it and leave what happened in `frames` and `changes`, which the
 *  stage takes away: the model itself knows no network and no clock. */
export interface World {
  behaviour: Behaviour;
  /** The key that the owner had made when the account started. */
  readonly apiKey: string;
  /** Every key that is accepted, by its text. */
  readonly keys: Map<string, ApiKey>;
  timezone: string;
  readonly workTimes: readonly WorkTime[];
  language: string;
  readonly startedAt: number;
  /** Root addresses, known once the servers listen. `crm` follows a rename, `technical` never changes. */
  readonly urls: { crm: string; technical: string; gateway: string };
  readonly account: { chatsEnabled: boolean };
  /** What becomes of requests to addresses that the account once had, by `host:port`. One not here is answered. */
  readonly oldHosts: Map<string, OldAddress>;
  /** What can be connected, by code. */
  readonly offers: Map<string, ModuleOffer>;
  /** Callbacks to modules: `held` ones wait to be released (null: none is held back), the last sent ones are kept. */
  readonly callbacks: { held: Callback[] | null; readonly sent: SentCallback[] };
  readonly domains: DomainLists;
  readonly people: Map<number, Person>;
  readonly bots: Map<number, Bot>;
  readonly modules: Map<string, Module>;
  readonly channels: Map<number, Channel>;
  readonly customers: Map<number, Customer>;
  readonly chats: Map<number, Chat>;
  readonly dialogs: Map<number, Dialog>;
  readonly messages: Map<number, Message>;
  readonly commands: Map<number, Command>;
  readonly files: Map<string, StoredFile>;
  readonly members: Map<number, Member>;
  readonly notifications: Notification[];
  readonly crmCustomers: Map<number, CrmCustomer>;
  readonly orders: Map<number, Order>;
  readonly products: Map<number, Product>;
  readonly directories: Directories;
  readonly counters: Record<Counter, number>;
  readonly turns: { echo: number; opened: number };
  readonly frames: Frame[];
  readonly changes: Change[];
}

type View<T> =
  T extends Map<infer Key, infer Row>
    ? ReadonlyMap<Key, Row>
    : T extends readonly (infer Row)[]
      ? readonly Row[]
      : Readonly<T>;

/** The account as tests may read it. */
export type WorldView = { readonly [Part in Exclude<keyof World, "frames" | "changes">]: View<World[Part]> };

/** The next id of a kind. Message ids ascend over the whole account, with gaps, as those of a server many shops share. */
export function nextId(world: World, counter: Counter): number {
  const gap = counter === "message" ? world.counters.message % 3 : 0;
  world.counters[counter] += 1 + gap;
  return world.counters[counter];
}

/** Dialogs of a chat, oldest first. */
export const dialogsOf = (world: World, chatId: number): readonly Dialog[] =>
  [...world.dialogs.values()].filter((dialog) => dialog.chatId === chatId);

export const latestDialog = (world: World, chatId: number): Dialog | null => dialogsOf(world, chatId).at(-1) ?? null;

export function openDialogOf(world: World, chatId: number): Dialog | null {
  const latest = latestDialog(world, chatId);
  return latest !== null && latest.closedAt === null ? latest : null;
}
