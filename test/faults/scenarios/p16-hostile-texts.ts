import { decideOn, rulebook, said } from "../../engine/world.ts";
import { type Pairing, type Spread, spread } from "../lab/audit.ts";
import { hostileTexts, MARKERS } from "../lab/hostile-texts.ts";
import { atMost, NONE } from "../lab/limit.ts";
import { startLoad } from "../lab/load.ts";
import { ONCE, once } from "../lab/once.ts";
import { isAlive } from "../lab/pages.ts";
import { scenario } from "../lab/scenario.ts";
import { settled } from "../lab/settle.ts";
import { openStand, type Stand } from "../lab/stand.ts";

const TEXTS = 10_000;
const CHATS = 100;
const PER_SECOND = 30;

/** Every way in which a rule may look at a text, and two in which one may repeat it. */
const RULES = `
- rule: Words
  when: {message_has: [polluted, drop table, x x x, доставк*, envío]}
  do:
    - set: {dialog.words: "{{ message.text }}"}
- rule: Patterns
  when: {message_matches: '(a+)+$|(\\d+,)*x|(?P<word>([a-z ]+)+)!'}
  do:
    - set: {dialog.word: "{{ match.word or 'none' }}"}
- rule: Conditions
  when: {message: any}
  if: {any: [{contains: {message.text: alert}}, {contains: {message.text: passwd}}]}
  do:
    - set: {dialog.seen: yes}
- rule: Answer
  when: {message: any}
  do:
    - reply: "re {{ message.id }}"
    - note: "said {{ message.text }}"
`;

const BY_ID: Pairing = {
  asks: ({ id }) => String(id),
  answers: ({ content }) => /^re (\d+)$/.exec(content)?.[1] ?? null,
};

export const hostile = scenario({
  id: "P16",
  faults: ["P16", "F46", "F47"],
  promise: "P16",
  title: "hostile texts",
  long: true,
  asked: {
    "deciding, 99 of 100": atMost(20, "ms"),
    "deciding, the slowest": atMost(100, "ms"),
    "markers of templates evaluated": NONE,
    restarts: NONE,
    ...ONCE,
  },
  async run(lab) {
    const texts = hostileTexts(lab.random, lab.size(TEXTS, 100));
    const stand = await openStand(lab, { customers: CHATS, rules: RULES, level: "warn" });
    const bot = await stand.start();
    const load = startLoad(stand, {
      perSecond: PER_SECOND,
      most: texts.length,
      text: (n) => texts[n - 1] ?? "",
    });
    await load.done;
    const found = await settled(stand, { pairing: BY_ID, limitMs: 900_000 });
    // Alone on the processor: the program's own time is in the answers.
    await bot.stop();
    const { p99, most } = timeOfDeciding(texts);
    return {
      extent: `${texts.length} texts over ${CHATS} chats`,
      reached: {
        "deciding, 99 of 100": p99,
        "deciding, the slowest": most,
        "markers of templates evaluated": evaluated(stand),
        restarts: (await bot.ended) === 0 && !isAlive(bot) ? 0 : 1,
        ...once(found),
      },
    };
  },
});

/** The processor's time, not the clock's: other programs of this machine are not what is measured. */
function timeOfDeciding(texts: readonly string[]): Spread {
  const rules = rulebook(RULES);
  decideOn(rules, said("the first one compiles the patterns"));
  return spread(
    texts.map((text) => {
      const event = said(text);
      const before = process.threadCpuUsage();
      decideOn(rules, event);
      const { user, system } = process.threadCpuUsage(before);
      return (user + system) / 1_000;
    }),
  );
}

/** Notes that repeat a customer's text otherwise than as it was written. */
function evaluated({ sandbox }: Stand): number {
  const notes = [...sandbox.world.messages.values()].filter(({ scope, from }) => {
    return scope === "private" && from?.type === "bot";
  });
  const asked = [...sandbox.world.messages.values()].filter(({ from }) => from?.type === "customer");
  const marked = (content: string | null) => MARKERS.filter((marker) => content?.includes(marker) === true).length;
  const expected = asked.reduce((sum, { content }) => sum + marked(content), 0);
  return Math.max(0, expected - notes.reduce((sum, { content }) => sum + marked(content), 0));
}
