import { type OrderTry, recentTries } from "../../engine/orders.ts";
import type { Store } from "../../store/store.ts";
import { isObject, type Json } from "../../types/json.ts";
import { createMutex } from "../lanes/mutex.ts";

/** The guesses at orders made in each chat of a connection. They outlive a restart: a guesser could cause one. */
export interface OrderTries {
  /** Hands the chat's tries to `judge` and stores those it gives back before its result is given: what is not counted is not
   *  told. One at a time. Rejects with StoreError. */
  counting<Result extends { readonly tries: readonly OrderTry[] }>(
    where: { readonly chatId: number | null; readonly now: number },
    judge: (tries: readonly OrderTry[]) => Result,
  ): Promise<Result>;
}

/** All chats share one fact: only those with a guess in the last hour are in it. */
const FACT = "order_tries";

type TriesByChat = Readonly<Record<string, readonly OrderTry[]>>;

export function createOrderTries(store: Pick<Store, "fact" | "saveFact">, connectionId: string): OrderTries {
  const { run } = createMutex();
  return {
    counting: ({ chatId, now }, judge) =>
      run(async () => {
        const known = readTries(await store.fact(connectionId, FACT));
        const chat = String(chatId ?? "none");
        const before = known[chat] ?? [];
        const result = judge(before);
        if (result.tries.length > 0 && !sameTries(before, result.tries)) {
          await store.saveFact(connectionId, FACT, recentOf({ ...known, [chat]: result.tries }, now));
        }
        return result;
      }),
  };
}

const sameTries = (left: readonly OrderTry[], right: readonly OrderTry[]) =>
  left.length === right.length && left.every(({ key }, index) => key === right[index]?.key);

function recentOf(tries: TriesByChat, now: number): Json {
  const recent = Object.entries(tries).map(([chat, list]) => [chat, recentTries(list, now)] as const);
  const kept = recent.filter(([, list]) => list.length > 0);
  return Object.fromEntries(kept.map(([chat, list]) => [chat, list.map(({ key, at }) => ({ key, at }))]));
}

/** What is stored there is ours; anything else counts as nothing. */
function readTries(fact: Json): TriesByChat {
  if (!isObject(fact)) return {};
  return Object.fromEntries(
    Object.entries(fact).map(([chat, list]) => [chat, Array.isArray(list) ? list.flatMap(readTry) : []]),
  );
}

function readTry(row: Json): readonly OrderTry[] {
  if (!isObject(row)) return [];
  const { key, at } = row;
  return typeof key === "string" && typeof at === "number" ? [{ key, at }] : [];
}
