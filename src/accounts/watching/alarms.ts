import type { CrmApi } from "../../api/crm.ts";
import { ApiError } from "../../api/errors.ts";
import type { Clock } from "../../clock.ts";
import type { RequestDone } from "../../connection/connection.ts";
import { createMutexes } from "../../connection/lanes/mutexes.ts";
import { registrationSentence } from "../../connection/registering/sentences.ts";
import type { Log } from "../../log.ts";
import { LeaseLost } from "../../store/leases.ts";
import type { Language, Sentence } from "../../types/issue.ts";
import { within } from "../deadline.ts";
import { TOLD } from "../facts.ts";
import type { Standing } from "../working/shops.ts";
import { failingRequests, notWorking } from "./alarm-sentences.ts";
import {
  counted,
  isFailing,
  isGood,
  isNews,
  readTold,
  type Tally,
  type Trouble,
  toldFact,
  troubleOf,
} from "./health.ts";

export interface AlarmsOptions {
  /** A client for an account; closed after use. `isOwn`: its address is the operator's own word. */
  readonly crmOf: (account: { readonly url: string; readonly apiKey: string; readonly isOwn: boolean }) => CrmApi;
  /** The file's own account: its key is not in the store. Null: the file names none. */
  readonly own: { readonly id: string; readonly crm: { readonly url: string; readonly apiKey: string } } | null;
  /** Of an account whose owner chose none. */
  readonly language: Language;
  /** `module.name`. */
  readonly name: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** Tells the admins of an account, in the CRM, that the bot has trouble there: once, and not as a flood (crm-api.md section 7). */
export interface Alarms {
  /** A request of a connection came to an end. */
  requested(request: RequestDone): void;
  /** How a registration stands has changed. */
  standing(standing: Standing): void;
  /** Resolves when all that was to be told has been told, or could not be. */
  settled(): Promise<void>;
}

export function createAlarms(options: AlarmsOptions): Alarms {
  const { clock, log } = options;
  const tallies = new Map<string, Tally>();
  const standings = new Map<string, Standing>();
  // One after another in each account: two at once would both find that nobody was told yet.
  const turns = createMutexes<string>();
  const underWay = new Set<Promise<void>>();
  const later = (connection: string, task: () => Promise<void>) => {
    const done = turns.run(connection, task).catch((error) => {
      if (error instanceof LeaseLost) return;
      log.warn({ connection, err: error }, "the account's admins could not be told of trouble");
    });
    underWay.add(done);
    void done.then(() => underWay.delete(done));
  };
  return {
    requested(request) {
      const { connectionId: id } = request;
      const good = isGood(request);
      const standing = standings.get(id);
      if (good === null || standing === undefined) return;
      const tally = counted(tallies.get(id) ?? null, { good, at: clock.now() });
      if (!isFailing(tally)) {
        tallies.set(id, tally);
        return;
      }
      tallies.delete(id);
      const sentence = failingRequests(options.name, tally);
      later(id, () => tell(options, standing, { trouble: "requests", sentence }));
    },
    standing(standing) {
      const { present, registration } = standing;
      const { id, crmUrl } = present();
      standings.set(id, standing);
      if (registration.kind === "registered") return later(id, () => isOver(standing));
      const trouble = troubleOf(registration);
      if (trouble === null) return;
      const sentence = notWorking(options.name, registrationSentence(registration, crmUrl));
      later(id, () => tell(options, standing, { trouble, sentence }));
    },
    async settled() {
      await Promise.all(underWay);
    },
  };
}

/** The trouble that lasted is over: the next one is another. */
async function isOver({ present, store }: Standing): Promise<void> {
  const { id } = present();
  const told = readTold(await store.fact(id, TOLD));
  if (told.open !== null) await store.saveFact(id, TOLD, toldFact({ ...told, open: null }));
}

/** So long a CRM may take to be told, however much patience it asks for. */
const WHOLE_MS = 30_000;
const ATTEMPTS = 2;

/** It is noted before it is told: rather not at all than twice. What surely was not told is told the next time. */
async function tell(
  { crmOf, own, language, clock, log }: AlarmsOptions,
  { present, store }: Standing,
  { trouble, sentence }: { readonly trouble: Trouble; readonly sentence: Sentence },
): Promise<void> {
  const record = present();
  const { id } = record;
  const isOwn = id === own?.id;
  const { url, apiKey } = isOwn ? own.crm : { url: record.crmUrl, apiKey: record.apiKey };
  if (apiKey === null) return;
  const told = readTold(await store.fact(id, TOLD));
  const now = clock.now();
  const lasts = trouble !== "requests";
  const open = lasts ? trouble : told.open;
  if (!isNews(told, trouble, now)) {
    if (open !== told.open) await store.saveFact(id, TOLD, toldFact({ ...told, open }));
    return;
  }
  await store.saveFact(id, TOLD, toldFact({ open, at: { ...told.at, [trouble]: now } }));
  const crm = crmOf({ url, apiKey, isOwn });
  try {
    const message = sentence[record.language ?? language];
    await within({ clock, ms: WHOLE_MS }, (signal) =>
      crm.notify({ type: "api.error", userGroups: ["superadmins"], message }, { attempts: ATTEMPTS, signal }),
    );
    log.info({ connection: id, trouble }, "the account's admins were told that the bot has trouble");
  } catch (error) {
    if (error instanceof ApiError && error.sent === "no") await store.saveFact(id, TOLD, toldFact(told));
    throw error;
  } finally {
    crm.close();
  }
}
