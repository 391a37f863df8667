import type { RawStep, RawTestProfile, RawTestSending } from "../generated/tests.ts";
import { parseDuration } from "../language/duration.ts";
import type { CustomerHands, Sending } from "../sandbox/hands/customer.ts";
import type { StaffHands } from "../sandbox/hands/staff.ts";
import { splitName } from "../sandbox/world/actors.ts";
import type { CustomerChange } from "../sandbox/world/people.ts";
import type { Message } from "../sandbox/world/rows.ts";
import type { Account } from "./account.ts";
import type { Role } from "./cast.ts";

/** Everything that can happen in a test but the passing of time. */
export type HappeningStep = Exclude<RawStep, { wait: string } | { expect: unknown }>;
type Kind = HappeningStep extends infer Step
  ? Step extends Step
    ? keyof Omit<Step, "as" | "by" | "note">
    : never
  : never;

/** What a step works with: the hands of customers and staff, and the chat it is about. */
interface Stagehand {
  readonly account: Account;
  readonly hands: CustomerHands & StaffHands;
  readonly role: Role;
  /** Where the staff acts. */
  readonly at: { readonly chat: number };
}

type Enact = {
  readonly [Name in Kind]: (stagehand: Stagehand, step: Extract<HappeningStep, Record<Name, unknown>>) => void;
};

const ENACT: Enact = {
  customer: ({ hands, role }, { customer }) => send(hands, role.customerId, customer),
  edits: ({ hands, ...rest }, { edits }) => hands.customerEdits(lastOf(rest, "customer").id, edits),
  deletes: ({ hands, ...rest }) => hands.customerDeletes(lastOf(rest, "customer").id),
  changes: ({ hands, role }, { changes }) => hands.changeCustomer(role.customerId, changeOf(changes)),
  manager: ({ hands, at }, { manager, by, note }) =>
    void hands.managerSays(manager, { ...at, ...named("manager", by), scope: note ? "private" : "public" }),
  command: ({ hands, at }, { command, by }) =>
    void hands.managerCommands(lineOf(command), { ...at, ...named("manager", by) }),
  bot: ({ hands, at }, { bot, by }) => void hands.otherBotSays(bot, { ...at, ...named("bot", by) }),
  fails: ({ hands, ...rest }) => hands.messageFails(lastOf(rest, "bot").id, "general"),
  online: ({ hands }, { online }) => hands.setOnline(online, true),
  offline: ({ hands }, { offline }) => hands.setOnline(offline, false),
  joins: ({ hands, at }, { joins }) => hands.joinChat(joins, at),
  leaves: ({ hands, at }, { leaves }) => hands.leaveChat(leaves, at),
  assign: ({ hands, at }, { assign }) => hands.assignByManager(assign, at),
  unassign: ({ hands, at }) => hands.unassignByManager(at),
  close: ({ hands, at }) => hands.closeByManager(at),
  tag: ({ hands, at }, { tag }) => hands.tagByManager([tag].flat(), at),
  untag: ({ hands, at }, { untag }) => hands.untagByManager([untag].flat(), at),
};

const KINDS = Object.keys(ENACT) as readonly Kind[];

/** Lets one step happen. Throws RangeError for names that are not there, and Refusal where the service would refuse. */
export function enact(account: Account, role: Role, step: HappeningStep): void {
  const kind = KINDS.find((name) => name in step);
  if (kind === undefined) throw new TypeError("the schema knows a step that nobody can play");
  const act = ENACT[kind] as (stagehand: Stagehand, step: HappeningStep) => void;
  act({ account, hands: account.hands, role, at: { chat: role.chatId } }, step);
}

/** How long a `wait` is, in ms; the file has been checked. */
export const waitMs = (wait: string): number => parseDuration(wait) ?? 0;

const lineOf = (command: string) => (command.startsWith("/") ? command : `/${command}`);

const named = (key: "manager" | "bot", name: string | undefined) => (name === undefined ? {} : { [key]: name });

function send(hands: CustomerHands, customer: number, sending: string | RawTestSending): void {
  const { text, ...things } = typeof sending === "string" ? { text: sending } : sending;
  const parts = partsOf(things);
  if (parts.length === 0) hands.customerSays(text ?? "", { customer });
  for (const [index, part] of parts.entries()) {
    hands.customerSends({ ...part, customer, ...(index === 0 && text !== undefined ? { note: text } : {}) });
  }
}

/** A product card of a customer carries what the messenger knows of it. */
const SOME_PRODUCT = 1;

function partsOf({ product, order, ...files }: Omit<RawTestSending, "text">): readonly Sending[] {
  const types = ["image", "file", "audio"] as const;
  return [
    ...types.flatMap((type) => (files[type] === undefined ? [] : [{ type, url: files[type] }])),
    ...(product === undefined ? [] : [{ type: "product" as const, product: { id: SOME_PRODUCT, name: product } }]),
    ...(order === undefined ? [] : [{ type: "order" as const, order: { number: order } }]),
  ];
}

/** The newest public message of the customer or of the bot in the chat. */
function lastOf({ account, role }: Pick<Stagehand, "account" | "role">, type: "customer" | "bot"): Message {
  const id = type === "bot" ? account.bot().id : role.customerId;
  const messages = [...account.stage.world.messages.values()];
  const last = messages.findLast(
    ({ from, scope, chatId, deleted }) =>
      chatId === role.chatId && scope === "public" && !deleted && from?.type === type && from.id === id,
  );
  if (last === undefined) throw new RangeError(`no message of the ${type} yet`);
  return last;
}

function changeOf({ name, ...known }: RawTestProfile): CustomerChange {
  if (name === undefined) return known;
  const { first, last } = splitName(name);
  return { ...known, firstName: first, lastName: last };
}
