import { connectionId } from "../../../src/connection/registering/record.ts";
import { startPostgres } from "../../helpers/postgres.ts";
import { openCrowd } from "../lab/crowd.ts";
import { startCrowd, stopCrowd, watchMemory } from "../lab/crowd-life.ts";
import { recordsOf } from "../lab/front.ts";
import { atMost, NONE } from "../lab/limit.ts";
import { ONCE, once } from "../lab/once.ts";
import { scenario } from "../lab/scenario.ts";
import { askAll, untilAnswered } from "../lab/talk.ts";
import { timed, until } from "../lab/until.ts";

const ACCOUNTS = 200;

/** The same on PostgreSQL, where a connection can be removed beside the running program. */
export const onPostgres = scenario({
  id: "P22.2",
  faults: ["P22"],
  promise: "P22 P9",
  title: "two hundred accounts on PostgreSQL; one is removed beside the program",
  alone: true,
  asked: {
    "first start, all registered and open within": atMost(60, "s"),
    "restart, all open within": atMost(60, "s"),
    "most sockets asked for in any second": atMost(20),
    "most CRM requests of one key in any second": atMost(8),
    "memory, most": atMost(512, "MB"),
    "removed, its socket closed within": atMost(5, "s"),
    "other sockets closed by that": NONE,
    "anything left of it": NONE,
    "answers in a foreign account": NONE,
    "SIGTERM, ended within": atMost(8, "s"),
    "exit codes other than 0": NONE,
    ...ONCE,
  },
  async run(lab) {
    const count = lab.size(ACCOUNTS, 10);
    const server = await startPostgres();
    lab.onTestFinished(() => server.stop());
    const crowd = await openCrowd(lab, { accounts: count, level: "warn", names: {}, database: await server.fresh() });
    const { accounts } = crowd.sandboxes;
    const memory = watchMemory(lab, crowd);
    await crowd.keep(accounts);
    const first = await startCrowd(lab, crowd, count);
    await crowd.bot().stop("SIGTERM");
    const again = await startCrowd(lab, crowd, count);
    const [removed, ...others] = accounts;
    if (removed === undefined) throw new Error("there is no account");
    const id = connectionId({ crmUrl: removed.crmUrl, moduleCode: "rulebot" });
    const removedMs = await timed(async () => {
      await crowd.withStore((store) => store.removeConnection(id), { readOnly: false });
      await until(() => removed.socketCount() === 0);
    });
    askAll(others, "hello");
    const talk = await untilAnswered(others, 60_000);
    const open = others.filter((account) => account.socketCount() === 1).length;
    const left = (await recordsOf(crowd)).filter((record) => record.id === id).length;
    const stop = await stopCrowd(crowd);
    return {
      extent: `${count} accounts, ${talk.asked} messages`,
      reached: {
        "first start, all registered and open within": first.tookMs / 1_000,
        "restart, all open within": again.tookMs / 1_000,
        "most sockets asked for in any second": Math.max(first.sockets, again.sockets),
        "most CRM requests of one key in any second": Math.max(first.crm, again.crm),
        "memory, most": memory(),
        "removed, its socket closed within": removedMs / 1_000,
        "other sockets closed by that": others.length - open,
        "anything left of it": left,
        "answers in a foreign account": talk.foreign,
        "SIGTERM, ended within": stop.tookMs / 1_000,
        "exit codes other than 0": Number(stop.code !== 0),
        ...once(talk),
      },
    };
  },
});
