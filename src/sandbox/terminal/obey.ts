import type { CustomerHands } from "../hands/customer.ts";
import type { StaffHands } from "../hands/staff.ts";
import { customerName } from "../world/actors.ts";
import { Refusal } from "../world/refusal.ts";
import type { Customer } from "../world/rows.ts";
import type { WorldView } from "../world/world.ts";
import type { Line } from "./line.ts";
import type { Say } from "./words.ts";

/** Where typed lines are carried out. `customer` is who types now. */
export interface Desk {
  readonly hands: CustomerHands & StaffHands;
  readonly world: WorldView;
  readonly say: Say;
  customer: Customer;
}

/** A manager can do this only where a customer has written, some of it only in an open dialog. */
class NoDialog extends Error {
  override readonly name = "NoDialog";
}

/** Who one is and where. */
export const welcome = ({ world, say, customer }: Desk): string =>
  say("welcome", customerName(customer), world.channels.get(customer.channelId)?.type ?? "");

function help({ world, say }: Desk): string {
  const commands = [...world.commands.values()].map(
    ({ name, description }) => `${`/${name}`.padEnd(20)} ${description}`,
  );
  const published = commands.length === 0 ? say("noCommands") : say("commands", commands.join("\n"));
  return `${say("help", [...world.channels.values()].map(({ type }) => type).join(", "))}\n${published}`;
}

function become(desk: Desk, customer: Customer): string {
  desk.customer = customer;
  return welcome(desk);
}

/** Another messenger: the same person there is another customer, made when first needed. */
function switchChannel(desk: Desk, wanted: string): string {
  const { world } = desk;
  const channel = [...world.channels.values()].find(({ type }) => type === wanted.toLowerCase());
  if (channel === undefined) return desk.say("unknownName", wanted);
  const name = customerName(desk.customer);
  const known = [...world.customers.values()].find((row) => row.channelId === channel.id && customerName(row) === name);
  return become(desk, known ?? desk.hands.newCustomer({ name, channel: channel.type }));
}

function newCustomer(desk: Desk, name: string | null): string {
  const type = desk.world.channels.get(desk.customer.channelId)?.type ?? "telegram";
  const given = name ?? desk.say("customer", String(desk.world.customers.size + 1));
  return become(desk, desk.hands.newCustomer({ name: given, channel: type }));
}

function inChat({ world, customer }: Desk): { chat: number } {
  const chat = [...world.chats.values()].find((row) => row.customerId === customer.id);
  if (chat === undefined) throw new NoDialog();
  return { chat: chat.id };
}

function inOpenDialog(desk: Desk): { chat: number } {
  const place = inChat(desk);
  const open = [...desk.world.dialogs.values()].some((row) => row.chatId === place.chat && row.closedAt === null);
  if (!open) throw new NoDialog();
  return place;
}

/** Managers see the commands that bots have published, and no others. */
function command(desk: Desk, { name, line }: Line & { kind: "command" }): string | null {
  const known = [...desk.world.commands.values()].some((row) => row.name === name);
  if (!known) return desk.say("unknownCommand", name);
  desk.hands.managerCommands(line, inChat(desk));
  return null;
}

type Answered = { readonly kind: "empty" | "help" | "command" | "channel" | "new" | "lacking" };

/** What changes the account and is told by the changes themselves. */
function act(desk: Desk, line: Exclude<Line, Answered>): void {
  const { hands } = desk;
  const customer = desk.customer.id;
  switch (line.kind) {
    case "customer":
      hands.customerSays(line.text, { customer });
      break;
    case "image":
    case "file":
      hands.customerSends({ type: line.kind, customer, ...(line.url === null ? {} : { url: line.url }) });
      break;
    case "manager":
      hands.managerSays(line.text, inChat(desk));
      break;
    case "note":
      hands.managerSays(line.text, { ...inChat(desk), scope: "private" });
      break;
    case "online":
    case "offline":
      hands.setOnline(line.name, line.kind === "online");
      break;
    case "assign":
      hands.assignByManager(line.name, inOpenDialog(desk));
      break;
    case "close":
      hands.closeByManager(inOpenDialog(desk));
      break;
  }
}

function carryOut(desk: Desk, line: Line): string | null {
  switch (line.kind) {
    case "empty":
      return null;
    case "help":
      return help(desk);
    case "command":
      return command(desk, line);
    case "channel":
      return switchChannel(desk, line.name);
    case "new":
      return newCustomer(desk, line.name);
    case "lacking":
      return desk.say("lacking", line.word);
    default:
      act(desk, line);
      return null;
  }
}

/** Does what a line asks for. Gives what there is to say about it, a mistake included; null: nothing. */
export function obey(desk: Desk, line: Line): string | null {
  try {
    return carryOut(desk, line);
  } catch (error) {
    if (error instanceof NoDialog) return desk.say("noDialog");
    if (error instanceof Refusal) return desk.say("refused", error.errors.join("; "));
    if (error instanceof RangeError) return desk.say("unknownName", "name" in line ? (line.name ?? "") : error.message);
    throw error;
  }
}
