import { setTimeout as sleep } from "node:timers/promises";
import { longest, sum } from "./in-parallel.ts";
import { atMost, exactly, type Limit, NONE } from "./limit.ts";
import { isAlive, pageStatus } from "./pages.ts";
import type { Stand } from "./stand.ts";

/** One time of trouble with the storage. Spans in ms; null: it never came. */
export interface Spell {
  /** From the first event that can't be kept to the end of the socket. */
  readonly closedMs: number | null;
  /** From the end of the trouble to the next socket. */
  readonly backMs: number | null;
  /** How often `/healthz` was not 200. */
  readonly unhealthy: number;
  /** What `/readyz` said last. */
  readonly readiness: number | null;
}

export interface SpellOptions {
  readonly lastsMs: number;
  /** Begins the trouble; what it returns ends it. */
  begin(): Promise<() => Promise<void>>;
}

const BACK_WITHIN_MS = 90_000;
const LOOK_EVERY_MS = 100;

/** Lets trouble begin while customers write, looks on, and ends it. */
export async function suffer(stand: Stand, { lastsMs, begin }: SpellOptions): Promise<Spell> {
  const end = await begin();
  await nextMessage(stand);
  const beganAt = Date.now();
  let closedAt: number | null = null;
  let unhealthy = 0;
  let readiness: number | null = null;
  for (; Date.now() < beganAt + lastsMs; await sleep(LOOK_EVERY_MS)) {
    if (stand.sandbox.socketCount() === 0) closedAt ??= Date.now();
    unhealthy += Number((await pageStatus(stand.bot(), "/healthz")) !== 200);
    readiness = await pageStatus(stand.bot(), "/readyz");
  }
  await end();
  const closedMs = closedAt === null ? null : closedAt - beganAt;
  return { closedMs, backMs: await untilBack(stand), unhealthy, readiness };
}

async function nextMessage({ sandbox }: Stand): Promise<void> {
  await sandbox.waitFor((change) => change.kind === "message" && change.message.from?.type === "customer");
}

async function untilBack(stand: Stand): Promise<number | null> {
  const endedAt = Date.now();
  try {
    await stand.listening(BACK_WITHIN_MS);
    return Date.now() - endedAt;
  } catch {
    return null;
  }
}

/** What every trouble with the storage asks for, whatever the storage. */
export const askedOfStorage = (closedWithinS: number) =>
  ({
    "socket closed within": atMost(closedWithinS, "s"),
    "socket open again within": atMost(60, "s"),
    restarts: NONE,
    "/healthz answers other than 200": NONE,
    "/readyz meanwhile": exactly(503),
  }) as const satisfies Record<string, Limit>;

export function spellFigures(
  stand: Stand,
  spells: readonly Spell[],
): Record<keyof ReturnType<typeof askedOfStorage>, number | null> {
  return {
    "socket closed within": longest(spells.map(({ closedMs }) => closedMs)),
    "socket open again within": longest(spells.map(({ backMs }) => backMs)),
    restarts: isAlive(stand.bot()) ? 0 : 1,
    "/healthz answers other than 200": sum(spells.map(({ unhealthy }) => unhealthy)),
    "/readyz meanwhile": spells.find(({ readiness }) => readiness !== 503)?.readiness ?? 503,
  };
}
