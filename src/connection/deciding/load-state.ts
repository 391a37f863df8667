import { ruleById } from "../../rulebook/match.ts";
import type { Commit, Store } from "../../store/store.ts";
import type { Run } from "../../types/plan.ts";
import type { Rule, Rulebook } from "../../types/rule.ts";
import type { Directory, State, WaitingRun } from "../../types/state.ts";

/** Whose documents a decision needs. `dialogId` null: the chat's latest dialog. */
export interface Wanted {
  readonly chatId: number | null;
  readonly dialogId: number | null;
  readonly customerId: number | null;
}

export interface LoadFrom {
  readonly store: Store;
  readonly connectionId: string;
  readonly directory: Directory;
  readonly rulebook: Rulebook;
}

/** The stored state around an event or a run. */
export async function loadState(from: LoadFrom, { chatId, dialogId, customerId }: Wanted): Promise<State> {
  const { store, connectionId, directory } = from;
  const chat = chatId === null ? null : await store.chat(connectionId, chatId);
  const dialog = await loadDialog(store, connectionId, { chatId, dialogId });
  const owner = customerId ?? chat?.customerId ?? null;
  const customer = owner === null ? null : await store.customer(connectionId, owner);
  return { directory, chat, dialog, customer, waiting: await loadWaiting(from, chatId) };
}

/** The chat's runs that wait for a person or a time, each with the rule of the version it began with. A run whose rule can't
 *  be found any more is left out: nothing can wake it. */
async function loadWaiting({ store, connectionId, rulebook }: LoadFrom, chatId: number | null) {
  if (chatId === null) return [];
  const runs = await store.restingRuns(connectionId, chatId);
  const waiting = await Promise.all(runs.map(async (run) => ({ run, rule: await ruleOf(run, rulebook, store) })));
  return waiting.filter((one): one is WaitingRun => one.rule !== null);
}

/** The rule a run goes on under: the present one if it is the very same, else the stored one it began with. Null: neither. */
export async function ruleOf(run: Run, rulebook: Rulebook, store: Pick<Store, "rule">): Promise<Rule | null> {
  const present = ruleById(rulebook, run.ruleId);
  if (present?.version === run.ruleVersion) return present;
  return (await store.rule(run.ruleVersion)) ?? present;
}

async function loadDialog(store: Store, connectionId: string, { chatId, dialogId }: Omit<Wanted, "customerId">) {
  if (dialogId !== null) return store.dialog(connectionId, dialogId);
  return chatId === null ? null : store.latestDialog(connectionId, chatId);
}

/** The documents that a decision has changed: those that are no longer the very objects that were loaded. */
export function changedDocuments(
  before: State,
  after: State,
): Pick<Commit, "chat" | "dialogs" | "customer" | "people" | "channels" | "bots" | "rotation"> {
  const { chat, dialog, customer } = after;
  return {
    ...(chat !== null && chat !== before.chat ? { chat } : {}),
    ...(dialog !== null && dialog !== before.dialog ? { dialogs: [dialog] } : {}),
    ...(customer !== null && customer !== before.customer ? { customer } : {}),
    ...(after.directory.rotation !== before.directory.rotation ? { rotation: after.directory.rotation } : {}),
    people: added(before.directory.people, after.directory.people),
    channels: added(before.directory.channels, after.directory.channels),
    bots: added(before.directory.otherBots, after.directory.otherBots),
  };
}

function added<Item>(before: readonly Item[], after: readonly Item[]): readonly Item[] {
  if (before === after) return [];
  const known = new Set(before);
  return after.filter((item) => !known.has(item));
}
