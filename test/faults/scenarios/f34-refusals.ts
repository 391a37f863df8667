import { setTimeout as sleep } from "node:timers/promises";
import { ECHO_AND_TAG } from "../lab/config.ts";
import { ALL, NONE, percent } from "../lab/limit.ts";
import { startLoad } from "../lab/load.ts";
import { scenario } from "../lab/scenario.ts";
import { settled } from "../lab/settle.ts";
import { openStand } from "../lab/stand.ts";
import { isSend, SEND, watch } from "../lab/watch.ts";

const MESSAGES = 200;
const REFUSED_RULES = `${ECHO_AND_TAG}- rule: Not delivered
  when: {reply_failed: any}
  do:
    - note: "failed {{ message.text }}"
`;

/** The gateway refuses a reply for good: it is not sent again, and what comes next is done. */
export const refusals = scenario({
  id: "F34",
  faults: ["F34"],
  promise: "P3 P4",
  title: "every second reply is refused with 400",
  asked: {
    "requests beyond one for a reply": NONE,
    "next action done": ALL,
    "replies that were not refused, lost": NONE,
  },
  async run(lab) {
    const messages = lab.size(MESSAGES, 20);
    const stand = await openStand(lab, { customers: 10, rules: ECHO_AND_TAG, level: "error" });
    await stand.start();
    const sends = watch(stand.sandbox, isSend);
    const tags = watch(stand.sandbox, ({ kind }) => kind === "tag_added");
    for (let at = 0; at < messages / 2; at++) {
      stand.sandbox.faults.add({
        kind: "status",
        status: 400,
        body: { errors: ["text is too long"] },
        match: SEND,
        skip: 1,
      });
    }
    await startLoad(stand, { perSecond: 20, most: messages }).done;
    const found = await settled(stand);
    return {
      extent: `${messages} replies`,
      reached: {
        "requests beyond one for a reply": sends.length - messages,
        "next action done": percent(tags.length, messages),
        "replies that were not refused, lost": Math.max(0, found.lost.length - Math.floor(messages / 2)),
      },
    };
  },
});

const CODES = [
  "reply_timed_out",
  "spam_suspicion",
  "access_restricted",
  "customer_not_exists",
  "async_send_timeout",
] as const;

/** The gateway takes the reply, and the messenger then gives up on it. */
export const undelivered = scenario({
  id: "F35",
  faults: ["F35"],
  promise: "P3",
  title: "every reply is taken and then fails at the messenger",
  asked: { "replies sent again": NONE, "failures that started their rule": ALL },
  async run(lab) {
    const messages = lab.size(100, 10);
    const stand = await openStand(lab, { customers: 10, rules: REFUSED_RULES, level: "warn" });
    await stand.start();
    const { sandbox } = stand;
    const notes = watch(
      sandbox,
      (change) => change.kind === "message" && change.message.content?.startsWith("failed ") === true,
    );
    const replies = new Set<number>();
    sandbox.on((change) => {
      if (change.kind !== "message_changed" || change.message.from?.type !== "bot") return;
      const { id, status, scope } = change.message;
      if (status !== "sent" || scope !== "public" || replies.has(id)) return;
      replies.add(id);
      const code = CODES[replies.size % CODES.length] ?? "general";
      setTimeout(() => sandbox.messageFails(id, code), 5);
    });
    await startLoad(stand, { perSecond: 10, most: messages }).done;
    const found = await settled(stand);
    await sleep(2_000);
    return {
      extent: `${found.asked} replies`,
      reached: {
        "replies sent again": found.doubled.length,
        "failures that started their rule": percent(notes.length, messages),
      },
    };
  },
});
