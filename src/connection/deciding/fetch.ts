import { type Outside, OutsideError } from "../../api/outside.ts";
import { settleOrAbort } from "../../api/pace/settle-or-abort.ts";
import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import type { Store } from "../../store/store.ts";
import { isObject, type Json, type JsonObject } from "../../types/json.ts";
import type { CallOutcome, Request } from "../../types/plan.ts";
import { lookUp } from "../look-up/look-up.ts";
import { LOOK_UP_KINDS, type LookUpBy, type LookUpContext } from "../look-up/request.ts";

/** Fetches what a run asked for, within `limitMs`. Never rejects: trouble is an outcome. Null: given up, since the program
 *  ends; the next one fetches it again. */
export type Fetch = (
  request: Request,
  about: { readonly chatId: number | null; readonly limitMs: number },
) => Promise<CallOutcome | null>;

export interface FetchOptions extends Pick<LookUpContext, "crm" | "reference" | "tries"> {
  /** Where phone numbers typed without a country are at home (two letters); null: not known. */
  readonly country: () => string | null;
  readonly connectionId: string;
  readonly store: Pick<Store, "customer">;
  readonly outside: Outside;
  readonly clock: Clock;
  readonly log: Log;
  /** Aborted when even requests under way are given up. */
  readonly lastCall?: AbortSignal;
}

export function createFetch(options: FetchOptions): Fetch {
  return async ({ kind, args }, { chatId, limitMs }) => {
    const { lastCall } = options;
    const inTime = AbortSignal.timeout(Math.max(1, limitMs));
    const signal = lastCall === undefined ? inTime : AbortSignal.any([inTime, lastCall]);
    try {
      if (kind === "http") return { ok: true, body: await options.outside.call(args, signal) };
      signal.throwIfAborted();
      // A directory is read for all chats together, so it goes on; this chat waits for it no longer.
      const outcome = await settleOrAbort(fetchLookUp(options, args, { chatId, signal }), signal);
      return !outcome.ok && lastCall?.aborted ? null : outcome;
    } catch (error) {
      if (lastCall?.aborted) return null;
      const reason = reasonOf(error, inTime);
      options.log.warn({ chat: chatId, kind, err: error }, reason);
      return { ok: false, reason };
    }
  };
}

function reasonOf(error: unknown, inTime: AbortSignal): string {
  if (error instanceof OutsideError) return error.message;
  return inTime.aborted ? "it took too long" : "it could not be fetched";
}

/** The answer as the action reads it: `{found: value}`, or `{}`. */
async function fetchLookUp(
  options: FetchOptions,
  args: JsonObject,
  { chatId, signal }: { readonly chatId: number | null; readonly signal: AbortSignal },
): Promise<CallOutcome> {
  const kind = LOOK_UP_KINDS.find((known) => known === args.what);
  if (kind === undefined) return { ok: false, reason: "nothing of that kind can be looked up" };
  const customerId = typeof args.customer_id === "number" ? args.customer_id : null;
  const customer = customerId === null ? null : await options.store.customer(options.connectionId, customerId);
  const asker = args.asker === "manager" ? "manager" : "customer";
  const context: LookUpContext = { ...options, country: options.country(), asker, chatId, customer, signal };
  const answer = await lookUp({ kind, by: byOf(args.by) }, context);
  if (answer.outcome === "failed") return { ok: false, reason: answer.reason };
  return { ok: true, body: answer.outcome === "found" ? { found: answer.names[kind] ?? null } : {} };
}

function byOf(by: Json | undefined): LookUpBy | null {
  if (!isObject(by) || Object.keys(by).length === 0) return null;
  const texts = Object.entries(by).map(([name, value]) => [name, value === null ? "" : String(value)]);
  return Object.fromEntries(texts);
}
