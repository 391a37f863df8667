import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PostgresServer, startPostgres } from "../helpers/postgres.ts";
import { type Fleet, openFleet, SECRETS } from "./lab/fleet.ts";
import { openFront } from "./lab/front.ts";
import { printed, shell } from "./lab/shell.ts";
import { CLEAN, startTalk } from "./lab/talk.ts";
import { connectAccount, createVisitor, type Visitor } from "./lab/visitor.ts";

const ACCOUNTS = 10;

let postgres: PostgresServer;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres?.stop());

describe.each(["nginx", "caddy"] as const)("two replicas behind %s, as deploy/ sets them up", (name) => {
  const undo: (() => Promise<void>)[] = [];
  const cleaner = { onTestFinished: (task: () => Promise<void>) => void undo.push(task) };
  let fleet: Fleet;
  let url = "";
  beforeAll(async () => {
    const front = await openFront(cleaner, name);
    url = front.url;
    fleet = await openFleet(cleaner, {
      accounts: ACCOUNTS,
      replicas: 2,
      storage: await postgres.fresh(),
      publicUrl: url,
    });
    await Promise.all(
      fleet.ports.map((_port, index) => fleet.start(index, { MARKETPLACE_SECRET: "shared-with-nobody" })),
    );
    await front.start(fleet.ports);
  });
  afterAll(async () => {
    for (const task of undo.splice(0).reverse()) await task();
  });
  /** Everybody comes from an address of their own. */
  let visitors = 0;
  const visitor = (): Visitor => {
    visitors += 1;
    return createVisitor(url, { from: `127.0.9.${visitors}` });
  };

  it("the program's own headers reach the browser, once each", async () => {
    const { status, headers } = await visitor().get("/");
    expect(status).toBe(200);
    expect(headers["content-security-policy"]).toMatch(/frame-ancestors [^;']*https:\/\/\*\.simla\.com/u);
    expect(headers["x-frame-options"]).toBeUndefined();
    expect(headers["strict-transport-security"]).toMatch(/^max-age=\d+/u);
    expect(headers["set-cookie"]).toEqual([expect.stringMatching(/^__Host-rulebot=.*Secure/u)]);
  });

  it("answers the commands of docs/deploy.md", async () => {
    const asked = async (beginning: string) =>
      shell((await printed(beginning)).replace("https://bot.example", url).replace("curl", "curl --silent --insecure"));
    expect(JSON.parse(await asked("curl --fail https://bot.example/healthz"))).toEqual({ ok: true });
    expect(JSON.parse(await asked("curl --fail https://bot.example/simple/config"))).toMatchObject({
      success: true,
      registerUrl: `${url}/simple/register`,
    });
    const numbers = (await printed("curl --header")).replace("127.0.0.1:8080", `127.0.0.1:${fleet.ports[0]}`);
    expect(await shell(numbers, { env: SECRETS })).toContain("rulebot_connections 0");
  });

  it("what is of interest inside only is not there", async () => {
    const answers = await Promise.all(
      ["/metrics", "/readyz", "/operation/pause"].map(async (path) => (await visitor().get(path)).status),
    );
    expect(answers).toEqual([404, 404, 404]);
    expect((await fetch(`http://127.0.0.1:${fleet.ports[0]}/metrics`)).status).toBe(401);
  });

  it("a body above 64 KB is refused", async () => {
    const answer = await visitor().post("/actions/activity", { clientId: "x", activity: "y".repeat(70_000) });
    expect(answer.status).toBe(413);
  });

  it("what a visitor claims in X-Forwarded-For does not make him another one", async () => {
    const one = visitor();
    const claims = Array.from({ length: 24 }, (_none, at) => ({ "x-forwarded-for": `198.51.100.${at}` }));
    await one.get("/");
    const statuses: number[] = [];
    for (const claim of claims) statuses.push((await one.post("/connect", { address: "", apiKey: "" }, claim)).status);
    // Ten a minute in each of two replicas.
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(4);
    const other = visitor();
    await other.get("/");
    expect((await other.post("/connect", { address: "", apiKey: "" })).status).toBe(422);
  });

  it("accounts connect through it, and a rollout loses nothing, doubles nothing and is noticed by no visitor", async () => {
    for (const { crmUrl, apiKey } of fleet.accounts) await connectAccount(visitor(), { address: crmUrl, apiKey });
    await expect
      .poll(() => fleet.accounts.filter((account) => account.socketCount() === 1).length, { timeout: 20_000 })
      .toBe(ACCOUNTS);

    const talk = startTalk(fleet.accounts, { perSecond: 8 });
    const visits = startVisits(url);
    await sleep(5_000);
    const codes = await fleet.rollOut();
    await sleep(5_000);
    const { count, failed } = await visits.stop();
    const outcome = await talk.settled();
    console.log(`${name}: ${JSON.stringify({ ...outcome, visits: count, failed })}`);
    expect(codes).toEqual([0, 0]);
    expect(failed).toEqual([]);
    expect(outcome).toMatchObject(CLEAN);
  });
});

/** Somebody opens the form five times a second. */
function startVisits(url: string) {
  const failed: string[] = [];
  const visits: Promise<void>[] = [];
  const visitOnce = async (at: number) => {
    const answer = await createVisitor(url, { from: `127.0.8.${(at % 200) + 1}` })
      .get("/")
      .catch((error: Error) => ({ status: error.message }));
    if (answer.status !== 200) failed.push(String(answer.status));
  };
  const timer = setInterval(() => visits.push(visitOnce(visits.length)), 200);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(visits);
      return { count: visits.length, failed };
    },
  };
}
