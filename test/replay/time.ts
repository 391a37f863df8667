import type { House, Life } from "./house.ts";

/** Whatever falls due this soon belongs to what is happening now. */
const SOON_MS = 1_000;
/** So long may what is happening take, a restart and the look-up of a lost send included. */
const STEP_MS = 58_000;

/** The bot did not come to rest: something waits for ever. */
export class StuckError extends Error {
  override readonly name = "StuckError";
}

/** Lets everything happen that can happen now, and the little that falls due soon; ends early when the bot dies. Rejects with
 *  StuckError when it takes longer than a step may take. */
export async function settle(house: House): Promise<void> {
  const life = house.life();
  await until(house, async () => life.mortal.isDead() || (await isAtRest(house, life)));
}

/** Lets time go on until `isDone`, leaping from one thing that falls due to the next. */
async function until({ clock, quiet, log }: House, isDone: () => Promise<boolean>): Promise<void> {
  const latest = clock.now() + STEP_MS;
  for (;;) {
    await quiet.come();
    if (await isDone()) return;
    const due = clock.nextDue() ?? Number.POSITIVE_INFINITY;
    if (due > latest) throw new StuckError(`the bot does not come to rest\n${log.text().slice(-4_000)}`);
    clock.leap(due);
  }
}

async function isAtRest({ clock, sandbox }: House, { store, connectionId }: Life): Promise<boolean> {
  const due = clock.nextDue();
  if (due !== null && due <= clock.now() + SOON_MS) return false;
  const { inbox, outbox, unknown } = await store.counts(connectionId);
  if (inbox + outbox + unknown > 0) return false;
  for (const chatId of sandbox.world.chats.keys()) {
    const waiting = await store.waitingRuns(connectionId, chatId);
    const requesting = await store.requestingRuns(connectionId, chatId);
    if (waiting.length + requesting.length > 0) return false;
  }
  return true;
}

/** Starts the bot and lets it come to rest. */
export async function wake(house: House): Promise<void> {
  const life = await house.start();
  await until(house, async () => life.isReady() || life.mortal.isDead());
  await liveOn(house);
}

/** Ends the bot's present life and starts the next one. */
export async function restart(house: House, how: "drained" | "dropped"): Promise<void> {
  let ended = false;
  const ending = house
    .life()
    .end(how)
    .finally(() => {
      ended = true;
    });
  await until(house, async () => ended);
  await ending;
  await house.quiet.come();
  await wake(house);
}

/** Lets time pass until that moment (Unix ms), stopping at everything the bot has set a timer for. */
export async function passTo(house: House, moment: number): Promise<void> {
  for (;;) {
    const { store, connectionId } = house.life();
    const next = (await store.nextTimer(connectionId)) ?? Number.POSITIVE_INFINITY;
    if (next >= moment) break;
    house.clock.leap(next);
    await liveOn(house);
  }
  house.clock.leap(moment);
  await liveOn(house);
}

/** Lets it come to rest; if it dies on the way, it is started again. */
export async function liveOn(house: House): Promise<void> {
  await settle(house);
  if (house.life().mortal.isDead()) await restart(house, "dropped");
}
