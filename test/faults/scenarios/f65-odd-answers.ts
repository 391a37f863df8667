import type { Fault, Sandbox } from "../../../src/sandbox/index.ts";
import { openCrowd } from "../lab/crowd.ts";
import { insideDials } from "../lab/dials.ts";
import { BEHIND_PROXY, cameFrom, ownerOf, recordsOf } from "../lab/front.ts";
import { ALL, NONE, percent } from "../lab/limit.ts";
import { ONCE, once } from "../lab/once.ts";
import { isAlive } from "../lab/pages.ts";
import { scenario } from "../lab/scenario.ts";
import { untilAnswered } from "../lab/talk.ts";
import { startTrap } from "../lab/trap.ts";
import { until } from "../lab/until.ts";
import { connectByForm, createVisitor, ledTo, type Page, textOf } from "../lab/visitor.ts";

/** A way in which the CRM answers a registration oddly; what it returns puts it right. */
interface Oddity {
  readonly name: string;
  begin(account: Sandbox): () => void;
}

const edit = (body: unknown, over: Partial<Fault> = {}): Fault => ({
  kind: "status",
  status: 200,
  body,
  match: { server: "crm", path: /\/integration-modules\/[\w-]+\/edit$/ },
  times: null,
  ...over,
});

const struck = (name: string, ...faults: readonly Fault[]): Oddity => ({
  name,
  begin(account) {
    const undo = faults.map((fault) => account.faults.add(fault));
    return () => undo.forEach((back) => void back());
  },
});

const gatewayAt = (url: string): Oddity => ({
  name: `the gateway is said to be at ${url}`,
  begin(account) {
    const { gatewayUrl } = account;
    account.moveGateway(url);
    return () => account.moveGateway(gatewayUrl);
  },
});

const answer = (mgBot: unknown) => ({ success: true, info: { mgBot } });

function oddities(port: number): readonly Oddity[] {
  return [
    struck("no token, no address", edit(answer({}))),
    struck("an empty list instead of both", edit({ success: true, info: [] })),
    struck("no address", edit(answer({ token: "a".repeat(65) }))),
    struck("an empty token", edit(answer({ endpointUrl: "https://mg.retailcrm.ru", token: "" }))),
    struck("numbers instead of texts", edit(answer({ endpointUrl: 17, token: 18 }))),
    struck("success: false", edit({ success: false, errorMsg: "Something is wrong" })),
    struck("success: false with 400", edit({ success: false, errorMsg: "Not now" }, { status: 400 })),
    struck("a web page with 200", edit(undefined, { kind: "html" })),
    struck("a web page with 502", edit(undefined, { kind: "html", status: 502 })),
    struck("half of an answer", edit(undefined, { kind: "truncate" })),
    struck("a list", edit([])),
    struck("nothing", edit("")),
    struck("a redirect inside", edit("", { status: 302, headers: { location: `http://127.0.0.1:${port}/` } })),
    gatewayAt(`http://127.0.0.1:${port}`),
    gatewayAt(`https://127.0.0.1:${port}`),
    gatewayAt(`https://2130706433:${port}`),
    gatewayAt(`https://[::ffff:127.0.0.1]:${port}`),
    gatewayAt("http://169.254.169.254"),
    gatewayAt("https://10.0.0.1"),
    gatewayAt("http://mg.retailcrm.ru"),
    gatewayAt("ws://mg.retailcrm.ru"),
    gatewayAt("wss://mg.retailcrm.ru"),
    gatewayAt("https://key:word@mg.retailcrm.ru"),
    gatewayAt("https://inside.example"),
    gatewayAt("not an address"),
  ];
}

/** A registration is answered oddly; the same account connects once its CRM is in order again. */
export const oddAnswers = scenario({
  id: "F65",
  faults: ["F65"],
  promise: "P17 P18",
  title:
    "registrations that are answered without token or address, with success: false, a web page, or an address inside",
  asked: {
    "refused with a sentence": ALL,
    "kept although refused": NONE,
    "connections to the inside": NONE,
    "connections to the listener on this machine": NONE,
    "connected once it is in order": ALL,
    restarts: NONE,
    ...ONCE,
  },
  async run(lab) {
    const trap = await startTrap(lab);
    const all = oddities(trap.port);
    const chosen = lab.short ? all.filter((_, at) => at % 5 === 0) : all;
    const crowd = await openCrowd(lab, {
      accounts: chosen.length + 1,
      level: "warn",
      http: BEHIND_PROXY,
      names: { "inside.example": "10.1.2.3", "mg.retailcrm.ru": "203.0.113.9" },
    });
    const [calm, ...others] = crowd.sandboxes.accounts;
    if (calm === undefined) throw new Error("there is no account");
    await (await crowd.launch()).says("Rulebot is ready");
    await ownerOf(crowd, calm, 1);
    const refused: Page[] = [];
    let [kept, connected] = [0, 0];
    for (const [at, oddity] of chosen.entries()) {
      const account = others[at];
      if (account === undefined) throw new Error("there is no account");
      const end = oddity.begin(account);
      const visitor = createVisitor(crowd.url, cameFrom(10 + at));
      const page = await connectByForm(visitor, { address: account.crmUrl, apiKey: account.apiKey });
      const isKept = (await recordsOf(crowd)).some(({ crmUrl }) => crmUrl === account.crmUrl);
      end();
      if (isKept) kept += 1;
      if (page.status === 422) refused.push(page);
      else lab.tell(`${oddity.name}: ${page.status}`);
      calm.customerSays(`beside ${at}`);
      connected += Number(
        ledTo(await connectByForm(visitor, { address: account.crmUrl, apiKey: account.apiKey })) !== null,
      );
    }
    await until(() => crowd.sandboxes.socketCount() === chosen.length + 1).catch(() => lab.tell("not all listen"));
    const talk = await untilAnswered([calm], 30_000);
    const own = new Set(
      crowd.sandboxes.accounts.flatMap(({ crmUrl, gatewayUrl }) => [portOf(crmUrl), portOf(gatewayUrl)]),
    );
    return {
      extent: `${chosen.length} odd answers`,
      reached: {
        "refused with a sentence": percent(refused.filter(hasSentence).length, chosen.length),
        "kept although refused": kept,
        "connections to the inside": insideDials(crowd.dials(), own).length,
        "connections to the listener on this machine": trap.connections(),
        "connected once it is in order": percent(Math.min(connected, crowd.sandboxes.socketCount() - 1), chosen.length),
        restarts: isAlive(crowd.bot()) ? 0 : 1,
        ...once(talk),
      },
    };
  },
});

const portOf = (url: string) => Number(new URL(url).port);

/** The page says in words what is wrong, and nothing of our own inside. */
const hasSentence = (page: Page) =>
  /class="faults"|role="alert"/u.test(page.body) && !/undefined|null|\[object/u.test(textOf(page));
