import { setTimeout as sleep } from "node:timers/promises";
import { audit, type Pairing, type Said } from "../lab/audit.ts";
import { type BrokenFile, brokenFiles, saveRoot } from "../lab/broken-files.ts";
import { configOf } from "../lab/config.ts";
import { ALL, atMost, NONE, percent } from "../lab/limit.ts";
import { startLoad } from "../lab/load.ts";
import { ONCE, once } from "../lab/once.ts";
import { isAlive, readiness } from "../lab/pages.ts";
import { scenario } from "../lab/scenario.ts";
import { settled } from "../lab/settle.ts";
import { openStand, type Stand } from "../lab/stand.ts";

const FILES = 60;
const CHATS = 20;
/** With their answers and deliveries, 20 events a second. */
const PER_SECOND = 6.5;

const versioned = (version: number) => configOf({ rules: rules(version), level: "warn" });
const rules = (version: number) => `
- rule: Echo
  when: {message: any}
  do:
    - reply: "re {{ message.text }} v${version}"
`;
const ANSWER = /^re (\S+) v(\d+)$/;
const BY_VERSION: Pairing = {
  asks: ({ content }) => content,
  answers: ({ content }) => ANSWER.exec(content)?.[1] ?? null,
};

/** When a good file was saved, and when it was seen to be in force (Unix ms). */
interface Force {
  readonly version: number;
  readonly savedAt: number;
  readonly appliedAt: number;
}

export const broken = scenario({
  id: "F41",
  faults: ["F41", "F42", "F43", "F44", "F45", "F47"],
  promise: "P8",
  title: "broken files saved one after another under 20 events/s, a good one after each",
  asked: {
    "broken files refused, with file and line": ALL,
    "good files in force within": atMost(5, "s"),
    restarts: NONE,
    "/readyz other than 200": NONE,
    "answers by rules not in force": NONE,
    ...ONCE,
  },
  async run(lab) {
    const files = await brokenFiles(lab.random, lab.size(FILES, 4));
    const stand = await openStand(lab, { customers: CHATS, rules: rules(0), level: "warn" });
    const bot = await stand.start();
    const load = startLoad(stand, { perSecond: PER_SECOND });
    const force: Force[] = [{ version: 0, savedAt: 0, appliedAt: 0 }];
    const refused: (Refused | null)[] = [];
    for (const [at, file] of files.entries()) {
      refused.push(await saveBroken(stand, file));
      force.push(await saveGood(stand, at + 1));
      lab.tell(`${at + 1} of ${files.length}: ${file.name}: ${refused.at(-1)?.error ?? "NOT REFUSED"}`);
    }
    load.stop();
    const found = await settled(stand, { pairing: BY_VERSION });
    return {
      extent: `${files.length} broken files, ${found.asked} messages`,
      reached: {
        "broken files refused, with file and line": percent(refused.filter((one) => one !== null).length, files.length),
        "good files in force within": Math.max(...force.map(({ savedAt, appliedAt }) => appliedAt - savedAt)) / 1_000,
        restarts: isAlive(bot) ? 0 : 1,
        "/readyz other than 200": refused.filter((one) => one !== null && one.status !== 200).length,
        "answers by rules not in force": stand.said().filter((said) => !isInForce(said, force)).length,
        ...once(audit(stand.said(), BY_VERSION)),
      },
    };
  },
});

interface Refused {
  readonly status: number;
  readonly error: string;
}

const NOTICED_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 100;
/** `file:line:column  cause`. */
const PLACED = /^\S.*:\d+:\d+ {2}\S/u;

/** Null: it was not refused, or the bot does not say where the fault is. */
async function saveBroken({ folder, bot }: Stand, file: BrokenFile): Promise<Refused | null> {
  await file.put(folder);
  for (const endsAt = Date.now() + NOTICED_WITHIN_MS; Date.now() < endsAt; await sleep(LOOK_EVERY_MS)) {
    const page = await readiness(bot());
    if (page === null || page.isConfigGood) continue;
    const [error = ""] = page.errors;
    // A file that is being written looks empty for a moment: what counts is what is said in the end.
    if (PLACED.test(error)) return { status: page.status, error };
  }
  return null;
}

/** Saves a good file, and waits until `/readyz` says that it was taken over. */
async function saveGood({ folder, bot }: Stand, version: number): Promise<Force> {
  const savedAt = Date.now();
  await saveRoot(folder, versioned(version));
  for (const endsAt = savedAt + NOTICED_WITHIN_MS; Date.now() < endsAt; await sleep(LOOK_EVERY_MS)) {
    if ((await readiness(bot()))?.isConfigGood === true) return { version, savedAt, appliedAt: Date.now() };
  }
  return { version, savedAt, appliedAt: Number.POSITIVE_INFINITY };
}

/** An answer decided a moment before a change may be sent a moment after it. */
const UNDER_WAY_MS = 2_000;

function isInForce({ by, content, at }: Said, force: readonly Force[]): boolean {
  if (by === "customer") return true;
  const version = Number(ANSWER.exec(content)?.[2] ?? Number.NaN);
  const own = force.find((one) => one.version === version);
  const next = force.find((one) => one.version === version + 1);
  if (own === undefined) return false;
  return at >= own.savedAt && at <= (next?.appliedAt ?? Number.POSITIVE_INFINITY) + UNDER_WAY_MS;
}
