import type { CrmApi } from "../../api/crm.ts";
import { atMost, type Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import type { Store } from "../../store/store.ts";
import type { Json } from "../../types/json.ts";
import type { Rulebook } from "../../types/rule.ts";
import { accountHours, readHours } from "./account-hours.ts";
import { crmUsers } from "./crm-users.ts";
import type { DirectoryKeeper } from "./directory.ts";

/** What only the CRM knows of an account: e-mails and groups of its people, and its working hours. A CRM that is slow, or at its limit, holds
 *  up nobody for longer than a moment: meanwhile what was known before is used, and what comes late is taken over when it comes.
 *  No two readings of the same are under way: who asks meanwhile waits for that one. */
export interface CrmReading {
  /** Rows of the CRM's users; `soon` is null when they have not come in a moment. `late` is to be called once the directory is loaded: it takes
   *  over what comes afterwards. Nothing of it rejects. */
  users(signal: AbortSignal): { readonly soon: Promise<Json>; readonly late: () => void };
  /** Reads the working hours, if the present rules are written with them. Resolves in a moment, whether they have come or not; never rejects. */
  hours(signal: AbortSignal): Promise<void>;
}

export interface CrmReadingOptions {
  readonly connectionId: string;
  readonly crm: Pick<CrmApi, "users" | "settings">;
  readonly store: Pick<Store, "fact" | "saveFact">;
  readonly directory: Pick<DirectoryKeeper, "current" | "keepHours" | "learnUsers">;
  readonly rulebook: () => Rulebook;
  readonly clock: Clock;
  readonly log: Log;
}

/** Listening, and whatever is held meanwhile, waits for the CRM no longer than this. */
export const PATIENCE_MS = 3_000;
/** The fact that keeps the account's hours for the next start. */
const CRM_HOURS = "crm_hours";

export function createCrmReading(options: CrmReadingOptions): CrmReading {
  const { clock, log, rulebook } = options;
  const readUsers = oneAtATime((signal) => crmUsers(options, rulebook(), signal));
  const readHoursNow = oneAtATime((signal) => keepFreshHours(options, signal));
  return {
    users(signal) {
      const reading = readUsers(signal);
      const soon = inAMoment(reading, clock);
      return { soon, late: () => void learnLate(options, { reading, soon }) };
    },
    async hours(signal) {
      await recallHours(options).catch((error) => log.warn({ err: error }, "the hours known before can't be read"));
      await atMost(PATIENCE_MS, readHoursNow(signal), clock);
    },
  };
}

/** Null when it has not come in a moment. The promise never rejects. */
async function inAMoment(reading: Promise<Json>, clock: Clock): Promise<Json> {
  let come: Json = null;
  const noted = reading.then((rows) => {
    come = rows;
  });
  await atMost(PATIENCE_MS, noted, clock);
  return come;
}

async function learnLate(
  { directory, log }: CrmReadingOptions,
  { reading, soon }: { readonly reading: Promise<Json>; readonly soon: Promise<Json> },
): Promise<void> {
  try {
    if ((await soon) !== null) return;
    const rows = await reading;
    if (rows !== null) await directory.learnUsers(rows);
  } catch (error) {
    log.warn({ err: error }, "what the CRM says of its users could not be kept");
  }
}

/** The hours of the last time the CRM told them, until it does again. */
async function recallHours({ store, connectionId, directory, rulebook }: CrmReadingOptions): Promise<void> {
  if (directory.current().crmHours !== null || !needsHours(rulebook())) return;
  const hours = readHours(await store.fact(connectionId, CRM_HOURS));
  if (hours !== null && directory.current().crmHours === null) directory.keepHours(hours);
}

const needsHours = ({ hours }: Rulebook) => Object.values(hours).includes("crm");

async function keepFreshHours(options: CrmReadingOptions, signal: AbortSignal): Promise<void> {
  const { store, connectionId, directory, rulebook, log } = options;
  const hours = await accountHours(options, rulebook(), signal);
  if (hours === null) return;
  const isNew = JSON.stringify(hours) !== JSON.stringify(directory.current().crmHours);
  directory.keepHours(hours);
  if (!isNew) return;
  await store
    .saveFact(connectionId, CRM_HOURS, hours as unknown as Json)
    .catch((error) => log.warn({ err: error }, "the account's hours are not kept"));
}

function oneAtATime<T>(read: (signal: AbortSignal) => Promise<T>): (signal: AbortSignal) => Promise<T> {
  let reading: Promise<T> | null = null;
  return (signal) => {
    reading ??= read(signal).finally(() => {
      reading = null;
    });
    return reading;
  };
}
