import { setTimeout as sleep } from "node:timers/promises";
import type { Change, Sandbox } from "../../../src/sandbox/index.ts";
import { atMost, exactly, NONE } from "../lab/limit.ts";
import { startLoad } from "../lab/load.ts";
import { ONCE, once } from "../lab/once.ts";
import { scenario } from "../lab/scenario.ts";
import { settled } from "../lab/settle.ts";
import { openStand } from "../lab/stand.ts";
import { SEND } from "../lab/watch.ts";

const OTHER = "Autoresponder";

/** A second bot that answers everything ours says, at once. */
function startOtherBot(sandbox: Sandbox): void {
  let said = 0;
  sandbox.on((change) => {
    if (!isOurs(sandbox, change)) return;
    said += 1;
    const chat = change.message.chatId;
    const words = `the other bot says ${said}`;
    setTimeout(() => sandbox.otherBotSays(words, { bot: OTHER, chat }), 5);
  });
}

function isOurs({ world }: Sandbox, change: Change): change is Change & { readonly kind: "message" } {
  if (change.kind !== "message" || change.message.scope !== "public") return false;
  const own = [...world.modules.values()].map(({ botId }) => botId);
  return change.message.from?.type === "bot" && own.includes(change.message.from.id);
}

/** Echoes come before, after and instead of the answer to the request; another bot talks into everything. */
export const echoes = scenario({
  id: "F23",
  faults: ["F23", "F24"],
  promise: "P11",
  title: "echoes before the answer, answers lost, another bot that answers everything",
  asked: { "answers to another bot": NONE, "answers to its own words": NONE, ...ONCE },
  async run(lab) {
    const stand = await openStand(lab, { customers: 20, level: "warn" });
    await stand.start();
    startOtherBot(stand.sandbox);
    // Some answers are lost, so that the echo is the first that is heard of them.
    stand.sandbox.faults.add({ kind: "slow", ms: 200, applied: true, match: SEND, times: lab.size(100, 5) });
    const load = startLoad(stand, { perSecond: 10, most: lab.size(1_000, 40) });
    await load.done;
    const found = await settled(stand);
    const answers = stand.said().filter(({ by, content }) => by === "bot" && content.startsWith("re "));
    return {
      extent: `${found.asked} messages`,
      reached: {
        "answers to another bot": answers.filter(({ content }) => content.startsWith("re the other bot")).length,
        "answers to its own words": answers.filter(({ content }) => content.startsWith("re re ")).length,
        ...once(found),
      },
    };
  },
});

const ANSWERS_BOTS = `
- rule: Everybody
  when: {message: any, from: anyone}
  do:
    - reply: "re {{ message.text }}"
`;

/** A rule that asks for it answers bots too: the loop guard ends it. */
export const pingPong = scenario({
  id: "F24",
  faults: ["F24", "F39"],
  promise: "P11",
  title: "a rule that answers bots meets a bot that answers everything",
  asked: { "answers in a chat": atMost(10), "notes to the staff in a chat": exactly(1), "answers after that": NONE },
  async run(lab) {
    const chats = lab.size(10, 2);
    const stand = await openStand(lab, { customers: chats, rules: ANSWERS_BOTS, level: "warn" });
    await stand.start();
    startOtherBot(stand.sandbox);
    await startLoad(stand, { perSecond: 10, most: chats }).done;
    await sleep(lab.size(60_000, 6_000));
    const counts = perChat(stand.sandbox, "public");
    await sleep(2_000);
    const after = perChat(stand.sandbox, "public");
    const notes = perChat(stand.sandbox, "private");
    return {
      extent: `${chats} chats`,
      reached: {
        "answers in a chat": Math.max(...counts.values()),
        "notes to the staff in a chat": Math.max(...notes.values(), 0),
        "answers after that": Math.max(...after.values()) - Math.max(...counts.values()),
      },
    };
  },
});

/** How often our bot has spoken in each chat. */
function perChat(sandbox: Sandbox, scope: "public" | "private"): ReadonlyMap<number, number> {
  const own = new Set([...sandbox.world.modules.values()].map(({ botId }) => botId));
  const said = [...sandbox.world.messages.values()].filter(
    (message) => message.scope === scope && message.from?.type === "bot" && own.has(message.from.id),
  );
  return new Map([...Map.groupBy(said, ({ chatId }) => chatId)].map(([chatId, all]) => [chatId, all.length]));
}
