import type { JsonObject } from "../../types/json.ts";
import type { Rulebook } from "../../types/rule.ts";
import type { Access } from "../registering/life.ts";
import { refreshHours, serveAccess } from "./serve-access.ts";
import { createParts, type Parts, type ServingOptions } from "./serving-parts.ts";
import { servingStatus } from "./serving-status.ts";

/** A connection's work, from one token to the next: inbox, lanes, directory, rules. */
export interface Serving {
  /** Works with this access until the gateway refuses it or the signal is aborted. */
  serve(access: Access, signal: AbortSignal): Promise<"refused" | "stopped">;
  useRulebook(rulebook: Rulebook): Promise<void>;
  /** Reads the account's hours and lists again. */
  rereadAccount(): Promise<void>;
  status(): Promise<JsonObject>;
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
        await refreshHours(parts, parts.ending.signal);
    },
    async rereadAccount() {
      await refreshHours(parts, parts.ending.signal);
      present.refreshedAt = Number.NEGATIVE_INFINITY;
      await present.refresh?.();
    },
    status: () => servingStatus(parts),
    drain: () => drain(parts),
  };
}

/** Requests under way get this long to end when the program is asked to stop (8 s in all, spec section 9). */
const DRAIN_MS = 5_000;

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
  const done = new AbortController();
  await Promise.race([work, options.clock.sleep(DRAIN_MS, done.signal).catch(() => {})]);
  done.abort();
  intake.stop();
  parts.pressure.stop();
  lastCall.abort(new Error("the program ends"));
  await work;
  parts.outside.close();
}
