import { type BotApi, createBotApi } from "../../api/bot.ts";
import { ApiError } from "../../api/errors.ts";
import type { RequestOutcome } from "../../api/http/request.ts";
import { pauseMs } from "../../api/http/retry.ts";
import type { Network } from "../../api/network.ts";
import type { Clock } from "../../clock.ts";
import { neededEvents } from "../../engine/needs.ts";
import type { ConnectGate } from "../../gateway/connect-gate.ts";
import { type Listener, type ListenerState, listen } from "../../gateway/listen.ts";
import type { Frame } from "../../gateway/socket/socket.ts";
import type { Log } from "../../log.ts";
import type { Call } from "../../types/plan.ts";
import type { Rulebook } from "../../types/rule.ts";
import type { Bot } from "../../types/state.ts";
import type { Link } from "../context.ts";
import { whoAmI } from "../directory/identity.ts";
import type { Ask } from "../directory/pages.ts";
import type { Access } from "../registering/life.ts";

/** Attempts of a read call; deciding waits for these. */
const READ_ATTEMPTS = 3;
/** Requests still under way when a session ends have their answer by then. */
const GRACE_MS = 20_000;

export interface SessionOptions {
  readonly access: Access;
  readonly rulebook: Rulebook;
  readonly gate: ConnectGate;
  readonly network?: Network | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: () => number;
  readonly onOutcome?: ((outcome: RequestOutcome) => void) | undefined;
  readonly onFrame: (frame: Frame) => void;
  readonly onState: (state: ListenerState) => void;
  /** The session ends here: the token is not accepted. */
  readonly onRefused: () => void;
  /** Ends the session; reads under way are given up. */
  readonly signal: AbortSignal;
  /** The program has been asked to end: gives up reads under way. */
  readonly ending: AbortSignal;
  /** The program ends now: also gives up sends under way, whose fate is then looked up at the next start. */
  readonly lastCall: AbortSignal;
}

/** One token at work: its REST side, and its socket while listening is wanted. */
export interface Session {
  readonly ask: Ask;
  /** The same, before all that waits for its turn: deciding and sending are held until it is known. */
  readonly askFirst: Ask;
  link(bot: Bot): Link;
  /** The listener; null: not listening. */
  listener(): Listener | null;
  listen(): void;
  /** Closes the socket on purpose; `listen` opens it again. */
  deafen(): Promise<void>;
  useRulebook(rulebook: Rulebook): void;
}

export function createSession(options: SessionOptions): Session {
  const { access, clock, log, random, signal, lastCall } = options;
  let { rulebook } = options;
  let api = createApi(options, rulebook);
  let listener: Listener | null = null;

  // A read that is given up when the program ends is simply made again later: it never delays the end.
  const reading = AbortSignal.any([signal, options.ending]);
  const send: Link["send"] = async (call, turn) => api.request(call, { attempts: 1, signal: lastCall, ...turn });
  const asking = (first: boolean) => async (call: Call) => {
    try {
      return await api.request(call, { attempts: READ_ATTEMPTS, signal: reading, first });
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) options.onRefused();
      throw error;
    }
  };
  const ask: Ask = asking(false);
  const retire = (old: BotApi) => void clock.after(GRACE_MS, () => old.close());

  signal.addEventListener("abort", () => retire(api), { once: true });
  return {
    ask,
    askFirst: asking(true),
    link: (bot) => ({ bot, ask, send, refused: options.onRefused }),
    listener: () => listener,
    listen() {
      if (listener !== null || signal.aborted) return;
      const own = listen({
        target: { endpointUrl: access.gatewayUrl, token: access.token, events: [...neededEvents(rulebook)] },
        gate: options.gate,
        network: options.network,
        clock,
        random,
        log,
        onFrame: options.onFrame,
        // One that was told to end may say so only when the next has begun.
        onState: (state) => {
          if (listener === null || listener === own) options.onState(state);
        },
        onRefused: options.onRefused,
      });
      listener = own;
    },
    async deafen() {
      const closing = listener;
      listener = null;
      await closing?.stop();
    },
    useRulebook(changed) {
      const sameRate = changed.bot.requestsPerSecond === rulebook.bot.requestsPerSecond;
      const events = neededEvents(changed);
      const sameEvents = events.join() === neededEvents(rulebook).join();
      rulebook = changed;
      if (!sameEvents) listener?.resubscribe(events);
      if (sameRate) return;
      retire(api);
      api = createApi(options, changed);
    },
  };
}

function createApi({ access, clock, log, random, network, onOutcome }: SessionOptions, rulebook: Rulebook): BotApi {
  return createBotApi({
    endpointUrl: access.gatewayUrl,
    token: access.token,
    requestsPerSecond: rulebook.bot.requestsPerSecond,
    network,
    onOutcome,
    clock,
    log,
    random,
  });
}

interface Introduction extends Pick<SessionOptions, "clock" | "log" | "random" | "signal"> {
  /** Why the bot does not know yet who it is. */
  readonly onTrouble: (reason: string) => void;
}

/** Who we are, however long the gateway takes to say it. Null: it refuses the token, or we were stopped. */
export async function introduced(
  ask: Ask,
  { clock, log, random, signal, onTrouble }: Introduction,
): Promise<Bot | null> {
  for (let attempt = 1; !signal.aborted; attempt++) {
    const found = await askedWhoAmI(ask);
    if (typeof found !== "string") return found;
    const pause = pauseMs(attempt, null, random());
    log.warn({ reason: found, pauseMs: pause }, "the gateway does not tell the bot who it is; asking again");
    onTrouble(found);
    await clock.sleep(pause, signal).catch(() => {});
  }
  return null;
}

/** The bot; null: the token is refused; a text: why nobody knows. */
async function askedWhoAmI(ask: Ask): Promise<Bot | null | string> {
  try {
    return (await whoAmI(ask)) ?? "the gateway does not show this bot";
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return error.kind === "refused" ? null : error.message;
  }
}
