import { declaredAs, type Owner } from "../actions/stored.ts";
import type { Rulebook } from "../types/rule.ts";
import type { SetAt, State, Variables } from "../types/state.ts";

/** A document with variables. `setAt` is left out where none has an age limit. */
interface Holder {
  readonly variables: Variables;
  readonly setAt?: SetAt;
}

type Declared = Pick<Rulebook, "variables">;

/** The variables of a document that count at this moment (Unix ms): one with `keep` counts so long after it was last set. */
export function keptVariables(owner: Owner, holder: Holder | null, declared: Declared, now: number): Variables {
  if (holder === null) return {};
  const over = overIn(owner, holder, declared, now);
  return over.length === 0 ? holder.variables : without(holder.variables, over);
}

/** The state without variables that no longer count. A value that was stored before its variable had a `keep` counts from now.
 *  Documents in which nothing changes stay the very objects. */
export function forgetOld(state: State, declared: Declared, now: number): State {
  const dialog = tidied("dialog", state.dialog, declared, now);
  const customer = tidied("customer", state.customer, declared, now);
  const chat = tidied("chat", state.chat, declared, now);
  const isSame = dialog === state.dialog && customer === state.customer && chat === state.chat;
  return isSame ? state : { ...state, dialog, customer, chat };
}

function tidied<Kind extends Holder>(owner: Owner, holder: Kind | null, declared: Declared, now: number): Kind | null {
  if (holder === null) return null;
  const over = overIn(owner, holder, declared, now);
  const ageless = Object.keys(holder.variables).filter(
    (name) => keepMsOf(owner, name, declared) !== null && momentOf(name, holder) === null,
  );
  if (over.length === 0 && ageless.length === 0) return holder;
  const setAt = { ...without(holder.setAt ?? {}, over), ...Object.fromEntries(ageless.map((name) => [name, now])) };
  return { ...holder, variables: without(holder.variables, over), setAt };
}

function overIn(owner: Owner, holder: Holder, declared: Declared, now: number): readonly string[] {
  return Object.keys(holder.setAt ?? {}).filter((name) => {
    const keepMs = keepMsOf(owner, name, declared);
    const at = momentOf(name, holder);
    return keepMs !== null && at !== null && now - at > keepMs;
  });
}

function keepMsOf(owner: Owner, name: string, declared: Declared): number | null {
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
