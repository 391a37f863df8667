import type { Sandbox, Sandboxes } from "../../../src/sandbox/index.ts";
import type { Pairing } from "../lab/audit.ts";
import { type Crowd, openCrowd } from "../lab/crowd.ts";
import { startCrowd, stopCrowd, watchMemory } from "../lab/crowd-life.ts";
import { atMost, NONE } from "../lab/limit.ts";
import { ONCE, onceInAll } from "../lab/once.ts";
import { type Lab, scenario } from "../lab/scenario.ts";
import { askAll, chatter, type Talk, talkOf, untilAnswered } from "../lab/talk.ts";
import { timed } from "../lab/until.ts";
import { join, untilAnswersWith } from "./p22-joining.ts";

const ACCOUNTS = 1_000;

/** Two accounts more than those that are there from the start: one connects later, one is in trouble. */
type Accounts = Sandboxes["accounts"];

const STARTS = {
  "first start, all registered and open within": atMost(60, "s"),
  "restart, all open within": atMost(60, "s"),
  "most sockets asked for in any second": atMost(20),
  "most CRM requests of one key in any second": atMost(8),
} as const;

/** The real program with a thousand accounts: it starts, starts again, answers, and goes on while one account changes or is in trouble. */
export const thousand = scenario({
  id: "P22",
  faults: ["P22"],
  promise: "P22 P9 P8",
  title: "a thousand accounts in one program (SQLite)",
  alone: true,
  asked: {
    ...STARTS,
    "memory, most": atMost(512, "MB"),
    "answers in a foreign account": NONE,
    "an account connects and listens within": atMost(10, "s"),
    "an owner's choice of rules is in force within": atMost(5, "s"),
    "switched off by its owner, closed within": atMost(5, "s"),
    "other sockets closed by that": NONE,
    "time to answer the others (p95) while one is in trouble, beyond what it was": atMost(200, "ms"),
    "saved rules in force everywhere within": atMost(5, "s"),
    "SIGTERM, ended within": atMost(8, "s"),
    "exit codes other than 0": NONE,
    ...ONCE,
  },
  async run(lab) {
    const count = lab.size(ACCOUNTS, 30);
    const crowd = await openCrowd(lab, {
      accounts: count + 1,
      level: "warn",
      names: {},
      head: "rule_sets: {loud: {include: loud.yaml}}",
      files: { "loud.yaml": `rules:\n${LOUD}` },
    });
    const { newcomer, others } = parted(crowd.sandboxes.accounts);
    await crowd.keep(others);
    const memory = watchMemory(lab, crowd);
    const first = await startCrowd(lab, crowd, count);
    await crowd.bot().stop("SIGTERM");
    const again = await startCrowd(lab, crowd, count);
    const calm = await hundredAnswered(lab, others, "calm");
    const joined = await join(lab, crowd, newcomer);
    const trouble = await besideTrouble(lab, others);
    const reload = await reloaded(lab, crowd, others);
    const stop = await stopCrowd(crowd);
    return {
      extent: `${count} accounts, ${calm.asked + trouble.talk.asked + reload.talk.asked} messages`,
      reached: {
        "first start, all registered and open within": first.tookMs / 1_000,
        "restart, all open within": again.tookMs / 1_000,
        "most sockets asked for in any second": Math.max(first.sockets, again.sockets),
        "most CRM requests of one key in any second": Math.max(first.crm, again.crm),
        "memory, most": memory(),
        "answers in a foreign account": calm.foreign + trouble.talk.foreign + reload.talk.foreign,
        ...joined,
        "time to answer the others (p95) while one is in trouble, beyond what it was": trouble.slowerMs,
        "saved rules in force everywhere within": reload.tookMs / 1_000,
        "SIGTERM, ended within": stop.tookMs / 1_000,
        "exit codes other than 0": Number(stop.code !== 0),
        ...onceInAll([calm, trouble.talk, reload.talk]),
      },
    };
  },
});

const LOUD = `  - rule: Loud
    when: {message: any}
    do:
      - reply: "LOUD {{ message.text }}"
`;

/** The last one connects later. */
function parted(accounts: Accounts): { newcomer: Sandbox; others: Accounts } {
  const newcomer = accounts.at(-1);
  if (newcomer === undefined) throw new Error("there is no account");
  return { newcomer, others: accounts.slice(0, -1) };
}

const ANSWERED_MS = 60_000;

async function hundredAnswered(lab: Lab, accounts: Accounts, word: string): Promise<Talk> {
  const chosen = lab.random.shuffled(accounts).slice(0, 100);
  askAll(chosen, word);
  await untilAnswered(chosen, ANSWERED_MS);
  // Whoever was not asked must have heard nothing.
  const talk = talkOf(accounts);
  lab.tell(`${word}: ${talk.asked} asked, p95 ${talk.latencyMs.p95} ms`);
  return talk;
}

const PER_SECOND = 10;
const DIALOGS = 1_000;

/** One account's CRM is away, its gateway answers 429, and a thousand customers of it write at once; the others are asked as before. */
async function besideTrouble(lab: Lab, accounts: Accounts): Promise<{ talk: Talk; slowerMs: number }> {
  const [troubled, ...others] = accounts;
  if (troubled === undefined) throw new Error("there is no account");
  const speak = (word: string, lastsMs: number) =>
    chatter(others, { word, perSecond: PER_SECOND, lastsMs, random: lab.random });
  const lastsMs = lab.size(20_000, 3_000);
  await speak("before", lastsMs);
  await troubled.down("crm");
  troubled.faults.add({ kind: "status", status: 429, match: { server: "gateway", method: "POST" }, times: null });
  for (let at = 0; at < lab.size(DIALOGS, 50); at++) {
    const { id } = troubled.newCustomer({ name: `Customer ${at}`, channel: "telegram" });
    troubled.customerSays(`trouble ${at}`, { customer: id });
  }
  await speak("during", lastsMs);
  await untilAnswered(others, ANSWERED_MS);
  const p95 = (word: string) => talkOf(others, undefined, ({ content }) => content.startsWith(word)).latencyMs.p95;
  const [before, during] = [p95("before"), p95("during")];
  lab.tell(`p95 ${before} ms, beside an account in trouble ${during} ms`);
  await troubled.up("crm");
  troubled.faults.clear();
  return { talk: talkOf(others), slowerMs: Math.max(0, during - before) };
}

const NOW = `
- rule: Now
  when: {message: any}
  do:
    - reply: "now {{ message.text }}"
`;

/** Other rules are saved; then a hundred are asked. */
async function reloaded(lab: Lab, crowd: Crowd, accounts: Accounts): Promise<{ talk: Talk; tookMs: number }> {
  const [probe, ...chosen] = lab.random.shuffled(accounts.slice(1)).slice(0, 101);
  if (probe === undefined) throw new Error("there is no account");
  const bot = crowd.bot();
  const tookMs = await timed(async () => {
    await bot.save("bot.config.yaml", crowd.configWith(NOW));
    await untilAnswersWith(probe, "now ");
  });
  askAll(chosen, "reloaded");
  const talk = await untilAnswered(chosen, ANSWERED_MS, NOW_ONLY);
  lab.tell(`rules in force after ${tookMs} ms; ${talk.asked} asked, p95 ${talk.latencyMs.p95} ms`);
  return { talk, tookMs };
}

/** An answer by the rules of before is none. */
const NOW_ONLY: Pairing = {
  asks: ({ content }) => (content.startsWith("reloaded") ? content : null),
  answers: ({ content }) => (content.startsWith("now reloaded") ? content.slice("now ".length) : null),
};
