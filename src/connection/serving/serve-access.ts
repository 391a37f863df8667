import type { Clock } from "../../clock.ts";
import type { ListenerState } from "../../gateway/listen.ts";
import type { Bot } from "../../types/state.ts";
import { createTimers } from "../deciding/timers.ts";
import { introduce } from "../directory/identity.ts";
import { refreshDirectory } from "../directory/refresh.ts";
import { createCommandsKeeper } from "../registering/commands-keeper.ts";
import type { Access } from "../registering/life.ts";
import type { Parts } from "./serving-parts.ts";
import { createSession, introduced, type Session } from "./session.ts";
import { untilStored } from "./until-stored.ts";

const HEARD_EVERY_MS = 60_000;
/** People, groups, channels and hours of the account change without a word to us: the lists are read again about this often. */
const REFRESH_EVERY_MS = 3_600_000;
/** A list read this short a time before the socket opened is fresh enough. */
const FRESH_MS = 10_000;

/** Works with this access until the gateway refuses it or the signal is aborted. In this order: the access is kept, the bot
 *  learns who it is, reads the lists, and only then performs, decides and listens. */
export async function serveAccess(parts: Parts, access: Access, signal: AbortSignal): Promise<"refused" | "stopped"> {
  const { options, present } = parts;
  const { gatewayUrl, token } = access;
  options.secrets.add(token);
  await keepAccess(parts, { gatewayUrl, token }, signal);
  const refused = Promise.withResolvers<"refused">();
  const session = openSession(parts, { access, signal, onRefused: () => refused.resolve("refused") });
  const onTrouble = (reason: string) => {
    present.trouble = { since: present.trouble?.since ?? options.clock.now(), reason };
    options.onSocket?.("waiting");
  };
  const bot = await introduced(session.ask, { ...options, signal, onTrouble });
  present.trouble = null;
  if (bot === null) return signal.aborted ? "stopped" : "refused";
  await keepAccess(parts, { botId: bot.id }, signal);
  const { roles } = present.rulebook.bot;
  introduce(session.ask, { name: options.module.name, roles }).catch((error) =>
    options.log.warn({ err: error }, "the bot's name and roles could not be set"),
  );
  await refresh(parts, { session, bot, signal });
  if (signal.aborted || present.isDraining) return "stopped";
  const close = await open(parts, { session, bot, signal });
  const stopRefreshing = refreshOften(parts, { session, bot, signal });
  try {
    return await Promise.race([refused.promise, whenAborted(signal)]);
  } finally {
    stopRefreshing();
    await close();
  }
}

type AccessChange = { readonly gatewayUrl: string; readonly token: string } | { readonly botId: number };

function keepAccess({ options }: Parts, change: AccessChange, signal: AbortSignal): Promise<void> {
  return untilStored(() => options.saveAccess(change), { ...options, signal });
}

interface Opening {
  readonly access: Access;
  readonly signal: AbortSignal;
  readonly onRefused: () => void;
}

function openSession(parts: Parts, { access, signal, onRefused }: Opening): Session {
  const { options, present, intake, ending, lastCall } = parts;
  return createSession({
    access,
    rulebook: present.rulebook,
    gate: options.gate,
    network: options.network,
    onOutcome: options.onOutcome,
    clock: options.clock,
    log: options.log,
    random: options.random,
    onFrame: intake.frame,
    onState: (state) => onState(parts, state),
    onRefused,
    signal,
    ending: ending.signal,
    lastCall: lastCall.signal,
  });
}

/** Everything is known: performing, deciding and listening begin. The returned function ends them. */
async function open(parts: Parts, { session, bot, signal }: At): Promise<() => Promise<void>> {
  const { options, present, lanes, catchUp } = parts;
  present.session = session;
  // The rules may have been changed while we waited for the gateway.
  session.useRulebook(present.rulebook);
  const commands = createCommandsKeeper({ ...options, ask: session.ask });
  commands.want(present.rulebook.commands);
  present.commands = commands;
  present.link = session.link(bot);
  await lanes.sweep();
  present.refresh = () => refreshUnlessFresh(parts, { session, bot, signal });
  const timers = createTimers({ ...options, mayFire: () => !catchUp.hasGap(), wake: lanes.wake });
  parts.timers.current = timers;
  session.listen();
  const stopHearing = every(options.clock, HEARD_EVERY_MS, catchUp.heard);
  return async () => {
    stopHearing();
    catchUp.stop();
    timers.stop();
    parts.timers.current = null;
    present.link = null;
    present.session = null;
    present.commands = null;
    present.refresh = null;
    await Promise.all([session.deafen(), commands.stop()]);
  };
}

/** One token at work, who we are with it, and the end of it. */
interface At {
  readonly session: Session;
  readonly bot: Bot;
  readonly signal: AbortSignal;
}

/** Reads the lists anew, those of dialogs closed since we last heard the gateway included. What the CRM is slow to tell comes later. */
async function refresh(
  { options, present, context, crmReading, lanes, catchUp, lastCall }: Parts,
  { session, bot, signal }: At,
): Promise<void> {
  const { connectionId, store, clock, log } = options;
  const since = await catchUp.seenAt().catch(() => null);
  present.refreshedAt = clock.elapsed();
  const users = crmReading.users(signal);
  const hours = crmReading.hours(signal);
  await refreshDirectory({
    ask: session.askFirst,
    crmUsers: () => users.soon,
    store,
    connectionId,
    log,
    since: since === null ? null : since - HEARD_EVERY_MS,
    exclusive: lanes.exclusive,
  });
  await hours;
  await untilStored(() => context.directory.load(bot), { clock, log, signal: lastCall.signal });
  users.late();
}

/** Reads the lists anew about once an hour: not all connections at the same moment. The returned function ends it. */
function refreshOften(parts: Parts, about: Parameters<typeof refresh>[1]): () => void {
  const { clock, log, random } = parts.options;
  const everyMs = REFRESH_EVERY_MS * (0.9 + random() / 5);
  return every(clock, everyMs, () => {
    refresh(parts, about).catch((error) => log.error({ err: error }, "the directory could not be refreshed"));
  });
}

/** What was read a moment before the socket opened need not be read again. */
async function refreshUnlessFresh(parts: Parts, at: At): Promise<void> {
  const isFresh = parts.options.clock.elapsed() - parts.present.refreshedAt <= FRESH_MS;
  if (!isFresh) await refresh(parts, at);
}

/** Each time the socket opens there may have been a gap before. */
function onState({ options, present, catchUp, pressure }: Parts, { name, reason }: ListenerState): void {
  options.log.debug({ socket: name, reason }, "the socket's state");
  if (name === "open") {
    present.opened += 1;
    pressure.opened();
    catchUp.opened();
    options.onListening?.();
    options.onSocket?.("open");
    return;
  }
  if (name === "waiting" || name === "refused") options.onSocket?.("waiting");
  catchUp.lost();
  // What was read before a socket was lost is stale, however short a time ago that was.
  if (name !== "connecting") present.refreshedAt = Number.NEGATIVE_INFINITY;
}

function whenAborted(signal: AbortSignal): Promise<"stopped"> {
  const { promise, resolve } = Promise.withResolvers<"stopped">();
  if (signal.aborted) resolve("stopped");
  signal.addEventListener("abort", () => resolve("stopped"), { once: true });
  return promise;
}

/** Calls the task again and again; the returned function ends it. */
function every(clock: Clock, ms: number, task: () => void): () => void {
  let cancel = () => {};
  const again = () => {
    cancel = clock.after(ms, () => {
      task();
      again();
    });
  };
  again();
  return () => cancel();
}
