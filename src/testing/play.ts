import type { RawStep } from "../generated/tests.ts";
import { Refusal } from "../sandbox/world/refusal.ts";
import type { Rulebook } from "../types/rule.ts";
import { type Account, openAccount } from "./account.ts";
import { startTestBot, type TestBot } from "./bot.ts";
import { type Cast, createCast, type Role } from "./cast.ts";
import { createErrorLog, type ErrorLog } from "./error-log.ts";
import { mismatches } from "./expect/index.ts";
import { type Failure, failureAt, failureOf } from "./failure.ts";
import type { RuleTest } from "./read-tests.ts";
import { words } from "./sentences.ts";
import { enact, waitMs } from "./steps.ts";
import { createWitness, type Happened, inChat, type Standing, standingOf, type Witness } from "./witness.ts";

/** How a test went. It ends with the first step that can't happen, or whose expectation is not met. */
export interface Played {
  readonly test: RuleTest;
  /** Null: all is as expected. */
  readonly failure: Failure | null;
  /** All that the bot decided and did, from beginning to end. */
  readonly whole: Happened;
}

/** The steps of a test are this far apart: what follows is not of the same moment. */
const STEP_MS = 1;

/** Plays one test: the rules in the engine of the running bot, the account in the sandbox, time as the test says. */
export async function playTest(test: RuleTest, rulebook: Rulebook): Promise<Played> {
  const witness = createWitness();
  const errors = createErrorLog();
  const played = (failure: Failure | null): Played => ({ test, failure, whole: witness.whole() });
  const account = opened(test, rulebook);
  if ("why" in account) return played(failureOf(test, null, { cause: words.cannot(account.why), happened: [] }));
  const bot = await startTestBot({ ...witness, account, scene: test.scene, rulebook, log: errors.log });
  try {
    const cast = createCast(account);
    return played(await playSteps({ test, rulebook, account, bot, witness, errors, cast, marks: new Map() }));
  } finally {
    await bot.close();
  }
}

function opened({ scene }: RuleTest, rulebook: Rulebook): Account | { readonly why: string } {
  try {
    return openAccount(scene, rulebook);
  } catch (error) {
    return { why: whyNotPossible(error) };
  }
}

/** Throws on what is no fault of the test. */
function whyNotPossible(error: unknown): string {
  if (error instanceof RangeError) return error.message;
  if (error instanceof Refusal) return error.errors.join("; ");
  throw error;
}

interface Playing {
  readonly test: RuleTest;
  readonly rulebook: Rulebook;
  readonly account: Account;
  readonly bot: TestBot;
  readonly witness: Witness;
  readonly errors: ErrorLog;
  readonly cast: Cast;
  /** How each chat stood when its window began, by chat. */
  readonly marks: Map<number, Standing>;
}

async function playSteps(playing: Playing): Promise<Failure | null> {
  const { steps } = playing.test.raw;
  for (const [index, step] of steps.entries()) {
    const failure = "expect" in step ? await compare(playing, index, step) : await happen(playing, index, step);
    if (failure !== null) return failure;
  }
  return null;
}

type ExpectStep = Extract<RawStep, { expect: unknown }>;
type OtherStep = Exclude<RawStep, { expect: unknown }>;

/** Several `expect` after one another look at the same: only what happens after them begins anew. */
async function happen(playing: Playing, index: number, step: OtherStep): Promise<Failure | null> {
  const { test, account, bot, cast, errors } = playing;
  const before = test.raw.steps[index - 1];
  if (before !== undefined && "expect" in before) await beginAnew(playing);
  account.clock.pass(STEP_MS);
  try {
    if ("wait" in step) await bot.wait(waitMs(step.wait));
    else enact(account, cast("as" in step ? step.as : undefined), step);
  } catch (error) {
    const cause = words.cannot(whyNotPossible(error));
    return failureOf(test, index, { cause, happened: [] });
  }
  await bot.settle();
  const broken = errors.first();
  return broken === null ? null : failureOf(test, index, { cause: words.brokeOff(broken), happened: [] });
}

async function beginAnew({ witness, marks, account, bot }: Playing): Promise<void> {
  witness.forget();
  for (const { id, customerId } of account.stage.world.chats.values()) {
    marks.set(id, await standingOf(bot, account, { chatId: id, customerId }));
  }
}

const UNKNOWN: Standing = { chat: null, dialog: null, customer: null, shown: null };

async function compare(playing: Playing, index: number, { expect, as }: ExpectStep): Promise<Failure | null> {
  const { test, rulebook, account, bot, cast, witness, marks } = playing;
  const role: Role = cast(as);
  const happened = inChat(witness.happened(), role.chatId, account);
  const standing = await standingOf(bot, account, role);
  const seen = { account, rulebook, happened, standing, before: marks.get(role.chatId) ?? UNKNOWN };
  const [first] = mismatches(expect, seen);
  return first === undefined ? null : failureAt(test, index, { ...first, happened, rulebook });
}
