import { setTimeout as sleep } from "node:timers/promises";
import { NONE } from "../lab/limit.ts";
import { startLoad } from "../lab/load.ts";
import { ONCE, once } from "../lab/once.ts";
import { type Lab, scenario } from "../lab/scenario.ts";
import { settled } from "../lab/settle.ts";
import { openStand, type Stand } from "../lab/stand.ts";

const MESSAGES = 5_000;
const PER_SECOND = 25;

/** Every event comes one to five times, the later copies in any order among all events. */
export const doubles = scenario({
  id: "F17",
  faults: ["F12", "F17"],
  promise: "P21 P3",
  title: "every event comes up to five times, the copies in any order",
  long: true,
  asked: { ...ONCE, "rules fired more than once for a message": NONE },
  async run(lab) {
    const { stand, found } = await mangled(lab, (text, { random, sandbox }) => {
      const copies = random.whole(0, 4);
      for (let copy = 0; copy < copies; copy++) later(random.between(0, 2_000), () => sandbox.sendFrame(text));
      return [text];
    });
    return {
      extent: `${found.asked} messages`,
      reached: { ...once(found), "rules fired more than once for a message": firedTwice(stand) },
    };
  },
});

/** The news that a message was edited or delivered overtakes the message itself. */
export const updatesFirst = scenario({
  id: "F18",
  faults: ["F18", "F19"],
  promise: "P21 P3",
  title: "changes of a message come before the message, and messages of a chat in any order",
  long: true,
  asked: { "messages lost": NONE, "answered twice": NONE, "rules fired more than once for a message": NONE },
  async run(lab) {
    const { stand, found } = await mangled(lab, (text, { random, sandbox }) => {
      if (!text.startsWith('{"type":"message_new"')) return [text];
      const updated = text.replace('{"type":"message_new"', '{"type":"message_updated"');
      later(random.between(0, 300), () => sandbox.sendFrame(text));
      return [updated];
    });
    const { "messages lost": lost, "answered twice": doubled } = once(found);
    return {
      extent: `${found.asked} messages`,
      reached: {
        "messages lost": lost,
        "answered twice": doubled,
        "rules fired more than once for a message": firedTwice(stand),
      },
    };
  },
});

const later = (ms: number, task: () => void) => void setTimeout(task, ms).unref();

const RULES = `
- rule: Echo
  when: {message: any}
  do:
    - reply: "re {{ message.text }}"
    - note: "noted {{ message.text }}"
`;

interface Tools {
  readonly random: Lab["random"];
  readonly sandbox: Stand["sandbox"];
}

async function mangled(lab: Lab, mangle: (text: string, tools: Tools) => readonly string[]) {
  const stand = await openStand(lab, { customers: 20, rules: RULES, level: "warn" });
  await stand.start();
  const { sandbox } = stand;
  sandbox.mangleFrames((text) => mangle(text, { random: lab.random, sandbox }));
  const load = startLoad(stand, { perSecond: PER_SECOND, most: lab.size(MESSAGES, 60) });
  await load.done;
  // The last copies are still on their way.
  await sleep(2_500);
  sandbox.mangleFrames(null);
  return { stand, found: await settled(stand) };
}

/** Each message is noted once among the staff: the notes show what the answers could hide. */
function firedTwice({ sandbox }: Stand): number {
  const notes = [...sandbox.world.messages.values()].filter(({ content }) => content?.startsWith("noted ") === true);
  return notes.length - new Set(notes.map(({ content }) => content)).size;
}
