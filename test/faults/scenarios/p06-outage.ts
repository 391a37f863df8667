import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { atMost, exactly } from "../lab/limit.ts";
import { type Lab, scenario } from "../lab/scenario.ts";
import { openStand, type Stand } from "../lab/stand.ts";

const CONNECTIONS = 1_000;
const DOWN_MS = 60_000;
const FILE = fileURLToPath(new URL("../children/many-listeners.ts", import.meta.url));

/** The program serves one account until it is a service for many: the part of it that listens is run a thousand times over in
 *  one process, with the one gate that all its connections share. */
export const outage = scenario({
  id: "P6",
  faults: ["P6", "F1"],
  promise: "P6",
  title: "a thousand connections while the gateway is away for 60 s",
  alone: true,
  asked: {
    "most tries in any second, first start": atMost(20),
    "most tries in any second, outage": atMost(20),
    "most tries in any second, afterwards": atMost(20),
    "tries during the outage": atMost(1_300),
    "all back within": atMost(60, "s"),
    "sockets at the end": exactly(CONNECTIONS),
  },
  async run(lab) {
    const count = lab.size(CONNECTIONS, 40);
    const downMs = lab.size(DOWN_MS, 5_000);
    const stand = await openStand(lab);
    const listeners = await startListeners(lab, stand, count);
    await listeners.until(count, count * 60 + 30_000);
    const started = triesOf(stand, 0);
    const downAt = Date.now();
    stand.proxy.newcomers("reset");
    for (const passage of stand.proxy.passages()) passage.reset();
    await sleep(downMs);
    const upAt = Date.now();
    const during = triesOf(stand, downAt);
    stand.proxy.newcomers("pass");
    await listeners.until(count, 180_000);
    const backAt = Date.now();
    const scale = CONNECTIONS / count;
    return {
      extent: `${count} sockets, away for ${downMs / 1_000} s`,
      reached: {
        "most tries in any second, first start": busiestSecond(started),
        "most tries in any second, outage": busiestSecond(during),
        "most tries in any second, afterwards": busiestSecond(triesOf(stand, upAt)),
        "tries during the outage": during.length,
        "all back within": (backAt - upAt) / 1_000,
        "sockets at the end": stand.sandbox.socketCount() * scale,
      },
    };
  },
});

const triesOf = ({ proxy }: Stand, since: number): readonly number[] => proxy.arrivals.filter((at) => at >= since);

/** The most within any span of a second, wherever it begins. */
function busiestSecond(moments: readonly number[]): number {
  let most = 0;
  let first = 0;
  for (const [at, moment] of moments.entries()) {
    while ((moments[first] ?? moment) <= moment - 1_000) first += 1;
    most = Math.max(most, at - first + 1);
  }
  return most;
}

interface Listeners {
  /** Resolves when so many sockets are open. Rejects when that takes longer. */
  until(count: number, withinMs: number): Promise<void>;
}

async function startListeners(lab: Lab, { sandbox, proxy }: Stand, count: number): Promise<Listeners> {
  const token = await registered(sandbox.crmUrl, sandbox.apiKey);
  const child = spawn(process.execPath, [FILE, proxy.url, token, String(count)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  lab.onTestFinished(async () => void child.kill("SIGKILL"));
  let open = 0;
  createInterface({ input: child.stdout }).on("line", (line) => {
    open = Number(line.split(" ")[1]);
  });
  return {
    async until(wanted, withinMs) {
      const endsAt = Date.now() + withinMs;
      while (open < wanted) {
        if (Date.now() > endsAt) throw new Error(`only ${open} of ${wanted} sockets are open`);
        await sleep(50);
      }
    },
  };
}

/** Registers a bot by hand and gives its token. */
async function registered(crmUrl: string, apiKey: string): Promise<string> {
  const integrations = { mgBot: {} };
  const module = {
    code: "many",
    name: "Many",
    clientId: "many",
    baseUrl: "http://127.0.0.1:9",
    active: true,
    integrations,
  };
  const answer = await fetch(`${crmUrl}/api/v5/integration-modules/many/edit`, {
    method: "POST",
    headers: { "X-API-KEY": apiKey },
    body: new URLSearchParams({ integrationModule: JSON.stringify(module) }),
  });
  const { info } = (await answer.json()) as { info: { mgBot: { token: string } } };
  return info.mgBot.token;
}
