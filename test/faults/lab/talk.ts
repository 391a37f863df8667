import { setTimeout as sleep } from "node:timers/promises";
import type { Sandbox } from "../../../src/sandbox/index.ts";
import { type Audit, audit, BY_TEXT, type Pairing, type Said, spread } from "./audit.ts";
import type { Random } from "./random.ts";
import { saidIn } from "./stand.ts";

/** What was said in many accounts. */
export interface Talk extends Audit {
  /** Answers in an account that nobody there has asked for. */
  readonly foreign: number;
}

type Accounts = readonly Sandbox[];

/** Audits each account by itself, and counts all together. `wanted` leaves out questions; left out: none. */
export function talkOf(accounts: Accounts, pairing: Pairing = BY_TEXT, wanted = (_said: Said) => true): Talk {
  const audits = accounts.map((account) => {
    const said = saidIn(account).filter((one) => one.by === "bot" || wanted(one));
    return { found: audit(said, pairing), foreign: foreignIn(saidIn(account), pairing) };
  });
  const messages = audits.flatMap(({ found }) => found.messages);
  return {
    messages,
    asked: messages.length,
    lost: audits.flatMap(({ found }) => found.lost),
    doubled: audits.flatMap(({ found }) => found.doubled),
    outOfOrder: audits.flatMap(({ found }) => found.outOfOrder),
    latencyMs: spread(messages.flatMap(({ latencyMs }) => (latencyMs === null ? [] : [latencyMs]))),
    foreign: audits.reduce((sum, { foreign }) => sum + foreign, 0),
  };
}

function foreignIn(said: readonly Said[], { asks, answers }: Pairing): number {
  const asked = new Set(said.filter(({ by }) => by === "customer").map(asks));
  return said.filter((one) => one.by === "bot" && answers(one) !== null && !asked.has(answers(one))).length;
}

const LOOK_EVERY_MS = 200;
/** A doubled answer would come within this. */
const AFTERWARDS_MS = 2_000;

/** Waits until every question is answered, but not longer than that. */
export async function untilAnswered(accounts: Accounts, limitMs: number, pairing: Pairing = BY_TEXT): Promise<Talk> {
  const endsAt = Date.now() + limitMs;
  while (talkOf(accounts, pairing).lost.length > 0 && Date.now() < endsAt) await sleep(LOOK_EVERY_MS);
  await sleep(AFTERWARDS_MS);
  return talkOf(accounts, pairing);
}

/** One question in each account, all at once; the same text nowhere twice. */
export function askAll(accounts: Accounts, word: string): void {
  for (const [at, account] of accounts.entries()) account.customerSays(`${word} ${at}`);
}

/** Questions in accounts at random, evenly spread over a time. */
export async function chatter(
  accounts: Accounts,
  { word, perSecond, lastsMs, random }: { word: string; perSecond: number; lastsMs: number; random: Random },
): Promise<void> {
  const most = Math.max(1, Math.round((lastsMs / 1_000) * perSecond));
  const beganAt = performance.now();
  for (let at = 0; at < most; at++) {
    const dueMs = (at / perSecond) * 1_000 - (performance.now() - beganAt);
    if (dueMs > 0) await sleep(dueMs);
    random.pick(accounts).customerSays(`${word} ${at}`);
  }
}
