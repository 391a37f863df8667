import type { Store } from "../../src/store/store.ts";

/** Writing operations of the store: between any two of them a program can die. */
const WRITES: ReadonlySet<PropertyKey> = new Set([
  "receive",
  "nextEvent",
  "commit",
  "beginCall",
  "endCall",
  "fireTimers",
  "saveFact",
  "addConnection",
  "saveAccess",
  "saveDialogs",
  "addDialogs",
  "savePeople",
  "saveChannels",
  "saveBots",
  "saveRules",
] satisfies (keyof Store)[]);

/** When a life ends: at the `write`-th writing operation from now on (0 is the next), just before it is done or just after. */
export interface Death {
  readonly write: number;
  readonly when: "before" | "after";
}

/** A program's hold on the store, which death ends: from then on no operation is done and none is ever answered, as when a
 *  process is killed. */
export interface MortalStore {
  readonly store: Store;
  /** Writing operations done so far. */
  writes(): number;
  dieAt(death: Death): void;
  isDead(): boolean;
  /** Ends it now, if it has not ended. */
  bury(): void;
  isOver(): boolean;
}

const never = () => new Promise<never>(() => {});

/** `onDeath` is called at the moment of death, once; `onUse` at every operation. */
export function mortal(real: Store, { onDeath, onUse }: { onDeath(): void; onUse(): void }): MortalStore {
  let writes = 0;
  let dead = false;
  let over = false;
  let fate: { readonly at: number; readonly when: Death["when"] } | null = null;

  const die = () => {
    if (dead) return;
    dead = true;
    onDeath();
  };
  const isFated = (when: Death["when"]) => fate !== null && fate.when === when && writes >= fate.at;
  const live = async (name: PropertyKey, operation: () => unknown): Promise<unknown> => {
    if (dead) return never();
    onUse();
    if (!WRITES.has(name)) {
      const answer = await operation();
      return dead ? never() : answer;
    }
    if (isFated("before")) die();
    if (dead) return never();
    const done = operation();
    const isLast = isFated("after");
    writes += 1;
    if (isLast) die();
    const answer = await done;
    return dead ? never() : answer;
  };
  const store = new Proxy(real, {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== "function") return method;
      return (...args: readonly unknown[]) => live(name, () => Reflect.apply(method, target, args));
    },
  });
  return {
    store,
    writes: () => writes,
    dieAt: ({ write, when }) => {
      fate = { at: writes + write, when };
    },
    isDead: () => dead,
    bury() {
      over = true;
      die();
    },
    isOver: () => over,
  };
}
