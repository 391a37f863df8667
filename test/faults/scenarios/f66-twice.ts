import type { Sandbox } from "../../../src/sandbox/index.ts";
import { startPostgres } from "../../helpers/postgres.ts";
import { type Crowd, openCrowd, untilOpen } from "../lab/crowd.ts";
import { BEHIND_PROXY, cameFrom, recordsOf } from "../lab/front.ts";
import { ALL, atMost, NONE, percent } from "../lab/limit.ts";
import { ONCE, once } from "../lab/once.ts";
import { type Lab, type Scenario, scenario } from "../lab/scenario.ts";
import { askAll, untilAnswered } from "../lab/talk.ts";
import { timed, until } from "../lab/until.ts";
import { connectByForm, createVisitor, ledTo, type Page, textOf } from "../lab/visitor.ts";

const ACCOUNTS = 20;

const ASKED = {
  "forms that end at the settings": ALL,
  "modules or connections too many": NONE,
  "ids that the CRM does not have": NONE,
  "tokens asked to be renewed": NONE,
  "sockets too many": NONE,
  ...ONCE,
} as const;

/** The same account is connected twice at the same moment; `roots`: the pages of the programs that are asked. */
async function connectTwice(lab: Lab, crowd: Crowd, roots: readonly string[]) {
  const { accounts } = crowd.sandboxes;
  let renewed = 0;
  crowd.sandboxes.on((change) => {
    if (change.kind !== "answered" || !change.request.path.endsWith("/edit")) return;
    if (JSON.stringify(change.request.body).includes("refreshToken")) renewed += 1;
  });
  const pages: Page[] = [];
  for (const [at, account] of accounts.entries()) pages.push(...(await twice(account, roots, at)));
  for (const page of pages) if (ledTo(page) === null) lab.tell(`${page.status}: ${textOf(page).slice(0, 300)}`);
  const open = await untilOpen(crowd.sandboxes, accounts.length, 60_000);
  lab.tell(`${crowd.sandboxes.socketCount()} open after ${open} ms`);
  askAll(accounts, "hello");
  const talk = await untilAnswered(accounts, 60_000);
  const records = await recordsOf(crowd);
  return {
    "forms that end at the settings": percent(pages.filter((page) => ledTo(page) !== null).length, pages.length),
    "modules or connections too many":
      records.length - accounts.length + sum(accounts, ({ world }) => world.modules.size - 1),
    "ids that the CRM does not have": records.filter((record) => !accounts.some((account) => knows(account, record)))
      .length,
    "tokens asked to be renewed": renewed,
    "sockets too many": sum(accounts, (account) => Math.max(0, account.socketCount() - 1)),
    ...once(talk),
  };
}

const sum = (accounts: readonly Sandbox[], count: (account: Sandbox) => number) =>
  accounts.reduce((total, account) => total + count(account), 0);

const knows = ({ world }: Sandbox, { clientId }: { clientId: string }) =>
  [...world.modules.values()].some(({ fields }) => fields.clientId === clientId);

function twice(account: Sandbox, roots: readonly string[], at: number): Promise<readonly Page[]> {
  const { crmUrl: address, apiKey } = account;
  const forms = [0, 1].map((which) => {
    const root = roots[which % roots.length] ?? "";
    return connectByForm(createVisitor(root, cameFrom(at * 2 + which)), { address, apiKey });
  });
  return Promise.all(forms);
}

/** Two clicks, and two replicas that are asked at the same moment. */
export const doubleConnects: readonly Scenario[] = [
  scenario({
    id: "F66.1",
    faults: ["F66"],
    promise: "P18",
    title: "the form is sent twice at once",
    asked: ASKED,
    async run(lab) {
      const accounts = lab.size(ACCOUNTS, 3);
      const crowd = await openCrowd(lab, { accounts, level: "warn", http: BEHIND_PROXY });
      await (await crowd.launch()).says("Rulebot is ready");
      return { extent: `${accounts} accounts`, reached: await connectTwice(lab, crowd, [crowd.url]) };
    },
  }),
  scenario({
    id: "F66.2",
    faults: ["F66"],
    promise: "P18 P10",
    title: "two replicas on PostgreSQL connect the same account at once; one account hangs meanwhile",
    asked: { ...ASKED, "another account connects beside one that hangs within": atMost(10, "s") },
    async run(lab) {
      const server = await startPostgres();
      lab.onTestFinished(() => server.stop());
      const accounts = lab.size(ACCOUNTS, 3);
      const crowd = await openCrowd(lab, {
        accounts: accounts + 2,
        level: "warn",
        http: BEHIND_PROXY,
        database: await server.fresh(),
      });
      const second = await crowd.replica();
      await (await crowd.launch()).says("Rulebot is ready");
      await second.bot.says("Rulebot is ready");
      const [hanging, beside, ...others] = crowd.sandboxes.accounts;
      if (hanging === undefined || beside === undefined) throw new Error("accounts are missing");
      const besideMs = await besideHanging(crowd, hanging, beside);
      const reached = await connectTwice(lab, crowd, [crowd.url, second.url]);
      return {
        extent: `${others.length} accounts, 2 replicas`,
        reached: { ...reached, "another account connects beside one that hangs within": besideMs / 1_000 },
      };
    },
  }),
];

/** How long one account takes while the CRM of another does not answer. */
async function besideHanging({ url }: Crowd, hanging: Sandbox, beside: Sandbox): Promise<number> {
  const undo = hanging.faults.add({ kind: "hang", match: { server: "crm" }, times: null });
  const stuck = connectByForm(createVisitor(url, cameFrom(900)), { address: hanging.crmUrl, apiKey: hanging.apiKey });
  const tookMs = await timed(async () => {
    await connectByForm(createVisitor(url, cameFrom(901)), { address: beside.crmUrl, apiKey: beside.apiKey });
    await until(() => beside.socketCount() === 1);
  });
  undo();
  await stuck;
  return tookMs;
}
