import { atMost } from "../../clock.ts";
import type { Forgotten } from "../../store/store.ts";
import type { JsonObject } from "../../types/json.ts";
import type { Rulebook } from "../../types/rule.ts";
import type { Access } from "../registering/life.ts";
import { serveAccess } from "./serve-access.ts";
import { createParts, type Parts, type ServingOptions } from "./serving-parts.ts";
import { servingStatus } from "./serving-status.ts";
import { type Vitals, vitalsOf } from "./vitals.ts";

/** A connection's work, from one token to the next: inbox, lanes, directory, rules. */
export interface Serving {
  /** Works with this access until the gateway refuses it or the signal is aborted. */
  serve(access: Access, signal: AbortSignal): Promise<"refused" | "stopped">;
  useRulebook(rulebook: Rulebook): Promise<void>;
  /** Reads the account's hours and lists again. */
  rereadAccount(): Promise<void>;
  status(): Promise<JsonObject>;
  /** For `/metrics`: what is at hand, without asking anybody. */
  vitals(): Vitals;
  /** Removes everything of a customer. Rejects with StoreError. */
  forgetCustomer(customerId: number): Promise<Forgotten>;
  /** Something may have been changed in the store beside us: people, channels and queues are read from it again. Never rejects. */
  rereadStore(): Promise<void>;
  /** Takes no more events and ends what is under way. */
  drain(): Promise<void>;
}

export function createServing(options: ServingOptions): Serving {
  const parts = createParts(options);
  const { present } = parts;
  return {
    serve: (access, signal) => serveAccess(parts, access, signal),
    async useRulebook(rulebook) {
      await options.store.saveRules(rulebook.rules);
      present.rulebook = rulebook;
      present.session?.useRulebook(rulebook);
      present.commands?.want(rulebook.commands);
      parts.queues.look();
      parts.names.look();
      // The new rules may be the first that need them.
      if (present.session !== null && parts.context.directory.current().crmHours === null)
        await parts.crmReading.hours(parts.ending.signal);
    },
    async rereadAccount() {
      await parts.crmReading.hours(parts.ending.signal);
      present.refreshedAt = Number.NEGATIVE_INFINITY;
      await present.refresh?.();
    },
    status: () => servingStatus(parts),
    vitals: () => vitalsOf(parts),
    async forgetCustomer(customerId) {
      const forgotten = await parts.forgetCustomer(customerId);
      // Their open dialogs count among nobody's any more, and wait in no queue.
      await rereadStore(parts);
      return forgotten;
    },
    rereadStore: () => rereadStore(parts),
    drain: () => drain(parts),
  };
}

async function rereadStore({ present, context: { directory, log } }: Parts): Promise<void> {
  // Whoever begins to serve reads all of it.
  if (present.session === null) return;
  await directory
    .load(directory.current().bot)
    .catch((error) => log.warn({ err: error }, "the directory could not be read again"));
}

/** Requests under way get this long to end when the program is asked to stop (8 s in all, P9). */
const DRAIN_MS = 5_000;
/** What is given up then ends at once, unless the store hangs: its answers are of no use any more, and the fence keeps them harmless. */
const LAST_MS = 500;

async function drain(parts: Parts): Promise<void> {
  const { options, present, intake, catchUp, lanes, ending, lastCall } = parts;
  present.isDraining = true;
  catchUp.heard();
  catchUp.stop();
  present.link = null;
  parts.timers.current?.stop();
  parts.queues.stop();
  ending.abort(new Error("the program was asked to end"));
  await present.session?.deafen();
  const work = Promise.all([intake.flush(), lanes.stop()]);
  await atMost(DRAIN_MS, work, options.clock);
  intake.stop();
  parts.pressure.stop();
  lastCall.abort(new Error("the program ends"));
  await atMost(LAST_MS, work, options.clock);
  parts.outside.close();
}
