import {
  createShops,
  type OwnAccount,
  type Shops,
  type ShopsOptions,
  type Standing,
} from "../../src/accounts/working/shops.ts";
import { systemClock } from "../../src/clock.ts";
import type { Decided } from "../../src/connection/deciding/deciding.ts";
import { newRecord } from "../../src/connection/registering/record.ts";
import { createConnectGate } from "../../src/gateway/connect-gate.ts";
import { createSecretKeeper } from "../../src/log.ts";
import { type Replica, startReplica } from "../../src/replica/replica.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../src/sandbox/index.ts";
import { openStore } from "../../src/store/open.ts";
import { sealedStore } from "../../src/store/sealed.ts";
import type { ConnectionRecord, Store } from "../../src/store/store.ts";
import { echo } from "../connection/account.ts";
import { createTestLog, type TestLog } from "../helpers/test-log.ts";

export const MODULE = { code: "rulebot", name: "Helper", publicUrl: "http://localhost:8080" };

/** Several CRM accounts and one program that works for them, without its HTTP side. */
export interface Town {
  readonly store: Store;
  readonly shops: Shops;
  readonly replica: Replica;
  readonly log: TestLog;
  readonly decided: Decided[];
  readonly standings: Standing[];
  /** An account of its own. */
  account(options?: SandboxOptions): Promise<Sandbox>;
  /** Puts the account into the store, as if it had come through the form, and has it taken up. */
  move(sandbox: Sandbox, over?: Partial<ConnectionRecord>): Promise<ConnectionRecord>;
  stop(): Promise<void>;
}

export interface TownOptions {
  readonly own?: OwnAccount;
  readonly rulebookOf?: ShopsOptions["rulebookOf"];
}

export async function openTown({ own, rulebookOf = () => echo }: TownOptions = {}): Promise<Town> {
  // As in the program; without a key nothing is sealed, and what is sealed can't be opened.
  const store = sealedStore(await openStore(":memory:"), null);
  const log = createTestLog();
  const decided: Decided[] = [];
  const standings: Standing[] = [];
  const sandboxes: Sandbox[] = [];
  const shops = createShops({
    shared: {
      gate: createConnectGate(systemClock),
      clock: systemClock,
      log: log.log,
      random: () => 0,
      secrets: createSecretKeeper(),
      module: MODULE,
      onDecision: (one) => decided.push(one),
    },
    own: own ?? null,
    strangers: {},
    rulebookOf,
    onStanding: (one) => standings.push(one),
  });
  const known = own === undefined ? [] : [own.id];
  const replica = await startReplica({
    store,
    owner: "a",
    known,
    clock: systemClock,
    log: log.log,
    begin: shops.begin,
  });
  return {
    store,
    shops,
    replica,
    log,
    decided,
    standings,
    async account(options) {
      const sandbox = await startSandbox(options);
      sandboxes.push(sandbox);
      return sandbox;
    },
    async move(sandbox, over = {}) {
      const made = newRecord({ crmUrl: sandbox.crmUrl, moduleCode: MODULE.code });
      const record = await store.addConnection({ ...made, apiKey: sandbox.apiKey, ...over });
      await replica.look();
      return record;
    },
    async stop() {
      await replica.stop();
      for (const sandbox of sandboxes) await sandbox.stop();
      await store.close();
    },
  };
}

/** Resolves when the account hears its bot. */
export const listens = (sandbox: Sandbox) => sandbox.until(() => sandbox.socketCount() === 1, 15_000);
/** Resolves when nobody listens to the account any more. */
export const falls = (sandbox: Sandbox) => sandbox.until(() => sandbox.socketCount() === 0, 15_000);
