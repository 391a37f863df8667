import type { CallOutcome } from "../../types/plan.ts";
import { SEEN } from "../aging.ts";
import { COPIED, RESTORED } from "../restored.ts";
import { WHOLE_PROGRAM } from "../whole-program.ts";
import { connectionsSql, saveFact } from "./connections.ts";
import type { Database } from "./database.ts";

const GONE: CallOutcome = { ok: false, reason: "restored" };
const WHY = "restored from a backup";

/** Notes in a copy that the original lived on after this moment (Unix ms). */
export const markCopy = (database: Database, at: number): void =>
  saveFact(database, WHOLE_PROGRAM, { name: COPIED, value: at });

/** A copy that was taken beside a running bot is used for the first time. What waited at that moment has been dealt with since, by the
 *  original, which was not stopped: it is not done again. Each connection begins anew to listen, and catches up with nothing;
 *  what is known of chats, customers and dialogs stays. A copy of a bot that stood still goes on where that one stopped. */
export function settleCopy(database: Database): void {
  const row = database.first<{ value: string }>(connectionsSql.fact, WHOLE_PROGRAM, COPIED);
  if (row === undefined || row.value === "null") return;
  database.transaction(() => {
    database.run("UPDATE inbox SET state = 'expired', failure = ? WHERE state IN ('new', 'held')", WHY);
    database.run("UPDATE inbox SET state = 'done' WHERE state = 'decided'");
    const outcome = JSON.stringify(GONE);
    const open = "state IN ('pending', 'sending', 'unknown')";
    database.run(`UPDATE outbox SET state = 'dropped', outcome = ? WHERE ${open}`, outcome);
    database.run("DELETE FROM runs");
    database.run("DELETE FROM timers");
    database.run(`UPDATE dialogs SET document = json_set(document, '$.gathering', NULL, '$.timers', json('{}'))
      WHERE closed_at IS NULL`);
    database.run("DELETE FROM facts WHERE name = ?", SEEN);
    saveFact(database, WHOLE_PROGRAM, { name: COPIED, value: null });
    saveFact(database, WHOLE_PROGRAM, { name: RESTORED, value: JSON.parse(row.value) });
  });
}
