import { writeSync } from "node:fs";
import { openStore } from "../../../src/store/open.ts";
import { call, commit, dialog, event, OURS, run } from "../builders.ts";

/** Receives, decides and performs one event after another, and tells each step on stdout once the store has promised it.
 *  Never ends by itself: the test kills it. */
const store = await openStore(process.argv[2] ?? "");
const tell = (step: string, n: number) => writeSync(1, `${step} ${n}\n`);
for (let n = 1; ; n += 1) {
  await store.receive(OURS, [event(n)], 1_500);
  tell("received", n);
  await store.nextEvent(OURS, 7);
  const key = `message_new:${n}`;
  const waiting = run(`r${n}`, { eventKey: key });
  await store.commit(
    OURS,
    commit({ eventKey: key, calls: [call(`r${n}#1`)], runs: [waiting], dialogs: [dialog(70, { messages: n })] }),
  );
  tell("decided", n);
  await store.beginCall(OURS, `r${n}#1`, 3_000, n);
  tell("begun", n);
  const outcome = { ok: true, body: { message_id: n } } as const;
  await store.endCall(OURS, `r${n}#1`, { state: "sent", outcome, at: 3_000 });
  tell("sent", n);
  await store.commit(OURS, commit({ eventKey: null, endedRunIds: [`r${n}`] }));
  tell("ended", n);
}
