import type { Commit, Store } from "../store.ts";
import { saveFacts } from "./connections.ts";
import type { Database } from "./database.ts";
import { saveDecision } from "./decisions.ts";
import { keptAs, saveDialogs, saveDocuments } from "./documents.ts";
import { chatOf } from "./lane.ts";
import { planCalls } from "./outbox.ts";
import { endRuns, findRuns, saveRuns } from "./runs.ts";
import type { Session } from "./session.ts";
import { changeTimers } from "./timers.ts";

/** The statements of a commit; exported so that a test can ask PostgreSQL for their plans. */
export const commitSql = {
  // Whoever decides the same event at the same time waits here, and then finds it decided.
  take: `UPDATE inbox SET state = $1, failure = $2
    WHERE connection_id = $3 AND key = $4 AND state = 'new' RETURNING lane`,
  // Two commits that end the last two runs of an event have to see each other.
  lock: `SELECT seq FROM inbox WHERE connection_id = $1 AND key = ANY($2::text[]) AND state = 'decided' ORDER BY seq FOR UPDATE`,
  settle: `UPDATE inbox SET state = 'done' WHERE connection_id = $1 AND key = ANY($2::text[]) AND state = 'decided' AND NOT EXISTS
    (SELECT FROM runs WHERE runs.connection_id = inbox.connection_id AND runs.event_key = inbox.key
      AND runs.waits_for IN ('call', 'request'))`,
} as const;

/** The event a commit belongs to. */
interface Origin {
  readonly eventKey: string | null;
  readonly chatId: number | null;
}

/** One decision, whole or not at all. */
export function commits(database: Database): Pick<Store, "commit"> {
  return {
    commit: (connectionId, commit) =>
      database.transaction(async (session) => {
        const find = commit.eventKey === null ? resume : take;
        const origin = await find(session, connectionId, commit);
        if (origin === null) return false;
        const [eventKeys] = await Promise.all([
          saveRunsOf(session, connectionId, commit),
          ...saveState(session, connectionId, commit),
          saveVerdicts(session, connectionId, { ...commit, ...origin, isOfRun: commit.eventKey === null }),
        ]);
        await settle(session, connectionId, [origin.eventKey, ...eventKeys]);
        return true;
      }),
  };
}

/** Sets the state of the event that was decided; null when it is not `new` any more. */
async function take(session: Session, connectionId: string, commit: Commit): Promise<Origin | null> {
  const { eventState, failure, eventKey } = commit;
  const row = await session.first<{ lane: number }>(commitSql.take, eventState, failure, connectionId, eventKey);
  return row === undefined ? null : { eventKey, chatId: chatOf(row.lane) };
}

/** Makes sure that the resumed run is still there; null when it is gone. */
async function resume(session: Session, connectionId: string, commit: Commit): Promise<Origin | null> {
  const ids = [...commit.endedRunIds, ...commit.runs.map((run) => run.id)];
  const found = new Map((await findRuns(session, connectionId, ids)).map((run) => [run.id, run]));
  if (ids.some((id) => !found.has(id))) return null;
  const first = found.get(ids[0] ?? "");
  return { eventKey: first?.eventKey ?? null, chatId: first === undefined ? null : chatOf(first.lane) };
}

/** Ends runs and keeps others; gives the keys of the events that began them. */
async function saveRunsOf(session: Session, connectionId: string, commit: Commit): Promise<string[]> {
  const [ended] = await Promise.all([
    endRuns(session, connectionId, commit.endedRunIds),
    saveRuns(session, connectionId, commit.runs),
  ]);
  return [...ended, ...commit.runs.map((run) => run.eventKey)];
}

function saveState(session: Session, connectionId: string, commit: Commit): Promise<void>[] {
  const {
    chat,
    customer,
    dialogs = [],
    people = [],
    channels = [],
    bots = [],
    calls,
    at,
    timers = [],
    rotation,
  } = commit;
  const documents = [
    ...keptAs("chat", chat === undefined ? [] : [chat], at),
    ...keptAs("customer", customer === undefined ? [] : [customer], at),
    ...keptAs("person", people),
    ...keptAs("channel", channels),
    ...keptAs("bot", bots),
  ];
  return [
    saveDocuments(session, connectionId, documents),
    saveDialogs(session, connectionId, dialogs),
    planCalls(session, { connectionId, calls, at }),
    changeTimers(session, connectionId, timers),
    ...(rotation === undefined ? [] : [saveFacts(session, connectionId, { rotation })]),
  ];
}

/** A resumed run that has nothing to tell is not told of. */
async function saveVerdicts(
  session: Session,
  connectionId: string,
  { eventKey, isOfRun, ...decision }: Omit<Commit, "eventKey"> & Origin & { readonly isOfRun: boolean },
): Promise<void> {
  if (eventKey === null || (isOfRun && decision.verdicts.length === 0)) return;
  await saveDecision(session, connectionId, { ...decision, eventKey });
}

/** An event is done as soon as none of its runs waits for a call. Inside the caller's transaction. */
export async function settle(
  session: Session,
  connectionId: string,
  eventKeys: readonly (string | null)[],
): Promise<void> {
  const keys = [...new Set(eventKeys.filter((key) => key !== null))];
  if (keys.length === 0) return;
  await Promise.all([
    session.run(commitSql.lock, connectionId, keys),
    session.run(commitSql.settle, connectionId, keys),
  ]);
}
