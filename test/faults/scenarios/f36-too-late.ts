import { setTimeout as sleep } from "node:timers/promises";
import { sum } from "../lab/in-parallel.ts";
import { NONE } from "../lab/limit.ts";
import { type Lab, scenario } from "../lab/scenario.ts";
import { left, queues } from "../lab/settle.ts";
import { openStand, type Stand } from "../lab/stand.ts";
import { isSend, SEND, type Sighting, watch } from "../lab/watch.ts";

const CHATS = 20;
const HELD_S = 3;

/** What happens between the decision to answer and the sending of the answer, in every chat. */
const MEANWHILE: readonly ((stand: Stand, chat: number) => void)[] = [
  ({ sandbox }, chat) => void sandbox.managerSays("I take this one.", { chat, manager: "Anna" }),
  ({ sandbox }, chat) => sandbox.closeByManager({ chat }),
  ({ sandbox }, chat) => sandbox.deleteChat(chat),
];

export const tooLate = scenario({
  id: "F36",
  faults: ["F36", "F28"],
  promise: "P24",
  title: "a manager writes, closes the dialog, or the chat is deleted, between decision and sending",
  asked: {
    "answers sent after a manager wrote": NONE,
    "answers sent after the dialog was closed": NONE,
    "answers sent after the chat was deleted": NONE,
    "left in the queues": NONE,
  },
  async run(lab) {
    const [written, closed, deleted] = await Promise.all(MEANWHILE.map((meanwhile) => hold(lab, meanwhile)));
    const queued = [written, closed, deleted].map((held) => held?.queued ?? null);
    return {
      extent: `3 times ${lab.size(CHATS, 4)} chats`,
      reached: {
        "answers sent after a manager wrote": written?.sent ?? null,
        "answers sent after the dialog was closed": closed?.sent ?? null,
        "answers sent after the chat was deleted": deleted?.sent ?? null,
        "left in the queues": queued.includes(null) ? null : sum(queued.map((count) => count ?? 0)),
      },
    };
  },
});

/** The gateway asks for patience with the first answer, so that all of them wait while things happen. */
async function hold(lab: Lab, meanwhile: (stand: Stand, chat: number) => void) {
  const chats = lab.size(CHATS, 4);
  const stand = await openStand(lab, { customers: chats, level: "warn" });
  await stand.start();
  const { sandbox } = stand;
  const headers = { "retry-after": String(HELD_S) };
  sandbox.faults.add({ kind: "status", status: 429, headers, match: SEND, times: 4 });
  const struck = sandbox.waitFor(({ kind }) => kind === "fault", 10_000);
  for (const customer of stand.customers) sandbox.customerSays(`q${customer}`, { customer });
  await struck;
  // Decided by now, all of them.
  await sleep(1_000);
  const sends = watch(sandbox, isSend);
  for (const { id } of [...sandbox.world.chats.values()]) meanwhile(stand, id);
  await sleep((HELD_S + lab.size(20, 6)) * 1_000);
  return { sent: sends.filter(isAnswer).length, queued: left(await queues(stand)) };
}

function isAnswer({ change }: Sighting): boolean {
  if (!("request" in change)) return false;
  const { body } = change.request;
  return typeof body === "object" && body !== null && "scope" in body && body.scope === "public";
}
