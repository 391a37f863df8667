import type { Sandbox } from "../../../src/sandbox/index.ts";
import { ADMIN_PASSWORD, type Crowd, openCrowd } from "../lab/crowd.ts";
import {
  BEHIND_PROXY,
  cameFrom,
  changedAmong,
  type Owner,
  otherThan,
  ownerOf,
  recordsOf,
  tellsInside,
} from "../lab/front.ts";
import { atMost, NONE } from "../lab/limit.ts";
import { type Lab, scenario } from "../lab/scenario.ts";
import { connectByForm, createVisitor, ledTo, type Page, send } from "../lab/visitor.ts";

/** The owners' pages, by people who are not the owner. */
export const pages = scenario({
  id: "F64",
  faults: ["F64"],
  promise: "P18",
  title:
    "settings pages: guessed ids, no session, somebody else's session, forms of other sites, frames, hostile names",
  asked: {
    "guessed ids that find something": NONE,
    "pages without a session that name the account": NONE,
    "saved without a right to": NONE,
    "connections changed": NONE,
    "pages that another site may frame": NONE,
    "pages with markup of somebody else": NONE,
    "pages with a script of any kind": NONE,
    "pages that tell something of the inside": NONE,
  },
  async run(lab) {
    const crowd = await openCrowd(lab, { accounts: 3, level: "warn", http: BEHIND_PROXY });
    const [mine, yours, hostile] = crowd.sandboxes.accounts;
    if (mine === undefined || yours === undefined || hostile === undefined) throw new Error("accounts are missing");
    await (await crowd.launch()).says("Rulebot is ready");
    const [owner, other] = [await ownerOf(crowd, mine, 1), await ownerOf(crowd, yours, 2)];
    const before = await recordsOf(crowd);
    const guessed = await guess(lab, crowd);
    const strange = await withoutSession(crowd, owner, other);
    const foreign = await foreignForms(crowd, owner, other);
    const marked = await hostileWords(crowd, hostile);
    const own = await owner.visitor.get(`/settings/${owner.clientId}`);
    const all = [...guessed, ...strange, ...foreign, ...marked, own];
    return {
      extent: `${guessed.length} guessed, ${foreign.length} foreign forms, ${all.length} pages in all`,
      reached: {
        "guessed ids that find something": otherThan(guessed, 404) + new Set(guessed.map(({ body }) => body)).size - 1,
        "pages without a session that name the account": strange.filter(({ body }) => names(body, mine)).length,
        "saved without a right to": foreign.filter((page) => /news=saved|\/done/u.test(ledTo(page) ?? "")).length,
        "connections changed": changedAmong(before, await recordsOf(crowd)),
        "pages that another site may frame": all.filter((page) => !isFramedOnlyBy(page, crowd)).length,
        "pages with markup of somebody else": marked.filter(({ body }) => HOSTILE.some((word) => body.includes(word)))
          .length,
        "pages with a script of any kind": all.filter(hasScript).length,
        "pages that tell something of the inside": all.filter(tellsInside).length,
      },
    };
  },
});

/** What stands in quotes is the value of an attribute. */
const hasScript = ({ body }: Page) => /<script|<[^>]*\s(on\w+|href=javascript)/iu.test(body.replace(/"[^"]*"/gu, '""'));

const names = (body: string, { crmUrl }: Sandbox) => body.includes(new URL(crmUrl).host);

const guess = (lab: Lab, { url }: Crowd): Promise<readonly Page[]> =>
  Promise.all(
    Array.from({ length: lab.size(200, 20) }, (_, at) => {
      const id = Array.from({ length: 64 }, () => lab.random.whole(0, 15).toString(16)).join("");
      return createVisitor(url, cameFrom(at)).get(`/settings/${id}`);
    }),
  );

/** Whoever knows the address, and whoever is signed in elsewhere. */
const withoutSession = ({ url }: Crowd, owner: Owner, other: Owner): Promise<readonly Page[]> =>
  Promise.all([
    createVisitor(url, cameFrom(300)).get(`/settings/${owner.clientId}`),
    other.visitor.get(`/settings/${owner.clientId}`),
    createVisitor(url, cameFrom(301)).get("/admin"),
    createVisitor(url, cameFrom(302)).get("/status"),
    other.visitor.get("/admin"),
  ]);

const WANTED = { language: "ru", timezone: "Asia/Tokyo" };

/** Forms that were not made by our page for this owner. */
async function foreignForms({ url }: Crowd, { visitor, clientId }: Owner, other: Owner): Promise<readonly Page[]> {
  const save = `/settings/${clientId}/save`;
  await visitor.get(`/settings/${clientId}`);
  const form = "application/x-www-form-urlencoded";
  const stolen = { "content-type": form, cookie: visitor.cookie(), origin: "https://evil.example" };
  const body = new URLSearchParams(WANTED).toString();
  return [
    await visitor.post(save, WANTED, { "sec-fetch-site": "cross-site" }),
    await visitor.post(save, WANTED, { "sec-fetch-site": "same-site" }),
    await visitor.post(save, WANTED, { "sec-fetch-site": "none", origin: "https://evil.example" }),
    await visitor.post(save, { ...WANTED, _csrf: "" }),
    await visitor.post(save, { ...WANTED, _csrf: "a1b2c3d4-e5f6" }),
    await send(`${url}${save}`, { method: "POST", headers: stolen, body }),
    await other.visitor.post(save, WANTED),
    await createVisitor(url, cameFrom(310)).post(save, WANTED),
    await visitor.post("/admin/account/pause?id=127.1.0.1%2Frulebot", {}),
  ];
}

const HOSTILE = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "<svg/onload=alert(1)>"];

/** A CRM whose words are markup, and a visitor who types it. */
async function hostileWords({ url }: Crowd, account: Sandbox): Promise<readonly Page[]> {
  const answers: Page[] = [];
  for (const [at, words] of HOSTILE.entries()) {
    const undo = account.faults.add({
      kind: "status",
      status: 400,
      body: { success: false, errorMsg: words, errors: [words] },
      match: { server: "crm", path: /\/edit$/ },
      times: null,
    });
    const visitor = createVisitor(url, cameFrom(320 + at));
    answers.push(await connectByForm(visitor, { address: account.crmUrl, apiKey: account.apiKey }));
    undo();
    answers.push(await connectByForm(visitor, { address: words, apiKey: words }));
    answers.push(await visitor.get(`/?account=${encodeURIComponent(words)}&lang=${encodeURIComponent(words)}`));
    answers.push(await visitor.get(`/settings/${encodeURIComponent(words)}`));
  }
  return answers;
}

/** In a frame of accounts at most; what was refused is shown in none. */
function isFramedOnlyBy({ headers }: Page, { sandboxes }: Crowd): boolean {
  const [, sites = ""] = /frame-ancestors ([^;]*)/.exec(String(headers["content-security-policy"] ?? "")) ?? [];
  const known = sandboxes.accounts.flatMap(({ crmUrl, gatewayUrl }) => [crmUrl, gatewayUrl]);
  const allowed = new Set([...known, ...known.map((one) => one.replace("http:", "https:")), "'none'"]);
  const isVendors = (site: string) => /^https:\/\/\*\.[a-z]+\.[a-z]+$/.test(site);
  return sites !== "" && sites.split(" ").every((site) => allowed.has(site) || isVendors(site));
}

/** Guessing keys and passwords: from one address, from many, and from one that says it were many. */
export const guessing = scenario({
  id: "F70",
  faults: ["F70", "F64"],
  promise: "P18",
  title: "keys and passwords are guessed, with forged and changing X-Forwarded-For",
  asked: {
    "tries let through in a minute, X-Forwarded-For changing, nobody trusted": atMost(10),
    "the same, behind a proxy that adds the true address": atMost(10),
    "tries at one account, from many true addresses": atMost(10),
    "tries of the operator's password from one address": atMost(10),
    "guesses that open something": NONE,
    "honest sign-ins from elsewhere that are refused": NONE,
  },
  async run(lab) {
    const tries = lab.size(200, 40);
    const bare = await openHouse(lab, "");
    const behind = await openHouse(lab, BEHIND_PROXY);
    const changing = await guessKeys(bare, tries, (at) => cameFrom(at));
    const forged = await guessKeys(behind, tries, (at) => ({
      "x-forwarded-for": `${cameFrom(at)["x-forwarded-for"]}, 198.51.100.7`,
    }));
    const spread = await guessKeys(behind, tries, (at) => cameFrom(400 + at), 1);
    const passwords = await guessPasswords(behind, tries);
    const honest = createVisitor(behind.crowd.url, cameFrom(9_000));
    await honest.get("/admin/login");
    const signedIn = await honest.post("/admin/login", { password: ADMIN_PASSWORD });
    const all = [...changing, ...forged, ...spread, ...passwords];
    return {
      extent: `${tries} tries each`,
      reached: {
        "tries let through in a minute, X-Forwarded-For changing, nobody trusted": otherThan(changing, 429),
        "the same, behind a proxy that adds the true address": otherThan(forged, 429),
        "tries at one account, from many true addresses": otherThan(spread, 429),
        "tries of the operator's password from one address": otherThan(passwords, 429),
        "guesses that open something": all.filter((page) => ledTo(page) !== null).length,
        "honest sign-ins from elsewhere that are refused": Number(ledTo(signedIn) === null),
      },
    };
  },
});

interface House {
  readonly crowd: Crowd;
  /** Ids of two accounts. */
  readonly clientIds: readonly string[];
}

async function openHouse(lab: Lab, http: string): Promise<House> {
  const crowd = await openCrowd(lab, { accounts: 2, level: "warn", http });
  await crowd.keep(crowd.sandboxes.accounts);
  await (await crowd.launch()).says("Rulebot is ready");
  return { crowd, clientIds: (await recordsOf(crowd)).map(({ clientId }) => clientId) };
}

type From = (at: number) => Readonly<Record<string, string>>;

/** One form, sent again and again. */
async function guessKeys({ crowd, clientIds }: House, tries: number, from: From, which = 0): Promise<readonly Page[]> {
  const path = `/settings/${clientIds[which]}`;
  const visitor = createVisitor(crowd.url);
  await visitor.get(path, { "x-forwarded-for": "192.0.2.9" });
  const answers: Page[] = [];
  for (let at = 0; at < tries; at++)
    answers.push(await visitor.post(`${path}/sign-in`, { apiKey: `guessed-${at}` }, from(at)));
  return answers;
}

async function guessPasswords({ crowd }: House, tries: number): Promise<readonly Page[]> {
  const visitor = createVisitor(crowd.url, cameFrom(5_000));
  await visitor.get("/admin/login");
  const answers: Page[] = [];
  for (let at = 0; at < tries; at++)
    answers.push(await visitor.post("/admin/login", { password: `guessed password ${at}` }));
  return answers;
}
