import { randomBytes } from "node:crypto";
import { createHints } from "../accounts/hints.ts";
import { rulebookFor, ruleSetsFor } from "../accounts/rulebook-for.ts";
import { createShops, type OwnAccount, statusOf } from "../accounts/shops.ts";
import { wantsSandbox } from "../config/settings.ts";
import { connectionId } from "../connection/registering/record.ts";
import { createStarting } from "../connection/starting.ts";
import { createConnectGate } from "../gateway/connect-gate.ts";
import { createLog, createSecretKeeper, type Log } from "../log.ts";
import { type Replica, startReplica } from "../replica/replica.ts";
import type { Sandbox } from "../sandbox/index.ts";
import { startService } from "../service/server.ts";
import { STATUS_ADDRESS, WHOLE_PROGRAM } from "../service/status-facts.ts";
import type { JsonObject } from "../types/json.ts";
import type { Books } from "../types/rule.ts";
import type { Settings } from "../types/settings.ts";
import { createVault } from "../vault.ts";
import { wireMany } from "./accounts.ts";
import { openProgramStore } from "./open-store.ts";
import type { App, AppOptions } from "./options.ts";
import { configStatus, openStatusToken, readinessOf } from "./program-state.ts";
import { createReloading, createToldReload } from "./reload.ts";
import { addressOf, createShow, createTelling, sayReady } from "./telling.ts";
import { startUpkeep } from "./upkeep.ts";
import { wireWatching } from "./watching.ts";

export type { App, AppOptions } from "./options.ts";

/** Wires everything together and starts it. Rejects with StoreError or ServiceError, whose message is for the operator. */
export async function startApp(options: AppOptions): Promise<App> {
  const { loaded, clock, random } = options;
  const { settings } = loaded;
  const isSandbox = wantsSandbox(settings);
  const secrets = createSecretKeeper();
  for (const secret of loaded.secrets) secrets.add(secret);
  const format = settings.log.format ?? (options.output.isTTY === true ? "pretty" : "json");
  // While one types as the customer, the chat has to stay readable.
  const level = isSandbox && settings.log.level === "info" ? "warn" : settings.log.level;
  const log = createLog({ level, format, destination: options.output, secrets });

  const vault = settings.service === null ? null : createVault(settings.service.encryptionKeys);
  const address = isSandbox ? ":memory:" : settings.storage;
  const store = await openProgramStore({ address, vault, secrets, log, signal: options.stopping });
  const undo: (() => Promise<void>)[] = [() => store.close()];
  const ending = new AbortController();
  try {
    const statusToken = await openStatusToken(store);
    secrets.add(statusToken);
    const state = { draining: false, faults: [] as readonly string[] };
    const sandbox = isSandbox ? await (await import("../sandbox/index.ts")).startSandbox() : null;
    if (sandbox !== null) undo.push(() => sandbox.stop());

    const show = createShow();
    const listening = Promise.withResolvers<void>();
    const refused = Promise.withResolvers<number>();
    let books: Books = loaded;
    let replica: Replica | null = null;
    const own = ownAccount(settings, sandbox, {
      onRegistration: createTelling({ ...options, secrets, language: settings.language }),
      onRefused: () => refused.resolve(3),
    });
    const look = () => void replica?.look();
    const statusHere = async (id: string) => (await shops.at(id)?.status()) ?? null;
    const many =
      settings.service === null || vault === null
        ? null
        : wireMany({
            settings: { ...settings, service: settings.service },
            vault,
            store,
            module: settings.module,
            own: own === null ? null : { id: own.id, apiKey: own.crm.apiKey },
            ruleSetsFor: (record) => ruleSetsFor(record, books),
            rulebookOf: (record) => rulebookFor(record, books),
            statusOf: statusHere,
            look,
            clock,
            log,
            random,
            signal: ending.signal,
          });
    if (many !== null) undo.push(async () => many.close());
    const watching = wireWatching({
      settings,
      store,
      own,
      network: many?.network,
      shops: () => shops,
      look,
      config: () => ({ isGood: state.faults.length === 0, version: books.rulebook.version }),
      clock,
      log,
      random,
    });
    const shops = createShops({
      shared: {
        gate: createConnectGate(clock),
        starting: createStarting(clock),
        clock,
        log,
        random,
        secrets,
        module: settings.module,
        allowedHosts: settings.http.allowedHosts,
        onDecision(decided) {
          show.decided(decided);
          watching.metrics.decided(decided);
        },
        onRequest: watching.requested,
        onListening: listening.resolve,
      },
      own,
      strangers: many === null ? {} : { network: many.network },
      rulebookOf: (record) => rulebookFor(record, books),
      onStanding(standing) {
        many?.onStanding(standing);
        watching.alarms.standing(standing);
      },
      ...(many !== null && { onRules: many.onRules }),
    });
    const hints = many?.accounts ?? createHints({ store, look, clock, log });

    const service = await startService({
      ...settings.http,
      log,
      clock,
      publicUrl: settings.module.publicUrl,
      name: settings.module.name,
      language: settings.language,
      statusToken,
      readiness: () => readinessOf(state, replica?.isStoreUsable() ?? true),
      async status() {
        const ids = own !== null && many === null ? [own.id] : await everyId(store.connections());
        const connections = await Promise.all(ids.map((id) => statusOf(shops.at(id), id)));
        return { config: configStatus(state.faults), connections } satisfies JsonObject;
      },
      metrics: { token: settings.http.metricsToken, read: watching.metrics.read },
      operation: watching.operation,
      onHint: hints.hint,
      many: many?.pages ?? null,
    });
    undo.push(() => service.close());
    await store.saveFact(WHOLE_PROGRAM, STATUS_ADDRESS, addressOf(settings, service));

    const owner = randomBytes(16).toString("hex");
    const known = own === null ? [] : [own.id];
    const begun = await startReplica({ store, owner, known, clock, log, begin: shops.begin });
    replica = begun;
    undo.push(() => begun.stop());

    const told = createToldReload(options.errors);
    const useBooks = async (changed: Books) => {
      books = changed;
      await shops.useRules();
    };
    const files = createReloading({
      ...options,
      log,
      secrets,
      state,
      useBooks,
      told,
      onRead: watching.metrics.reloaded,
    });
    undo.push(async () => files.stop());
    const stopUpkeep = startUpkeep({ store, clock, log, keepMs: settings.retentionMs });
    undo.push(async () => stopUpkeep());

    if (sandbox !== null) {
      await Promise.race([listening.promise, refused.promise]);
      options.output.write(`Rulebot is ready: ${addressOf(settings, service)} (sandbox)\n`);
      const { attachTerminal } = await import("../sandbox/terminal/index.ts");
      const terminal = attachTerminal({
        sandbox,
        input: options.input,
        output: options.output,
        language: settings.language,
        interrupt: options.interrupt,
      });
      show.on(terminal.decided);
      told.at(terminal.tell);
      undo.push(async () => terminal.close());
    }
    if (!isSandbox) sayReady(addressOf(settings, service), { output: options.output, log, format });
    return {
      log,
      reload: files.reload,
      ended: refused.promise,
      async drain() {
        state.draining = true;
        ending.abort(new Error("the program ends"));
        await closeAll(undo, log);
      },
    };
  } catch (error) {
    await closeAll(undo, log);
    throw error;
  }
}

const everyId = async (records: Promise<readonly { readonly id: string }[]>) => (await records).map(({ id }) => id);

/** Null: the file names no account, and there is no sandbox. */
function ownAccount(
  { crm, module }: Settings,
  sandbox: Sandbox | null,
  telling: Pick<OwnAccount, "onRegistration" | "onRefused">,
): OwnAccount | null {
  const account = crm ?? (sandbox === null ? null : { url: sandbox.crmUrl, apiKey: sandbox.apiKey });
  if (account === null) return null;
  return { id: connectionId({ crmUrl: account.url, moduleCode: module.code }), crm: account, ...telling };
}

/** Last opened, first closed. What fails to close does not keep the rest open. */
async function closeAll(undo: (() => Promise<void>)[], log: Log): Promise<void> {
  for (const close of undo.splice(0).reverse()) {
    await close().catch((error) => log.error({ err: error }, "something did not close in good order"));
  }
}
