import { once as onceSeen } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { openCrowd } from "../lab/crowd.ts";
import { insideDials } from "../lab/dials.ts";
import { BEHIND_PROXY, ownerOf } from "../lab/front.ts";
import { atMost, NONE } from "../lab/limit.ts";
import { ONCE, once } from "../lab/once.ts";
import { isAlive } from "../lab/pages.ts";
import { residentMb } from "../lab/process.ts";
import { type Lab, scenario } from "../lab/scenario.ts";
import { untilAnswered } from "../lab/talk.ts";
import { startTrap } from "../lab/trap.ts";

/** What a service that rules call does to us, by its path. */
const DEEDS: Readonly<Record<string, (answer: ServerResponse, trap: number) => void | Promise<void>>> = {
  "/good": (answer) => void answer.setHeader("content-type", "application/json").end('{"count": 3}'),
  "/redirect": (answer, trap) => void answer.writeHead(302, { location: `http://127.0.0.1:${trap}/` }).end(),
  "/redirect307": (answer, trap) => void answer.writeHead(307, { location: `http://127.0.0.1:${trap}/` }).end(),
  "/huge": (answer) => pour(answer, 100),
  "/drip": (answer) => drip(answer),
  "/hang": () => {},
  "/cut": (answer) => void answer.destroy(),
  "/bomb": (answer) => void answer.end("[".repeat(500_000)),
};

/** So many MB. */
async function pour(answer: ServerResponse, megabytes: number): Promise<void> {
  const piece = Buffer.alloc(1024 * 1024, "x");
  for (let at = 0; at < megabytes && !answer.destroyed; at++)
    if (!answer.write(piece))
      await Promise.race([onceSeen(answer, "drain"), onceSeen(answer, "close")]).catch(() => {});
  answer.end();
}

async function drip(answer: ServerResponse): Promise<void> {
  while (!answer.destroyed) {
    answer.write(" ");
    await sleep(200);
  }
}

async function startService(lab: Lab, trap: number): Promise<number> {
  const server: Server = createServer((request, answer) => void DEEDS[request.url ?? ""]?.(answer, trap));
  server.listen(0, "127.0.0.1");
  await onceSeen(server, "listening");
  lab.onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a server has a port");
  return address.port;
}

/** A rule that calls an address when the customer names it. */
const calls = (word: string, url: string, method = "GET") => `
- rule: ${word}
  when: {message_is: "${word}"}
  do:
    - http: {url: "${url}", method: ${method}, save: found}
      ok: [{reply: "re ${word}"}]
      failed: [{reply: "re ${word}"}]
`;

/** Calls of other services that rules make: to the inside, redirected there, without end, without hurry. */
export const outsideCalls = scenario({
  id: "F69",
  faults: ["F69"],
  promise: "P17 P12",
  title: "the action http: addresses inside, redirects to them, 100 MB, a drop at a time",
  asked: {
    "connections to the inside": NONE,
    "connections to the listener on this machine": NONE,
    "longest time to an answer": atMost(12, "s"),
    "memory, beyond what it was": atMost(100, "MB"),
    restarts: NONE,
    ...ONCE,
  },
  async run(lab) {
    const trap = await startTrap(lab);
    const port = await startService(lab, trap.port);
    const service = `http://127.0.0.1:${port}`;
    const deeds = Object.keys(DEEDS).map((path, at) => calls(`deed${at}`, `${service}${path}`));
    const inward = INWARD(trap.port).map((url, at) => calls(`inward${at}`, url, at % 2 === 0 ? "GET" : "POST"));
    const crowd = await openCrowd(lab, {
      accounts: 1,
      level: "error",
      http: `${BEHIND_PROXY}, allowed_hosts: ["127.0.0.1:${port}"]`,
      rules: [...deeds, ...inward].join(""),
      names: NAMES,
    });
    const [account] = crowd.sandboxes.accounts;
    if (account === undefined) throw new Error("there is no account");
    const bot = await crowd.launch();
    await bot.says("Rulebot is ready");
    await ownerOf(crowd, account, 1);
    const before = residentMb(bot.pid) ?? 0;
    const words = [...deeds.map((_, at) => `deed${at}`), ...inward.map((_, at) => `inward${at}`)];
    for (const word of words) {
      const { id } = account.newCustomer({ name: word, channel: "telegram" });
      account.customerSays(word, { customer: id });
    }
    const talk = await untilAnswered([account], 60_000);
    const own = new Set([account.crmUrl, account.gatewayUrl, service].map((url) => Number(new URL(url).port)));
    return {
      extent: `${words.length} calls`,
      reached: {
        "connections to the inside": insideDials(crowd.dials(), own).length,
        "connections to the listener on this machine": trap.connections(),
        "longest time to an answer": talk.latencyMs.most / 1_000,
        "memory, beyond what it was": Math.max(0, (residentMb(bot.pid) ?? 0) - before),
        restarts: isAlive(bot) ? 0 : 1,
        ...once(talk),
      },
    };
  },
});

const NAMES = {
  "inside.example": "127.0.0.1",
  "metadata.example": "169.254.169.254",
  "mapped.example": "::ffff:10.0.0.1",
};

/** Whatever a rule's author, or a customer through an answer, could make of an address. */
const INWARD = (port: number): readonly string[] => [
  `http://127.0.0.1:${port}/`,
  `http://127.1:${port}/`,
  `http://2130706433:${port}/`,
  `http://0x7f.1:${port}/`,
  `http://[::1]:${port}/`,
  `http://[::ffff:127.0.0.1]:${port}/`,
  `http://localhost:${port}/`,
  `http://0.0.0.0:${port}/`,
  "http://169.254.169.254/latest/meta-data",
  `http://inside.example:${port}/`,
  "http://metadata.example/",
  "https://mapped.example/",
];
