import type { CrmApi } from "../../api/crm.ts";
import type { RequestOutcome } from "../../api/http/request.ts";
import type { Network } from "../../api/network.ts";
import { createOutside, type Outside } from "../../api/outside.ts";
import { createReferenceCache } from "../../api/reference-cache.ts";
import type { Clock } from "../../clock.ts";
import type { ConnectGate } from "../../gateway/connect-gate.ts";
import { likelyCountries } from "../../language/answers/country.ts";
import type { Log, SecretKeeper } from "../../log.ts";
import type { ConnectionAccess, Forgotten, Store } from "../../store/store.ts";
import type { Rulebook } from "../../types/rule.ts";
import { type CatchUp, createCatchUp } from "../catch-up/catch-up.ts";
import type { Reader } from "../catch-up/fill.ts";
import type { Context, Link } from "../context.ts";
import { createDeciding, type Decided } from "../deciding/deciding.ts";
import { createFetch } from "../deciding/fetch.ts";
import { forgetChats } from "../deciding/forget-chats.ts";
import { createForgetCustomer } from "../deciding/forget-customer.ts";
import { createQueues, type Queues } from "../deciding/queues.ts";
import type { Timers } from "../deciding/timers.ts";
import { type CrmReading, createCrmReading } from "../directory/crm-reading.ts";
import { createDirectory } from "../directory/directory.ts";
import { createNameWatch, type NameWatch } from "../directory/name-watch.ts";
import { createLanes, type Lanes } from "../lanes/lanes.ts";
import type { Turns } from "../lanes/turns.ts";
import { createOrderTries } from "../look-up/order-tries.ts";
import { createNewestMessages } from "../performing/newest-messages.ts";
import { createPerforming } from "../performing/performing.ts";
import type { CommandsKeeper } from "../registering/commands-keeper.ts";
import { createIntake, type Intake } from "./intake.ts";
import { createPressure, type Pressure } from "./pressure.ts";
import type { Session } from "./session.ts";

export interface ServingOptions {
  readonly connectionId: string;
  readonly module: { readonly name: string };
  /** Services inside the network that rules may call; left out: none. */
  readonly allowedHosts?: readonly string[];
  readonly crm: CrmApi;
  readonly saveAccess: (access: Partial<ConnectionAccess>) => Promise<void>;
  readonly store: Store;
  readonly rulebook: Rulebook;
  readonly gate: ConnectGate;
  /** One for the whole program; left out: it need not take turns with others. */
  readonly turns?: Turns | undefined;
  /** What may be connected to; left out: the addresses are the operator's own word. */
  readonly network?: Network | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** In [0, 1). */
  readonly random: () => number;
  readonly secrets: SecretKeeper;
  readonly onDecision?: (decided: Decided) => void;
  /** Told of each request to the gateway that came to an end. */
  readonly onOutcome?: ((outcome: RequestOutcome) => void) | undefined;
  readonly onListening?: () => void;
  readonly onSocket?: (state: "open" | "waiting") => void;
  /** False: another replica may have the connection by now, so nothing is decided or sent; left out: always true. */
  readonly mayAct?: () => boolean;
}

/** What changes while a connection serves. */
export interface Present {
  rulebook: Rulebook;
  /** Null: nothing may be sent now. */
  link: Link | null;
  session: Session | null;
  commands: CommandsKeeper | null;
  /** Why there is no session yet although there is a token; null: nothing is wrong. `since`: Unix ms. */
  trouble: { readonly since: number; readonly reason: string } | null;
  /** When the lists of people, channels and dialogs were last read, by `Clock.elapsed`. */
  refreshedAt: number;
  isDraining: boolean;
  /** How often the socket has opened. */
  opened: number;
  /** Reads people, channels and dialogs anew; null: there is no session. */
  refresh: (() => Promise<void>) | null;
}

/** Everything of a connection that lasts from one token to the next. */
export interface Parts {
  readonly options: ServingOptions;
  readonly present: Present;
  readonly context: Context;
  readonly lanes: Lanes;
  readonly intake: Intake;
  readonly catchUp: CatchUp;
  /** Run while the connection serves. */
  readonly timers: { current: Timers | null };
  readonly outside: Outside;
  readonly queues: Queues;
  readonly names: NameWatch;
  readonly crmReading: CrmReading;
  readonly pressure: Pressure;
  /** Removes everything of a customer while none of their chats' work goes on. */
  readonly forgetCustomer: (customerId: number) => Promise<Forgotten>;
  /** Aborted when the program has been asked to end. */
  readonly ending: AbortController;
  /** Aborted when even requests under way are given up. */
  readonly lastCall: AbortController;
}

export function createParts(options: ServingOptions): Parts {
  const { connectionId, store, clock, log, random } = options;
  const present: Present = {
    rulebook: options.rulebook,
    link: null,
    session: null,
    commands: null,
    trouble: null,
    refreshedAt: Number.NEGATIVE_INFINITY,
    isDraining: false,
    opened: 0,
    refresh: null,
  };
  const newest = createNewestMessages();
  const context: Context = {
    connectionId,
    store,
    clock,
    log,
    random,
    newest,
    directory: createDirectory(store, connectionId, () => {
      queues.look();
      names.look();
    }),
    rulebook: () => present.rulebook,
    link: () => (catchUp.isHolding() || options.mayAct?.() === false ? null : present.link),
    wake: (chatId) => lanes.wake(chatId),
  };
  const queues = createQueues(context);
  const names = createNameWatch(context);
  const crmReading = createCrmReading({ ...context, crm: options.crm });
  const stops = { ending: new AbortController(), lastCall: new AbortController() };
  const outside = createOutside({ allowedHosts: options.allowedHosts ?? [] });
  const fetch = createFetch({
    connectionId,
    store,
    clock,
    log,
    outside,
    crm: options.crm,
    reference: createReferenceCache({ crm: options.crm, clock }),
    tries: createOrderTries(store, connectionId),
    country: () => likelyCountries(present.rulebook)[0] ?? null,
    lastCall: stops.lastCall.signal,
  });
  const timers: { current: Timers | null } = { current: null };
  const lanes = createLanes({
    connectionId,
    store,
    clock,
    log,
    decide: createDeciding({
      ...context,
      onDecision: shown(options),
      turn: options.turns && (() => options.turns?.take(connectionId) ?? Promise.resolve()),
      fetch,
      timersChanged: () => timers.current?.changed(),
      settled: queues.settled,
      forget: (chatIds) => forget(chatIds),
    }),
    perform: createPerforming(context),
  });
  const intake = createIntake({
    connectionId,
    store,
    clock,
    log,
    newest,
    wake: lanes.wake,
    receiving: (events) => catchUp.receiving(events),
    onStoreFailed: () => void present.session?.deafen(),
    onStoreBack: () => (pressure.isHigh() ? undefined : present.session?.listen()),
    onKept: (count) => pressure.received(count),
  });
  const pressure = createPressure({
    undecided: async () => (await store.counts(connectionId)).inbox,
    isOpen: () => catchUp.isOpen(),
    onHigh: () => void present.session?.deafen(),
    onLow: () => present.session?.listen(),
    clock,
    log,
  });
  const forget = forgetChats({ ...context, exclusive: lanes.exclusive });
  const forgetCustomer = createForgetCustomer({ ...context, exclusive: lanes.exclusive });
  const catchUp = createCatchUp({
    connectionId,
    store,
    clock,
    log,
    random,
    newest,
    turn: intake.turn,
    wake: lanes.wake,
    sweep: lanes.sweep,
    exclusive: lanes.exclusive,
    directory: context.directory,
    reader: () => readerOf(present),
    refresh: async () => present.refresh?.(),
    isPressed: () => pressure.isHigh(),
    onFilled: () => timers.current?.changed(),
  });
  return {
    options,
    present,
    context,
    lanes,
    intake,
    catchUp,
    timers,
    outside,
    queues,
    names,
    crmReading,
    pressure,
    forgetCustomer,
    ...stops,
  };
}

function readerOf({ session, link }: Present): Reader | null {
  return session === null || link === null ? null : { ask: session.askFirst, botId: link.bot.id };
}

/** Whoever looks on must not be able to break a decision that is already stored. */
function shown({ onDecision, log }: ServingOptions): (decided: Decided) => void {
  return (decided) => {
    try {
      onDecision?.(decided);
    } catch (error) {
      log.error({ err: error }, "a decision could not be shown");
    }
  };
}
