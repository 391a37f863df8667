import { declaredAs, type Owner } from "../actions/stored.ts";
import type { Rulebook } from "../types/rule.ts";
import type { SetAt, State, Variables } from "../types/state.ts";

/** A document with variables. `setAt` is left out where none has an age limit. */
interface Holder {
  readonly variables: Variables;
  readonly setAt?: SetAt;
}

/** What the files declare, and the moment that counts (Unix ms). */
interface Now {
  readonly declared: Pick<Rulebook, "variables">;
  readonly now: number;
}

/** The variables of a document that count at this moment: one with `keep` counts so long after it was last set. */
export function keptVariables(owner: Owner, holder: Holder | null, at: Now): Variables {
  if (holder === null) return {};
  const over = overIn(owner, holder, at);
  return over.length === 0 ? holder.variables : without(holder.variables, over);
}

/** The state without variables that no longer count. A value that was stored before its variable had a `keep` counts from now.
 *  Documents in which nothing changes stay the very objects. */
export function forgetOld(state: State, at: Now): State {
  const dialog = tidied("dialog", state.dialog, at);
  const customer = tidied("customer", state.customer, at);
  const chat = tidied("chat", state.chat, at);
  const isSame = dialog === state.dialog && customer === state.customer && chat === state.chat;
  return isSame ? state : { ...state, dialog, customer, chat };
}

function tidied<Kind extends Holder>(owner: Owner, holder: Kind | null, at: Now): Kind | null {
  if (holder === null) return null;
  const over = overIn(owner, holder, at);
  const ageless = Object.keys(holder.variables).filter(
    (name) => keepMsOf(owner, name, at) !== null && momentOf(name, holder) === null,
  );
  if (over.length === 0 && ageless.length === 0) return holder;
  const setAt = { ...without(holder.setAt ?? {}, over), ...Object.fromEntries(ageless.map((name) => [name, at.now])) };
  return { ...holder, variables: without(holder.variables, over), setAt };
}

function overIn(owner: Owner, holder: Holder, at: Now): readonly string[] {
  return Object.keys(holder.setAt ?? {}).filter((name) => {
    const keepMs = keepMsOf(owner, name, at);
    const set = momentOf(name, holder);
    return keepMs !== null && set !== null && at.now - set > keepMs;
  });
}

function keepMsOf(owner: Owner, name: string, { declared }: Now): number | null {
  return declaredAs(declared, { owner, name })?.keepMs ?? null;
}

function momentOf(name: string, { setAt = {} }: Holder): number | null {
  return Object.hasOwn(setAt, name) ? (setAt[name] ?? null) : null;
}

function without<Value>(
  record: Readonly<Record<string, Value>>,
  names: readonly string[],
): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));
}
