import { createHmac } from "node:crypto";
import { hostileAddresses } from "../../helpers/hostile-addresses.ts";
import { type Crowd, ONE_STEP_SECRET, openCrowd } from "../lab/crowd.ts";
import { insideDials } from "../lab/dials.ts";
import { BEHIND_PROXY, cameFrom, changedAmong, otherThan, ownerOf, recordsOf } from "../lab/front.ts";
import { ALL, exactly, NONE, percent } from "../lab/limit.ts";
import { scenario } from "../lab/scenario.ts";
import { startTrap } from "../lab/trap.ts";
import { connectByForm, createVisitor, ledTo, type Page, send, sendForm } from "../lab/visitor.ts";

const signed = (apiKey: string) => createHmac("sha256", ONE_STEP_SECRET).update(apiKey).digest("hex");

/** What a one-step connection posts. */
interface Register {
  readonly token: string;
  readonly apiKey: string;
  readonly systemUrl: string;
}

const register = (crowd: Crowd, fields: Register, at: number): Promise<Page> =>
  sendForm(`${crowd.url}/simple/register`, { register: JSON.stringify(fields) }, cameFrom(at));

/** One-step connections that nobody has signed, or that were signed for another account. */
export const forged = scenario({
  id: "F61",
  faults: ["F61", "F68"],
  promise: "P18",
  title:
    "one-step connections with a wrong signature, or repeated for another address; the configuration address asked by anyone",
  asked: {
    "forged ones not answered with 401": NONE,
    "repeated ones that connect another address": NONE,
    "connections changed by any of them": NONE,
    "modules changed in the CRMs": NONE,
    "honest ones that connect": ALL,
    "other answers of the configuration address": NONE,
    "secrets in them": NONE,
    "cacheable answers": ALL,
  },
  async run(lab) {
    const crowd = await openCrowd(lab, { accounts: 4, level: "warn", http: BEHIND_PROXY });
    const [mine, yours, honest] = crowd.sandboxes.accounts;
    if (mine === undefined || yours === undefined || honest === undefined) throw new Error("accounts are missing");
    await (await crowd.launch()).says("Rulebot is ready");
    await ownerOf(crowd, mine, 1);
    await ownerOf(crowd, yours, 2);
    const before = await recordsOf(crowd);
    let edits = 0;
    crowd.sandboxes.on((change) => {
      if (change.kind === "request" && change.request.path.endsWith("/edit")) edits += 1;
    });
    const tries = lab.size(200, 20);
    const wrong = await Promise.all(
      Array.from({ length: tries }, (_, at) =>
        register(crowd, { ...wrongly(mine.apiKey, lab.random.whole(0, 3)), systemUrl: mine.crmUrl }, at),
      ),
    );
    const captured = { token: signed(mine.apiKey), apiKey: mine.apiKey };
    const others = [
      yours.crmUrl,
      `${yours.crmUrl}/`,
      "https://evil.example",
      "http://169.254.169.254",
      "https://x.retailcrm.ru",
    ];
    const repeated = await Promise.all(others.map((systemUrl, at) => register(crowd, { ...captured, systemUrl }, at)));
    const [changed, changedModules] = [changedAmong(before, await recordsOf(crowd)), edits];
    const honestly = { token: signed(honest.apiKey), apiKey: honest.apiKey, systemUrl: honest.crmUrl };
    const taken = await register(crowd, honestly, 9);
    const cards = await askedByAnyone(crowd, lab.size(100, 10));
    return {
      extent: `${tries} forged, ${others.length} repeated, ${cards.length} visitors of the configuration address`,
      reached: {
        "forged ones not answered with 401": otherThan(wrong, 401),
        "repeated ones that connect another address": repeated.filter(({ body }) => body.includes("accountUrl")).length,
        "connections changed by any of them": changed,
        "modules changed in the CRMs": changedModules,
        "honest ones that connect": percent(Number(taken.body.includes("accountUrl")), 1),
        "other answers of the configuration address": new Set(cards.map(({ body }) => body)).size - 1,
        "secrets in them": cards.filter(({ body }) => SECRETS.some((secret) => body.includes(secret))).length,
        "cacheable answers": percent(cards.filter(isCacheable).length, cards.length),
      },
    };
  },
});

const SECRETS = [ONE_STEP_SECRET, "sandbox-key"];
const isCacheable = ({ headers }: Page) => /public, max-age=\d{2,}/.test(headers["cache-control"] ?? "");

/** A signature that is almost right. */
function wrongly(apiKey: string, how: number): Pick<Register, "token" | "apiKey"> {
  const token = signed(apiKey);
  if (how === 0) return { token: `${token.slice(0, -1)}${token.endsWith("0") ? "1" : "0"}`, apiKey };
  if (how === 1) return { token, apiKey: `${apiKey}x` };
  if (how === 2) return { token: createHmac("sha256", "guessed").update(apiKey).digest("hex"), apiKey };
  return { token: token.toUpperCase().slice(0, 63), apiKey };
}

const askedByAnyone = (crowd: Crowd, times: number) =>
  Promise.all(
    Array.from({ length: times }, (_, at) =>
      send(`${crowd.url}/simple/config`, { method: "GET", headers: cameFrom(at) }),
    ),
  );

/** Names that look like accounts, and lead inside. */
const INSIDE_NAMES = {
  "inside.retailcrm.ru": "127.0.0.1",
  "metadata.retailcrm.ru": "169.254.169.254",
  "mapped.simla.com": "::ffff:10.0.0.1",
  "nat64.simla.com": "64:ff9b::7f00:1",
  "rebinding.example": "127.0.0.1",
} as const;

/** Accounts at addresses that lead inside: typed into the form, signed in one-step connections, named in callbacks. */
export const inward = scenario({
  id: "F62",
  faults: ["F62"],
  promise: "P17",
  title: "addresses that lead inside, however they are written",
  asked: {
    "refused by the form": ALL,
    "refused in one step": ALL,
    "connections to the inside": NONE,
    "connections to the listener on this machine": NONE,
    "connections kept": exactly(1),
    restarts: NONE,
  },
  async run(lab) {
    const trap = await startTrap(lab);
    const crowd = await openCrowd(lab, { accounts: 1, level: "warn", http: BEHIND_PROXY, names: INSIDE_NAMES });
    const [account] = crowd.sandboxes.accounts;
    if (account === undefined) throw new Error("there is no account");
    await (await crowd.launch()).says("Rulebot is ready");
    const { clientId } = await ownerOf(crowd, account, 1);
    const addresses = [...hostileAddresses(trap.port), ...LISTED, ...Object.keys(INSIDE_NAMES)];
    const byForm = await Promise.all(addresses.map((address, at) => tryForm(crowd, address, at)));
    const inOneStep = await Promise.all(
      addresses.map((systemUrl, at) => register(crowd, { token: signed("key"), apiKey: "key", systemUrl }, at)),
    );
    for (const [at, systemUrl] of addresses.entries())
      await sendForm(`${crowd.url}/actions/activity`, { clientId, activity: "{}", systemUrl }, cameFrom(at));
    const own = new Set([account.crmUrl, account.gatewayUrl].map((url) => Number(new URL(url).port)));
    return {
      extent: `${addresses.length} addresses, each by form, in one step and in a callback`,
      reached: {
        "refused by the form": percent(byForm.filter((page) => ledTo(page) === null).length, addresses.length),
        "refused in one step": percent(inOneStep.filter(({ status }) => (status ?? 0) >= 400).length, addresses.length),
        "connections to the inside": insideDials(crowd.dials(), own).length,
        "connections to the listener on this machine": trap.connections(),
        "connections kept": (await recordsOf(crowd)).length,
        restarts: Number(crowd.bot().errors() !== ""),
      },
    };
  },
});

const LISTED = [
  "http://169.254.169.254",
  "https://x.retailcrm.ru@evil",
  "https://retailcrm.ru.evil.com",
  "https://2130706433",
];

const tryForm = (crowd: Crowd, address: string, at: number): Promise<Page> =>
  connectByForm(createVisitor(crowd.url, cameFrom(at)), { address, apiKey: "a-key-of-somebody" });
