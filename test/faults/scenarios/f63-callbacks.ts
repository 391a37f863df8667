import type { Sandbox } from "../../../src/sandbox/index.ts";
import { type Crowd, openCrowd } from "../lab/crowd.ts";
import { BEHIND_PROXY, cameFrom, changedAmong, otherThan, ownerOf, recordsOf, tellsInside } from "../lab/front.ts";
import { atMost, NONE } from "../lab/limit.ts";
import { ONCE, once } from "../lab/once.ts";
import { isAlive } from "../lab/pages.ts";
import { type Lab, scenario } from "../lab/scenario.ts";
import { talkOf, untilAnswered } from "../lab/talk.ts";
import { formHeaders, type Page, send, sendForm } from "../lab/visitor.ts";

const FLOOD = 1_000;

/** The CRM's callbacks are unsigned: anyone can send them, in any shape and number. */
export const callbacks = scenario({
  id: "F63",
  faults: ["F63"],
  promise: "P18",
  title: "callbacks that are forged, malformed, huge, and a thousand a minute",
  asked: {
    "answers with another status than they should have": NONE,
    "answers that tell something of the inside": NONE,
    "connections changed": NONE,
    "sockets closed": NONE,
    "requests to the addresses they name": NONE,
    "let through of a thousand guesses from one address": atMost(120),
    "refused from that address about accounts of ours": NONE,
    "let through of a thousand about one account": atMost(120),
    "looks at the module because of them, a second": atMost(1),
    restarts: NONE,
    ...ONCE,
  },
  async run(lab) {
    const crowd = await openCrowd(lab, { accounts: 3, level: "warn", http: BEHIND_PROXY });
    const [mine, yours, third] = crowd.sandboxes.accounts;
    if (mine === undefined || yours === undefined || third === undefined) throw new Error("accounts are missing");
    await (await crowd.launch()).says("Rulebot is ready");
    const { clientId } = await ownerOf(crowd, mine, 1);
    const another = await ownerOf(crowd, third, 2);
    const before = await recordsOf(crowd);
    const counted = watchRequests(mine, yours);
    const beganAt = Date.now();
    const odd = await sendOdd(crowd, { clientId, foreign: yours.crmUrl });
    const flood = await sendFlood(lab, crowd, [clientId, another.clientId]);
    mine.customerSays("still there");
    const talk = await untilAnswered([mine], 30_000);
    const seconds = (Date.now() - beganAt) / 1_000;
    return {
      extent: `${odd.pages.length} odd ones, ${flood.size} twice`,
      reached: {
        "answers with another status than they should have": odd.wrong,
        "answers that tell something of the inside": [...odd.pages, ...flood.pages].filter(tellsInside).length,
        "connections changed": changedAmong(before, await recordsOf(crowd)),
        "sockets closed": counted.closed(),
        "requests to the addresses they name": counted.foreign(),
        "let through of a thousand guesses from one address": flood.guessed,
        "refused from that address about accounts of ours": flood.refused,
        "let through of a thousand about one account": flood.aboutOne,
        "looks at the module because of them, a second": counted.looks() / Math.max(1, seconds),
        restarts: isAlive(crowd.bot()) ? 0 : 1,
        ...once(talkOf([mine])),
        "messages lost": talk.lost.length,
      },
    };
  },
});

function watchRequests(mine: Sandbox, yours: Sandbox) {
  let [looks, foreign, closed] = [0, 0, 0];
  mine.on((change) => {
    if (change.kind === "socket_closed") closed += 1;
    if (change.kind === "request" && change.request.path.includes("/integration-modules/")) looks += 1;
  });
  yours.on((change) => {
    if (change.kind === "request") foreign += 1;
  });
  return { looks: () => looks, foreign: () => foreign, closed: () => closed };
}

interface Odd {
  readonly name: string;
  readonly status: number;
  readonly page: Promise<Page>;
}

const NOBODY = "d".repeat(64);

/** Each in another shape; what comes back is compared. */
async function sendOdd({ url }: Crowd, { clientId, foreign }: { clientId: string; foreign: string }) {
  const off = JSON.stringify({ active: false, freeze: true });
  const path = `${url}/actions/activity`;
  const form = (fields: Readonly<Record<string, string>>, at = 0) => sendForm(path, fields, cameFrom(100 + at));
  const raw = (body: string, type: string) =>
    send(path, { method: "POST", body, headers: { ...formHeaders(body), "content-type": type, ...cameFrom(99) } });
  const odd: readonly Odd[] = [
    { name: "unknown id", status: 404, page: form({ clientId: NOBODY, activity: off }) },
    { name: "id of the database", status: 404, page: form({ clientId: "127.1.0.1/rulebot", activity: off }) },
    { name: "injection", status: 404, page: form({ clientId: "' OR 1=1 --", activity: off }) },
    { name: "lie", status: 200, page: form({ clientId, activity: off, systemUrl: foreign }) },
    { name: "no id", status: 400, page: form({ activity: off }) },
    { name: "long id", status: 400, page: form({ clientId: "x".repeat(5_000), activity: off }) },
    { name: "no JSON", status: 400, page: form({ clientId, activity: "{active: nope" }) },
    { name: "a list", status: 400, page: form({ clientId, activity: "[1]" }) },
    { name: "long address", status: 400, page: form({ clientId, activity: off, systemUrl: "https://x".repeat(100) }) },
    { name: "JSON body", status: 400, page: raw(JSON.stringify({ clientId, activity: off }), "application/json") },
    { name: "no form", status: 400, page: raw("\u0000\u0001", "application/octet-stream") },
    { name: "1 MB", status: 413, page: form({ clientId, activity: "x".repeat(1024 * 1024) }) },
    { name: "GET", status: 404, page: send(`${path}?clientId=${clientId}`, { method: "GET", headers: cameFrom(98) }) },
    { name: "PUT", status: 404, page: send(path, { method: "PUT", headers: cameFrom(97) }) },
  ];
  const pages = await Promise.all(odd.map(({ page }) => page));
  // A body that is cut off while it is being sent may leave no answer to read.
  const wrong = odd.filter(({ status, name }, at) => {
    const found = pages[at]?.status ?? null;
    return found !== status && !(name === "1 MB" && found === null);
  });
  return { pages, wrong: wrong.length };
}

/** Calls of one account, from an address that has guessed too often: fewer than one account may have in a minute. */
const ABOUT_OURS = 100;

/** A thousand from one address about ids of nobody; the CRM's own calls from that address; and a thousand about one account from as many
 *  addresses. */
async function sendFlood(lab: Lab, { url }: Crowd, [first = "", second = ""]: readonly string[]) {
  const size = lab.size(FLOOD, 300);
  const activity = JSON.stringify({ active: true, freeze: false });
  const post = (fields: Readonly<Record<string, string>>, from: number) =>
    sendForm(`${url}/actions/${"activity" in fields ? "activity" : "settings"}`, fields, cameFrom(from));
  const guesses = await many(size, (at) => post({ clientId: `${at}`.padStart(64, "0"), activity }, 1_000));
  const ours = await many(ABOUT_OURS, () => post({ clientId: first, activity }, 1_000));
  const all = await many(size, (at) => post({ clientId: second, settings: "{}" }, 2_000 + at));
  const through = (pages: readonly Page[]) => otherThan(pages, 429);
  return {
    size,
    pages: [...guesses, ...ours, ...all],
    guessed: through(guesses),
    refused: otherThan(ours, 200),
    aboutOne: through(all),
  };
}

/** Fifty at a time. */
async function many(count: number, task: (at: number) => Promise<Page>): Promise<readonly Page[]> {
  const pages: Page[] = [];
  while (pages.length < count) {
    const from = pages.length;
    const some = Math.min(50, count - from);
    pages.push(...(await Promise.all(Array.from({ length: some }, (_, at) => task(from + at)))));
  }
  return pages;
}
