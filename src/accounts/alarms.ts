import type { CrmApi } from "../api/crm.ts";
import { ApiError } from "../api/errors.ts";
import type { Clock } from "../clock.ts";
import type { RequestDone } from "../connection/connection.ts";
import { createMutex } from "../connection/lanes/mutex.ts";
import type { Log } from "../log.ts";
import { LeaseLost } from "../store/leases.ts";
import type { Language, Sentence } from "../types/issue.ts";
import { failingRequests, notWorking } from "./alarm-sentences.ts";
import { refusalOf } from "./connecting.ts";
import { TOLD } from "./facts.ts";
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
import { refusalSentence } from "./sentences.ts";
import type { Standing } from "./shops.ts";

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
  // One after another: two at once would both find that nobody was told yet.
  const turn = createMutex();
  const later = (connection: string, task: () => Promise<void>) =>
    void turn.run(task).catch((error) => {
      if (error instanceof LeaseLost) return;
      log.warn({ connection, err: error }, "the account's admins could not be told of trouble");
    });
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
      const { record, registration } = standing;
      standings.set(record.id, standing);
      if (registration.kind === "registered") return later(record.id, () => isOver(standing));
      const trouble = troubleOf(registration);
      if (trouble === null) return;
      const sentence = notWorking(options.name, refusalSentence(refusalOf(registration)));
      later(record.id, () => tell(options, standing, { trouble, sentence }));
    },
    settled: () => turn.run(async () => {}),
  };
}

/** The trouble that lasted is over: the next one is another. */
async function isOver({ record, store }: Standing): Promise<void> {
  const told = readTold(await store.fact(record.id, TOLD));
  if (told.open !== null) await store.saveFact(record.id, TOLD, toldFact({ ...told, open: null }));
}

/** It is noted before it is told: rather not at all than twice. What surely was not told is told the next time. */
async function tell(
  { crmOf, own, language, clock, log }: AlarmsOptions,
  { record, store }: Standing,
  { trouble, sentence }: { readonly trouble: Trouble; readonly sentence: Sentence },
): Promise<void> {
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
    await crm.notify({ type: "api.error", userGroups: ["superadmins"], message });
    log.info({ connection: id, trouble }, "the account's admins were told that the bot has trouble");
  } catch (error) {
    if (error instanceof ApiError && error.sent === "no") await store.saveFact(id, TOLD, toldFact(told));
    throw error;
  } finally {
    crm.close();
  }
}
