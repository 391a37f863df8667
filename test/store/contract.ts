import { afterEach, beforeEach, describe } from "vitest";
import type { Clock } from "../../src/clock.ts";
import type { Store } from "../../src/store/store.ts";
import { CONTRACT_NOW, clockAt } from "./bench.ts";
import { describeAging } from "./contract/aging.ts";
import { describeCommit } from "./contract/commit.ts";
import { describeConnections } from "./contract/connections.ts";
import { describeDocuments } from "./contract/documents.ts";
import { describeForgetting } from "./contract/forget.ts";
import { describeForgettingCustomers } from "./contract/forget-customer.ts";
import { describeHeld } from "./contract/held.ts";
import { describeInbox } from "./contract/inbox.ts";
import { describeLeases } from "./contract/leases.ts";
import { describeMeasures } from "./contract/measures.ts";
import { describeOutbox } from "./contract/outbox.ts";
import { describeRuns } from "./contract/runs.ts";
import { describeTimers } from "./contract/timers.ts";
import { describeUpkeep } from "./contract/upkeep.ts";

/** What every store promises. `open` gives a fresh, empty one each time it is called. */
export function describeStore(name: string, open: (clock: Clock) => Promise<Store>): void {
  describe(name, () => {
    let store: Store | undefined;
    beforeEach(async () => {
      store = await open(clockAt(CONTRACT_NOW));
    });
    afterEach(async () => {
      await store?.close();
    });
    const theStore = () => {
      if (store === undefined) throw new Error("no store is open");
      return store;
    };
    describeConnections(theStore);
    describeInbox(theStore);
    describeHeld(theStore);
    describeCommit(theStore);
    describeRuns(theStore);
    describeTimers(theStore);
    describeOutbox(theStore);
    describeDocuments(theStore);
    describeForgetting(theStore);
    describeLeases(theStore);
    describeForgettingCustomers(theStore);
    describeUpkeep(theStore);
    describeAging(theStore);
    describeMeasures(theStore);
  });
}
