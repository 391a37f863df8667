import type { Forgotten, Store } from "../../store/store.ts";
import { type Chosen, chooseByWholeName, chooseConnections } from "./choose.ts";
import type { Removal } from "./removing.ts";

type NotChosen = Exclude<Chosen, { readonly kind: "chosen" }>;

/** `changed` are the ids of the connections that were paused or resumed; `same` are those that had been before. */
export type Paused =
  | { readonly kind: "paused"; readonly changed: readonly string[]; readonly same: readonly string[] }
  | NotChosen;

/** What was removed, by connection. */
export type ForgottenIn = { readonly kind: "forgotten"; readonly by: Readonly<Record<string, Forgotten>> } | NotChosen;

/** `part`: the name is only a part of that connection's. */
export type RemovedOne = Removal | { readonly kind: "part"; readonly id: string } | NotChosen;

/** What the operator may ask for while the program runs, and while it does not. Rejections are StoreErrors. */
export interface Operation {
  /** `rulebot pause` and `resume`. `connection` as `chooseConnections` takes it. */
  pause(asked: { readonly connection: string | null; readonly paused: boolean }): Promise<Paused>;
  /** `rulebot forget`: everything of a customer, by the number that the chats give them. */
  forget(asked: { readonly connection: string | null; readonly customerId: number }): Promise<ForgottenIn>;
  /** `rulebot remove`: an account that connected by itself, for good. It has to be named in full. */
  remove(asked: { readonly connection: string }): Promise<RemovedOne>;
}

export interface OperationOptions {
  readonly store: Pick<Store, "connections" | "changeConnection" | "touchConnection" | "forgetCustomer">;
  /** Whoever shares the work out looks at once. */
  readonly look: () => void;
  /** The connection at work in this process; null: it is not. Rejects with StoreError. */
  readonly at: (connectionId: string) => { forgetCustomer(customerId: number): Promise<Forgotten> } | null;
  /** As `createRemoving` makes it. */
  readonly remove: (connectionId: string) => Promise<Removal>;
}

export function createOperation({ store, look, at, remove }: OperationOptions): Operation {
  return {
    async pause({ connection, paused }) {
      const records = await store.connections();
      const chosen = chooseConnections(records, connection);
      if (chosen.kind !== "chosen") return chosen;
      const before = new Map(records.map((record) => [record.id, record.paused]));
      const changed = chosen.ids.filter((id) => before.get(id) !== paused);
      for (const id of changed) await store.changeConnection(id, { paused });
      look();
      return { kind: "paused", changed, same: chosen.ids.filter((id) => !changed.includes(id)) };
    },
    async forget({ connection, customerId }) {
      const chosen = chooseConnections(await store.connections(), connection);
      if (chosen.kind !== "chosen") return chosen;
      const by: Record<string, Forgotten> = {};
      for (const id of chosen.ids) {
        const here = at(id);
        by[id] = await (here === null ? store.forgetCustomer(id, customerId) : here.forgetCustomer(customerId));
        // Another process may work on the connection: what it knows by heart is out of date.
        if (here === null) await store.touchConnection(id);
      }
      look();
      return { kind: "forgotten", by };
    },
    async remove({ connection }) {
      const chosen = chooseByWholeName(await store.connections(), connection);
      if (chosen.kind !== "chosen") return chosen;
      const [id] = chosen.ids;
      return id === undefined ? { kind: "gone" } : await remove(id);
    },
  };
}
