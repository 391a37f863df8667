import fc from "fast-check";
import { expect, it } from "vitest";
import { anyConversation, type Step } from "./conversation.ts";
import {
  chosenDeaths,
  everyDeath,
  expectSame,
  type Found,
  likeFates,
  oneDeathEach,
  RESTARTED,
  SPARED,
} from "./fates.ts";
import { type Fate, hasCloseCalls, play } from "./play.ts";

/** Issue 3: a random conversation with restarts at every point says the same. `npm test` takes as many conversations as fit
 *  into a few seconds, with some of the deaths; `REPLAY_SECONDS=600 npx vitest run test/replay` goes on for so long;
 *  `REPLAY_RUNS=20` takes so many with every death there can be (minutes each). A failure prints its seed; `REPLAY_SEED=n`
 *  begins with it. */
const { REPLAY_RUNS, REPLAY_SEED, REPLAY_SECONDS = "8" } = process.env;
const IS_THOROUGH = REPLAY_RUNS !== undefined;
const SEED = REPLAY_SEED === undefined ? {} : { seed: Number(REPLAY_SEED) };
const MOST_RUNS = Number(REPLAY_RUNS ?? 10_000);
/** The time that a failure takes to be made small is not limited by the test's own. */
const TIMEOUT_MS = 24 * 3_600_000;

const anyPlan = fc.record({
  steps: anyConversation,
  choices: fc.array(
    fc.record({ at: fc.nat({ max: 9_999 }), again: fc.option(fc.nat({ max: 12 }), { nil: null, freq: 2 }) }),
    { minLength: 4, maxLength: 4 },
  ),
});

it("a random conversation is the same at whatever point the bot is restarted", { timeout: TIMEOUT_MS }, async () => {
  const until = Date.now() + Number(REPLAY_SECONDS) * 1_000;
  let found: Found | null = null;
  const property = fc.asyncProperty(anyPlan, async ({ steps, choices }) => {
    if (!IS_THOROUGH && found === null && Date.now() > until) return;
    const reference = await play(steps, SPARED);
    fc.pre(!hasCloseCalls(reference));
    const some = [...RESTARTED, ...chosenDeaths(reference, choices), oneDeathEach(reference, choices)];
    const every = everyDeath(reference).map((death): Fate => ({ kind: "dies", deaths: [death] }));
    for (const fate of found === null ? [...some, ...(IS_THOROUGH ? every : [])] : likeFates(steps, found)) {
      await expectSame(steps, fate, reference).catch((error) => {
        found = { fate, steps };
        throw error;
      });
    }
  });
  await fc.assert(property, { ...SEED, numRuns: MOST_RUNS, maxSkipsPerRun: 1_000 });
});

const DELIVERY: readonly Step[] = ["delivery", "2"].map((text) => ({
  minutes: 4,
  acts: [{ does: "says", who: "Marta Lind", text }],
}));

it("a bot that is spared lives once, one that is restarted before each step and the end three times", async () => {
  const lives = async (fate: Fate) => (await play(DELIVERY, fate)).lives;
  expect(await Promise.all([SPARED, ...RESTARTED].map(lives))).toEqual([1, 3, 3]);
});

it("a bot dies in the middle of what it does, and the conversation goes on", async () => {
  const reference = await play(DELIVERY, SPARED);
  expect(Object.values(reference.transcript.said)[0]).toEqual([
    "dialog_opened",
    "customer: public text delivery",
    "bot: public text Hello Marta! [Delivery] [Stock] [A person]",
    "bot: public text Where to? [Madrid] [Another city]",
    "customer: public text 2",
    "bot: public text In three days.",
    "bot: public text Noted for Marta: Another city.",
    "bot: public text Are you still there?",
  ]);
  const death = { step: 0, write: 12, when: "after", again: 3 } as const;
  const died = await play(DELIVERY, { kind: "dies", deaths: [death] });
  expect([died.lives, died.transcript]).toEqual([3, reference.transcript]);
});
