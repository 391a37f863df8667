import { pauseMs } from "../../api/http/retry.ts";
import type { Clock } from "../../clock.ts";
import { LeaseLost } from "../../store/leases.ts";
import type { Registration } from "./register.ts";
import { mayHealItself } from "./sentences.ts";

/** The way to the gateway, as the CRM gave it. */
export interface Access {
  readonly gatewayUrl: string;
  readonly token: string;
}

export interface LifeOptions {
  /** The access kept from an earlier start; null: none. */
  readonly stored: Access | null;
  /** A refusal that waiting can't heal ends it at its first start (an operator is there and reads it); left out: it waits, and asks
   *  again. */
  readonly endsOnRefusal?: boolean;
  /** Makes the module stand in the CRM. Never rejects because of the CRM. */
  readonly register: () => Promise<Registration>;
  /** Only reads the module; null: it is gone. */
  readonly look: () => Promise<Registration | null>;
  /** Works with this access until the gateway refuses it or the signal says stop. */
  readonly serve: (access: Access, signal: AbortSignal) => Promise<"refused" | "stopped">;
  readonly report: (registration: Registration) => void;
  /** Something that should never happen: told before it begins anew, five minutes later. It ends neither this account nor others. */
  readonly onFault: (error: unknown) => void;
  /** Sleeps, but wakes early when the CRM has hinted that something changed. Rejects when the signal is aborted. */
  readonly rest: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly signal: AbortSignal;
}

/** A module that is switched off, and one that works, are looked at this often (reliability.md P19). */
const LOOK_MS = 300_000;
/** A token that was refused and that the CRM still gives is tried this often (P20). */
const PROBE_MS = 900_000;

/** One account from start to stop. Ends with the refusal that no waiting can heal, at the first start; null: stopped, or another replica
 *  has it by now. */
export async function live(options: LifeOptions): Promise<Registration | null> {
  const { signal, rest, onFault } = options;
  const known: Known = { access: options.stored };
  while (!signal.aborted) {
    try {
      return await serveOn(options, known);
    } catch (error) {
      if (signal.aborted || error instanceof LeaseLost) return null;
      onFault(error);
      await rest(LOOK_MS, signal).catch(() => {});
    }
  }
  return null;
}

/** What one beginning leaves to the next. */
interface Known {
  /** The last one that was good; null: none. */
  access: Access | null;
}

async function serveOn(options: LifeOptions, known: Known): Promise<Registration> {
  const begun = await begin(options, known);
  if ("fatal" in begun) return begun.fatal;
  let { access, registered } = begun;
  for (;;) {
    known.access = access;
    const ended = await serveWatched(options, { access, registered });
    options.signal.throwIfAborted();
    access = ended.why === "moved" ? ended.access : await regain(options, access, ended.why);
    registered = true;
  }
}

type Begun = { readonly access: Access; readonly registered: boolean } | { readonly fatal: Registration };

/** Registers, and waits where waiting helps. With an access from before, work begins even if the CRM is silent (F67). */
async function begin(options: LifeOptions, { access: stored }: Known): Promise<Begun> {
  const { endsOnRefusal, register, report, rest, signal, random } = options;
  for (let attempt = 1; ; attempt++) {
    const registration = await register();
    signal.throwIfAborted();
    report(registration);
    if (registration.kind === "registered") return { access: registration, registered: true };
    if (stored !== null && saysNothingOfTheModule(registration)) return { access: stored, registered: false };
    if (endsOnRefusal === true && !mayHealItself(registration)) return { fatal: registration };
    await rest(registration.kind === "unreachable" ? pauseMs(attempt, null, random()) : LOOK_MS, signal);
  }
}

/** The CRM could not or would not answer; whether the module is on, the gateway itself will say. */
const saysNothingOfTheModule = ({ kind }: Registration) =>
  kind === "unreachable" || kind === "refused" || kind === "not_a_crm" || kind === "moved" || kind === "no_token";

type Ended =
  | { readonly why: "refused" }
  | { readonly why: "inactive" }
  | { readonly why: "moved"; readonly access: Access };

/** Serves, and looks at the module meanwhile. Whichever ends first ends the other. */
async function serveWatched(
  options: LifeOptions,
  { access, registered }: { access: Access; registered: boolean },
): Promise<Ended> {
  const over = new AbortController();
  const signal = AbortSignal.any([options.signal, over.signal]);
  const serving = options.serve(access, signal).then((): Ended => ({ why: "refused" }));
  const watching = watch(options, { access, registered, signal });
  try {
    return await Promise.race([serving, watching]);
  } finally {
    over.abort(new Error("the other ended first"));
    await Promise.allSettled([serving, watching]);
  }
}

async function watch(
  options: LifeOptions,
  { access, registered, signal }: { access: Access; registered: boolean; signal: AbortSignal },
): Promise<Ended> {
  let isRegistered = registered;
  for (let attempt = 1; ; attempt++) {
    await options.rest(isRegistered ? LOOK_MS : pauseMs(attempt, null, options.random()), signal);
    const seen = isRegistered ? await lookOrRegister(options) : await options.register();
    signal.throwIfAborted();
    options.report(seen);
    if (seen.kind === "inactive") return { why: "inactive" };
    if (seen.kind !== "registered") continue;
    isRegistered = true;
    if (!sameAccess(seen, access)) return { why: "moved", access: seen };
  }
}

/** A good access again. After a refusal the CRM is asked at once, since the token may have been renewed. */
async function regain(options: LifeOptions, lost: Access, why: "refused" | "inactive"): Promise<Access> {
  const { clock, report, rest, signal, random } = options;
  const since = clock.elapsed();
  let wasOff = why === "inactive";
  if (wasOff) await rest(LOOK_MS, signal);
  for (let attempt = 1; ; attempt++) {
    const seen = await lookOrRegister(options);
    signal.throwIfAborted();
    wasOff ||= seen.kind === "inactive";
    const isHealed = seen.kind === "registered" && (wasOff || !sameAccess(seen, lost));
    report(seen.kind === "registered" && !isHealed ? { kind: "token_refused" } : seen);
    if (isHealed) return seen;
    if (seen.kind !== "inactive" && clock.elapsed() - since >= PROBE_MS)
      return seen.kind === "registered" ? seen : lost;
    await rest(seen.kind === "unreachable" ? pauseMs(attempt, null, random()) : LOOK_MS, signal);
  }
}

/** A module that has gone from the account is registered anew, as at a start. */
const lookOrRegister = async ({ look, register }: LifeOptions) => (await look()) ?? (await register());

const sameAccess = (left: Access, right: Access) => left.gatewayUrl === right.gatewayUrl && left.token === right.token;
