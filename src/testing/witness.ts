import type { Decided } from "../connection/deciding/deciding.ts";
import type { Dialog as WorldDialog } from "../sandbox/world/rows.ts";
import { latestDialog, type World } from "../sandbox/world/world.ts";
import type { Store } from "../store/store.ts";
import type { Call } from "../types/plan.ts";
import type { Chat, Customer, Dialog } from "../types/state.ts";
import type { Account } from "./account.ts";
import type { Sent } from "./gateway.ts";
import type { ServiceCall } from "./services.ts";

/** What the bot did since the `expect` before. */
export interface Happened {
  readonly decisions: readonly Decided[];
  readonly sent: readonly Sent[];
  readonly services: readonly ServiceCall[];
}

/** How a chat stands: what the bot remembers of it, and what the account shows. */
export interface Standing {
  readonly chat: Chat | null;
  readonly dialog: Dialog | null;
  readonly customer: Customer | null;
  readonly shown: WorldDialog | null;
}

/** Writes down what the bot does. */
export interface Witness {
  readonly onDecision: (decided: Decided) => void;
  readonly onSent: (sent: Sent) => void;
  readonly onService: (call: ServiceCall) => void;
  /** Everything since the last `forget`. */
  happened(): Happened;
  forget(): void;
  /** Everything from the beginning. */
  whole(): Happened;
}

export function createWitness(): Witness {
  const decisions: Decided[] = [];
  const sent: Sent[] = [];
  const services: ServiceCall[] = [];
  let from = { decisions: 0, sent: 0, services: 0 };
  return {
    onDecision: (decided) => decisions.push(decided),
    onSent: (one) => sent.push(one),
    onService: (call) => services.push(call),
    happened: () => ({
      decisions: decisions.slice(from.decisions),
      sent: sent.slice(from.sent),
      services: services.slice(from.services),
    }),
    forget() {
      from = { decisions: decisions.length, sent: sent.length, services: services.length };
    },
    whole: () => ({ decisions: [...decisions], sent: [...sent], services: [...services] }),
  };
}

/** What of it was about one chat; events of people and files are about all. */
export function inChat(
  { decisions, sent, services }: Happened,
  chatId: number,
  { stage: { world } }: Account,
): Happened {
  const isHere = (chat: number | null | undefined) => chat === null || chat === undefined || chat === chatId;
  return {
    decisions: decisions.filter(({ event }) => isHere(event.chatId)),
    sent: sent.filter(({ call }) => isHere(chatOf(call, world))),
    services,
  };
}

function chatOf({ path, body }: Call, { dialogs, messages }: World): number | null | undefined {
  if (typeof body?.chat_id === "number") return body.chat_id;
  if (typeof path.chat_id === "number") return path.chat_id;
  if (typeof path.dialog_id === "number") return dialogs.get(path.dialog_id)?.chatId;
  return typeof path.message_id === "number" ? messages.get(path.message_id)?.chatId : null;
}

/** How the chat stands now. */
export async function standingOf(
  { store, connectionId }: { readonly store: Store; readonly connectionId: string },
  { stage: { world } }: Account,
  { chatId, customerId }: { readonly chatId: number; readonly customerId: number },
): Promise<Standing> {
  return {
    chat: await store.chat(connectionId, chatId),
    dialog: await store.latestDialog(connectionId, chatId),
    customer: await store.customer(connectionId, customerId),
    shown: latestDialog(world, chatId),
  };
}
