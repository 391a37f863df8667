import { setTimeout as sleep } from "node:timers/promises";
import type { Sandbox } from "../../../src/sandbox/index.ts";
import { openCrowd, untilOpen } from "../lab/crowd.ts";
import { BEHIND_PROXY, cameFrom, ownerOf, recordsOf } from "../lab/front.ts";
import { atMost, NONE } from "../lab/limit.ts";
import { ONCE, once } from "../lab/once.ts";
import { isAlive } from "../lab/pages.ts";
import { scenario } from "../lab/scenario.ts";
import { askAll, untilAnswered } from "../lab/talk.ts";
import { timed, until } from "../lab/until.ts";
import { createVisitor, ledTo, textOf } from "../lab/visitor.ts";
import { isUpgrade, watch } from "../lab/watch.ts";

/** What has become of an account while the program was not there. */
const TROUBLES: readonly ((account: Sandbox) => void | Promise<void>)[] = [
  ({ changeKey, apiKey }) => changeKey(apiKey, { scopes: ["order_read"] }),
  ({ deleteKey, apiKey }) => deleteKey(apiKey),
  ({ faults }) => void faults.add({ kind: "status", status: 503, match: { server: "crm" }, times: null }),
  // An hourly limit that somebody else's program has used up.
  ({ faults }) =>
    void faults.add({
      kind: "status",
      status: 429,
      headers: { "retry-after": "300" },
      match: { server: "crm" },
      times: null,
    }),
  ({ faults }) => void faults.add({ kind: "hang", match: { server: "crm" }, times: null }),
  ({ faults }) => void faults.add({ kind: "html", match: { server: "crm" }, times: null }),
  (account) => account.down("crm"),
];

/** The program starts while some accounts' keys and CRMs are in trouble: each goes on with what is stored, and none holds up another. */
export const besideTrouble = scenario({
  id: "F67",
  faults: ["F67"],
  promise: "P15 P22",
  title: "started while keys have lost their rights or are gone, and CRMs answer 503 or 429, hang or are away",
  asked: {
    "accounts without trouble listen within": atMost(10, "s"),
    "those in trouble listen within": atMost(30, "s"),
    "connections lost": NONE,
    restarts: NONE,
    ...ONCE,
  },
  async run(lab) {
    const each = lab.size(10, 1);
    const count = (TROUBLES.length + 1) * each;
    const crowd = await openCrowd(lab, { accounts: count, level: "error", http: BEHIND_PROXY });
    const { accounts } = crowd.sandboxes;
    await crowd.keep(accounts);
    await crowd.launch();
    await untilOpen(crowd.sandboxes, count, 120_000);
    await crowd.bot().stop("SIGTERM");
    const inTrouble = accounts.slice(0, TROUBLES.length * each);
    const well = accounts.slice(TROUBLES.length * each);
    for (const [at, account] of inTrouble.entries()) await TROUBLES[at % TROUBLES.length]?.(account);
    const beganAt = Date.now();
    const bot = await crowd.launch();
    const allOpen = (some: readonly Sandbox[]) => () => some.every((account) => account.socketCount() === 1);
    await until(allOpen(well), 120_000);
    const wellMs = Date.now() - beganAt;
    await until(allOpen(inTrouble), 120_000);
    const troubledMs = Date.now() - beganAt;
    askAll(accounts, "hello");
    const talk = await untilAnswered(accounts, 60_000);
    return {
      extent: `${count} accounts, ${inTrouble.length} in trouble`,
      reached: {
        "accounts without trouble listen within": wellMs / 1_000,
        "those in trouble listen within": troubledMs / 1_000,
        "connections lost": count - (await recordsOf(crowd)).length,
        restarts: isAlive(bot) ? 0 : 1,
        ...once(talk),
      },
    };
  },
});

const QUARTER_MS = 15 * 60_000;
const TIMES = 240;

/** One account's key is deleted and its token refused, for hours; the others work on. On a clock that runs 240 times as fast. */
export const revoked = scenario({
  id: "F6.3",
  faults: ["F6", "F67"],
  promise: "P20",
  title: "the key of one account of several is revoked",
  asked: {
    "tries of the socket in any quarter of an hour": atMost(1),
    "requests to its CRM in any quarter of an hour": atMost(10),
    "sockets of others that closed": NONE,
    "pages that do not say what to do": NONE,
    "a new key heals it within (true time)": atMost(10, "s"),
    restarts: NONE,
    ...ONCE,
  },
  async run(lab) {
    const hours = lab.size(4, 1);
    const speed = { originMs: Date.now(), times: TIMES };
    const crowd = await openCrowd(lab, { accounts: 5, level: "error", http: BEHIND_PROXY, speed });
    const [lost, ...others] = crowd.sandboxes.accounts;
    if (lost === undefined) throw new Error("there is no account");
    const bot = await crowd.launch();
    await bot.says("Rulebot is ready");
    const { clientId } = await ownerOf(crowd, lost, 1);
    for (const [at, account] of others.entries()) await ownerOf(crowd, account, 2 + at);
    const closed = others.map((account) => watch(account, ({ kind }) => kind === "socket_closed"));
    lost.deleteKey(lost.apiKey);
    lost.faults.add({ kind: "status", status: 401, match: { server: "gateway" }, times: null });
    const tries = watch(lost, isUpgrade);
    const asked = watch(lost, (change) => change.kind === "request" && change.request.server === "crm");
    lost.disconnectSockets({ code: 1000 });
    for (let hour = 0; hour < hours; hour++) {
      askAll(others, `hour ${hour}`);
      await sleep(3_600_000 / TIMES);
    }
    const moments = tries.map(({ at }) => at);
    const [afterwards, requests] = [moments.slice(1), asked.map(({ at }) => at)];
    const owner = createVisitor(crowd.url, cameFrom(40));
    const page = await owner.get(`/settings/${clientId}`);
    const apiKey = lost.newKey();
    lost.faults.clear();
    const healedMs = await timed(async () => {
      const next = ledTo(await owner.post(`/settings/${clientId}/sign-in`, { apiKey }));
      if (next === null) throw new Error("the new key was not taken");
      await until(() => lost.socketCount() === 1);
    });
    askAll([lost, ...others], "afterwards");
    const talk = await untilAnswered([lost, ...others], 30_000);
    return {
      extent: `${hours} hours, ${moments.length} tries, ${requests.length} requests to its CRM`,
      reached: {
        // The first one is how the bot learns of it.
        "tries of the socket in any quarter of an hour": mostWithin(afterwards, QUARTER_MS / TIMES),
        "requests to its CRM in any quarter of an hour": mostWithin(requests.slice(1), QUARTER_MS / TIMES),
        "sockets of others that closed": closed.reduce((sum, seen) => sum + seen.length, 0),
        "pages that do not say what to do": Number(!/API key/iu.test(textOf(page))),
        "a new key heals it within (true time)": healedMs / 1_000,
        restarts: isAlive(bot) ? 0 : 1,
        ...once(talk),
      },
    };
  },
});

const mostWithin = (moments: readonly number[], spanMs: number): number =>
  Math.max(0, ...moments.map((from) => moments.filter((at) => at >= from && at < from + spanMs).length));
