import { learn, missingFacts } from "../../engine/learn.ts";
import { subjects } from "../../engine/subjects.ts";
import type { Event } from "../../types/event.ts";
import type { Json } from "../../types/json.ts";
import type { Call } from "../../types/plan.ts";
import type { State } from "../../types/state.ts";
import type { Context, Link } from "../context.ts";
import { tags } from "./decision-log.ts";
import { loadState } from "./load-state.ts";

/** Facts learned may show that others are missing (the chat, then its customer). */
const LOOK_UP_ROUNDS = 3;

/** The answers of the list calls that were made for an event. */
export interface LookedUp {
  readonly answers: ReadonlyMap<Call, Json>;
  /** No look-up failed. */
  readonly complete: boolean;
  /** Whose the event is, by itself, by its chat, or by what was looked up; null: nobody's. */
  readonly customerId: number | null;
}

/** Facts the event does not carry. A look-up that fails is not fatal: the rules then see null. */
export async function lookUpFacts(options: Context, { event, link }: { event: Event; link: Link }): Promise<LookedUp> {
  const { store, connectionId, directory, log } = options;
  let complete = true;
  const answers = new Map<Call, Json>();
  const asked = new Set<string>();
  let state: State = await loadState(
    { store, connectionId, directory: directory.current(), rulebook: options.rulebook() },
    subjects(event),
  );
  for (let round = 0; round < LOOK_UP_ROUNDS; round++) {
    const calls = missingFacts(event, state).filter((call) => !asked.has(JSON.stringify(call)));
    if (calls.length === 0) break;
    for (const call of calls) {
      asked.add(JSON.stringify(call));
      try {
        const rows = await link.ask(call);
        answers.set(call, rows);
        state = learn(state, call, rows);
      } catch (error) {
        complete = false;
        log.warn({ ...tags(event), operation: call.operation, err: error }, "a fact could not be looked up");
      }
    }
  }
  const customerId = subjects(event).customerId ?? state.chat?.customerId ?? state.customer?.id ?? null;
  return { answers, complete, customerId };
}
