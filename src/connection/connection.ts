import { createCrmApi } from "../api/crm.ts";
import type { RequestOutcome } from "../api/http/request.ts";
import { type Lookup, systemLookup } from "../api/inside.ts";
import type { Network } from "../api/network.ts";
import type { Paces } from "../api/pace/paces.ts";
import { atMost, type Clock } from "../clock.ts";
import type { ConnectGate } from "../gateway/connect-gate.ts";
import type { Log, SecretKeeper } from "../log.ts";
import type { ConnectionAccess, ConnectionRecord, Forgotten, Store } from "../store/store.ts";
import type { Sentence } from "../types/issue.ts";
import type { JsonObject } from "../types/json.ts";
import type { Rulebook } from "../types/rule.ts";
import type { Decided } from "./deciding/deciding.ts";
import type { Turns } from "./lanes/turns.ts";
import { type LifeOptions, live } from "./registering/life.ts";
import { openRecord } from "./registering/record.ts";
import { crmWith, type RegisterOptions, type Registration, readAccess, register } from "./registering/register.ts";
import { registrationSentence } from "./registering/sentences.ts";
import { createServing } from "./serving/serving.ts";
import type { Vitals } from "./serving/vitals.ts";
import { type Starting, takePlace } from "./starting.ts";

export interface ConnectionOptions {
  readonly crm: { readonly url: string; readonly apiKey: string };
  readonly module: { readonly code: string; readonly name: string; readonly publicUrl: string };
  /** As stored: an account that was renamed keeps its connection, whose name is that of its first address. Left out: the one named after
   *  `crm.url`. */
  readonly record?: ConnectionRecord;
  /** `host` or `host:port` inside the network that rules may call (`http.allowed_hosts`); left out: none. */
  readonly allowedHosts?: readonly string[];
  readonly store: Store;
  readonly rulebook: Rulebook;
  /** One for the whole program. */
  readonly gate: ConnectGate;
  /** One for the whole program, too: when it may begin; left out: at once. */
  readonly starting?: Starting;
  /** And whose turn it is to decide; left out: always its own. */
  readonly turns?: Turns;
  readonly clock: Clock;
  readonly log: Log;
  /** In [0, 1). */
  readonly random: () => number;
  /** Learns the token, so that no log ever shows it. */
  readonly secrets: SecretKeeper;
  readonly lookup?: Lookup;
  /** What may be connected to, for an account that came through the form; left out: `crm.url` is the operator's own word. */
  readonly network?: Network | undefined;
  /** Shared with whoever else of the program asks the account's CRM; left out: nobody does. */
  readonly paces?: Paces | undefined;
  readonly onDecision?: (decided: Decided) => void;
  /** Told of each request to the CRM or the gateway that came to an end. */
  readonly onRequest?: ((request: RequestDone) => void) | undefined;
  /** How registration stands, whenever that changes; for the operator. */
  readonly onRegistration?: (registration: Registration, sentence: Sentence) => void;
  /** The socket is open and the bot answers; told each time it opens. */
  readonly onListening?: () => void;
  /** The socket has opened, or the gateway is waited for; told each time. */
  readonly onSocket?: (state: "open" | "waiting") => void;
  /** A key that the CRM refuses at the first start ends the connection; left out: it waits, and asks again. */
  readonly endsOnRefusal?: boolean;
  /** Why the connection has to be silent whatever the CRM says; asked at each look. Null (and left out): it has not. */
  readonly withheld?: () => "by_owner" | "paused" | null;
  /** False: another replica may have the connection by now, so nothing is decided or sent; left out: always true. */
  readonly mayAct?: () => boolean;
}

/** A request of a connection that came to an end. */
export interface RequestDone extends RequestOutcome {
  readonly connectionId: string;
  readonly api: "crm" | "bot";
}

/** One CRM account at work, from registration to the last answer. */
export interface Connection {
  readonly id: string;
  /** The rules for every event from now on. Published commands and the socket's events follow. */
  useRulebook(rulebook: Rulebook): Promise<void>;
  /** Plain data for `/status`: ids, counts and states, no secrets, no customer's words. */
  status(): Promise<JsonObject>;
  /** For `/metrics`: what is at hand, without asking anybody. */
  vitals(): Vitals;
  /** Removes everything of a customer, whatever goes on in their chats. Rejects with StoreError. */
  forgetCustomer(customerId: number): Promise<Forgotten>;
  /** Looks now how the module stands, whether the connection is withheld, and what somebody else has changed in the store. */
  look(): void;
  /** The account's settings may have changed: its hours and lists are read again. Rejects when they can't be. */
  rereadAccount(): Promise<void>;
  /** Takes no more events, ends what is under way, then resolves: within 6 s, whatever hangs. Never rejects. */
  drain(): Promise<void>;
  /** Settles when the connection has ended: with the refusal that waiting can't heal, or null when it was drained. */
  readonly ended: Promise<Sentence | null>;
}

/** A registration that fails is told at once, since its caller tries again with longer and longer pauses; a look at a module
 *  that works must not cry because of one lost request. */
const AT_ONCE = 1;
const PATIENTLY = 4;
/** Nothing is under way any more when the serving has ended, unless the store hangs. */
const END_MS = 500;

/** The store is asked for the account's record first: rejects with StoreError when it can't be used. */
export async function startConnection(options: ConnectionOptions): Promise<Connection> {
  const { clock, store, secrets, random } = options;
  const account = { crmUrl: options.crm.url, moduleCode: options.module.code };
  let record = options.record ?? (await openRecord(store, account));
  await store.saveRules(options.rulebook.rules);
  const log = options.log.child({ connection: record.id });
  secrets.add(options.crm.apiKey);
  if (record.token !== null) secrets.add(record.token);

  const stop = new AbortController();
  const nudge = createNudge(clock);
  const told = (api: RequestDone["api"]) => (outcome: RequestOutcome) =>
    options.onRequest?.({ ...outcome, connectionId: record.id, api });
  const crm = createCrmApi({
    url: options.crm.url,
    apiKey: options.crm.apiKey,
    clock,
    random,
    log,
    network: options.network,
    paces: options.paces,
    onOutcome: told("crm"),
  });
  const saveAccess = async (access: Partial<ConnectionAccess>) => {
    if (isKept(record, access)) return;
    await store.saveAccess(record.id, access);
    record = { ...record, ...access };
  };
  const about = { log, connectionId: record.id, crm, saveAccess, onOutcome: told("bot") };
  const place = takePlace(options.starting, stop.signal);
  const onListening = () => {
    place.leave();
    options.onListening?.();
  };
  const serving = createServing({ ...options, ...about, onListening });
  const latest = createReporter(options, log);
  const lookup = options.lookup ?? systemLookup;
  const asking = (attempts: number): RegisterOptions => ({
    crm: crmWith(crm, { signal: stop.signal, attempts }),
    record,
    module: options.module,
    lookup,
    network: options.network,
  });

  const withheld = (): Registration | null => {
    const why = options.withheld?.() ?? null;
    return why === null ? null : { kind: "inactive", why };
  };

  const life: LifeOptions = {
    endsOnRefusal: options.endsOnRefusal === true,
    stored:
      record.gatewayUrl === null || record.token === null
        ? null
        : { gatewayUrl: record.gatewayUrl, token: record.token },
    register: async () => withheld() ?? (await register(asking(AT_ONCE))),
    look: async () => withheld() ?? (await readAccess(asking(PATIENTLY))),
    serve: serving.serve,
    report(registration) {
      if (registration.kind !== "registered") place.leave();
      latest.report(registration);
    },
    onFault(error) {
      place.leave();
      log.error({ err: error }, "the work on this account has failed; it begins anew");
    },
    rest: nudge.rest,
    clock,
    random,
    signal: stop.signal,
  };
  const fatal = place.taken.then((isTaken) => (isTaken ? live(life) : null)).finally(place.leave);
  const ended = fatal.then((why) => (why === null ? null : registrationSentence(why, options.crm.url)));
  // Nobody has to wait for it: what one account meets must never end the program with all the others.
  ended.catch((error) => log.error({ err: error }, "the work on this account has ended"));

  const end = async () => {
    await serving.drain();
    stop.abort(new Error("the program ends"));
    await atMost(END_MS, ended, clock);
    crm.close();
  };
  let draining: Promise<void> | null = null;

  return {
    id: record.id,
    ended,
    useRulebook: serving.useRulebook,
    vitals: serving.vitals,
    forgetCustomer: serving.forgetCustomer,
    look() {
      nudge.look();
      void serving.rereadStore();
    },
    rereadAccount: serving.rereadAccount,
    async status() {
      return { id: record.id, crm: record.crmUrl, module: latest.status(), ...(await serving.status()) };
    },
    drain() {
      draining ??= end();
      return draining;
    },
  };
}

/** After a restart nearly always; what is written costs a disk its time, a thousand times over. */
const isKept = (record: ConnectionAccess, { gatewayUrl, token, botId }: Partial<ConnectionAccess>) =>
  [gatewayUrl ?? record.gatewayUrl, token ?? record.token, botId ?? record.botId].join("\n") ===
  [record.gatewayUrl, record.token, record.botId].join("\n");

/** Tells how registration stands, once per change. */
function createReporter({ crm, module, onRegistration }: ConnectionOptions, log: Log) {
  let last: Registration | null = null;
  return {
    report(registration: Registration) {
      const changed =
        last?.kind !== registration.kind || sentenceOf(last, crm.url) !== sentenceOf(registration, crm.url);
      last = registration;
      if (!changed) return;
      const sentence = registrationSentence(registration, crm.url);
      const line = { module: module.code, state: registration.kind };
      if (registration.kind === "registered") log.info(line, sentence.en);
      else log.warn(line, sentence.en);
      onRegistration?.(registration, sentence);
    },
    status: (): JsonObject => ({
      code: module.code,
      state: last?.kind ?? "unknown",
      says: last === null ? null : sentenceOf(last, crm.url),
    }),
  };
}

const sentenceOf = (registration: Registration, crmUrl: string) => registrationSentence(registration, crmUrl).en;

/** Hints come unsigned: however many there are, the CRM is asked at most this often because of them. */
const HINT_PAUSE_MS = 1_000;

/** A rest that a hint of the CRM cuts short. */
function createNudge(clock: Clock) {
  let wake = () => {};
  let isPausing = false;
  let isHinted = false;
  return {
    look() {
      if (isPausing) return;
      isPausing = true;
      clock.after(HINT_PAUSE_MS, () => {
        isPausing = false;
        isHinted = true;
        wake();
      });
    },
    async rest(ms: number, signal: AbortSignal): Promise<void> {
      const early = new AbortController();
      wake = () => early.abort();
      // A hint that came while the CRM was being asked may be about what happened after: ask again at once.
      if (!isHinted) await clock.sleep(ms, AbortSignal.any([signal, early.signal])).catch(() => {});
      isHinted = false;
      signal.throwIfAborted();
    },
  };
}
