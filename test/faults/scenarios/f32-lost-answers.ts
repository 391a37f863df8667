import { setTimeout as sleep } from "node:timers/promises";
import type { Change, Fault } from "../../../src/sandbox/index.ts";
import { type Audit, audit } from "../lab/audit.ts";
import { ECHO_AND_TAG } from "../lab/config.ts";
import { inParallel, sum } from "../lab/in-parallel.ts";
import { atMost, NONE } from "../lab/limit.ts";
import { ONCE, onceInAll } from "../lab/once.ts";
import { type Lab, type Scenario, scenario } from "../lab/scenario.ts";
import { openStand, type Stand } from "../lab/stand.ts";
import { tellLost } from "../lab/tell-lost.ts";
import { isSend, SEND, type Sighting, watch } from "../lab/watch.ts";

/** What happens to the first request of each reply. */
interface SendFault {
  readonly name: string;
  readonly fault: Fault;
  /** The gateway has taken the reply: its answer alone is lost. */
  readonly taken: boolean;
  /** Proven not to be taken: it is sent again at once, without a look. */
  readonly proven?: boolean;
}

const TOO_MANY = { errors: ["too many requests"] };

const SEND_FAULTS: readonly SendFault[] = [
  { name: "500 after it was done", taken: true, fault: { kind: "status", status: 500, applied: true } },
  { name: "502 after it was done", taken: true, fault: { kind: "html", status: 502, applied: true } },
  { name: "504 after it was done", taken: true, fault: { kind: "status", status: 504, applied: true } },
  { name: "a web page after it was done", taken: true, fault: { kind: "html", applied: true } },
  { name: "half of the answer", taken: true, fault: { kind: "truncate" } },
  { name: "reset after it was done", taken: true, fault: { kind: "reset_after" } },
  { name: "closed after it was done", taken: true, fault: { kind: "close_after" } },
  { name: "no answer after it was done", taken: true, fault: { kind: "hang", applied: true } },
  { name: "500 before", taken: false, fault: { kind: "status", status: 500 } },
  { name: "502 before", taken: false, fault: { kind: "html", status: 502 } },
  { name: "504 before", taken: false, fault: { kind: "status", status: 504 } },
  { name: "reset before", taken: false, fault: { kind: "reset_before" } },
  { name: "closed before", taken: false, fault: { kind: "close_before" } },
  { name: "no answer before", taken: false, fault: { kind: "hang" } },
  {
    name: "429 with Retry-After",
    taken: false,
    proven: true,
    fault: { kind: "status", status: 429, headers: { "retry-after": "1" }, body: TOO_MANY },
  },
  {
    name: "503 with the gateway's words",
    taken: false,
    proven: true,
    fault: { kind: "status", status: 503, body: TOO_MANY },
  },
];

const REPLIES = 1_000;

/** How many bots share the replies, and how many replies each has under way: fewer than its four parallel requests where a
 *  request hangs, so that a look-up finds its way. */
function crowd({ fault, taken }: SendFault): { readonly stands: number; readonly abreast: number } {
  if (fault.kind !== "hang") return { stands: 10, abreast: 25 };
  return { stands: 20, abreast: taken ? 3 : 8 };
}

/** One scenario for each fault: the first request of every reply meets it, the second passes. */
export const lostAnswers: readonly Scenario[] = SEND_FAULTS.map((one, at) =>
  scenario({
    id: `F32.${at + 1}` as `F${number}`,
    faults: ["F32", "F37"],
    promise: "P3",
    title: `every reply meets: ${one.name}`,
    asked: {
      ...ONCE,
      "known to be sent within": atMost(one.taken ? 30 : 60, "s"),
      "requests for a reply that was taken, beyond one": NONE,
    },
    run: (lab) => run(lab, one),
  }),
);

async function run(lab: Lab, one: SendFault) {
  const replies = lab.size(REPLIES, 4);
  const { stands, abreast } = crowd(one);
  const count = lab.size(stands, 1);
  const share = (at: number) => Math.ceil((replies - at) / count);
  const all = await inParallel(count, (at) =>
    converse(lab, one, { replies: share(at), abreast: lab.size(abreast, 4) }),
  );
  const ends = all.flatMap((conversed) => conversed.ends);
  const slowest = Math.max(...ends.map((ms) => ms ?? Number.POSITIVE_INFINITY));
  return {
    extent: `${ends.length} replies in ${count} accounts`,
    reached: {
      ...onceInAll(all.map(({ found }) => found)),
      "known to be sent within": slowest / 1_000,
      "requests for a reply that was taken, beyond one": one.taken ? sum(all.map(({ extra }) => extra)) : 0,
    },
  };
}

interface Conversed {
  readonly found: Audit;
  /** From the first request of each reply to the moment the bot knew its end and went on (ms); null: it never did. */
  readonly ends: readonly (number | null)[];
  /** Requests beyond one for each reply. */
  readonly extra: number;
}

/** Customers who write one after the other, some chats abreast, each waiting until the bot has gone on to its tag. */
async function converse(
  lab: Lab,
  { fault }: SendFault,
  { replies, abreast }: { replies: number; abreast: number },
): Promise<Conversed> {
  const stand = await openStand(lab, { customers: abreast, rules: ECHO_AND_TAG, level: "warn" });
  await stand.start();
  stand.sandbox.faults.add({ ...fault, match: SEND, times: null, oncePerBody: true });
  const sends = watch(stand.sandbox, isSend);
  const tags = watch(stand.sandbox, ({ kind }) => kind === "tag_added");
  let next = 0;
  const chat = async (customer: number) => {
    while (next < replies) {
      next += 1;
      await untilTagged(stand, `q${next}`, customer);
    }
  };
  await Promise.all(stand.customers.map(chat));
  // A second answer to a doubled reply would come about now.
  await sleep(1_000);
  const texts = Array.from({ length: replies }, (_, at) => `q${at + 1}`);
  const found = audit(stand.said());
  await tellLost(lab, stand, found);
  return { found, ends: endsOf(texts, sends, tags), extra: sends.length - replies };
}

const PATIENCE_MS = 120_000;

async function untilTagged({ sandbox }: Stand, text: string, customer: number): Promise<void> {
  const wanted = (change: Change) => change.kind === "tag_added" && change.tag === `done ${text}`;
  const tag = sandbox.waitFor(wanted, PATIENCE_MS).catch(() => null);
  sandbox.customerSays(text, { customer });
  await tag;
}

function endsOf(texts: readonly string[], sends: readonly Sighting[], tags: readonly Sighting[]) {
  const sentAt = firstBy(sends, ({ change }) => ("request" in change ? contentOf(change.request.body) : null));
  const taggedAt = firstBy(tags, ({ change }) => ("tag" in change ? change.tag : null));
  return texts.map((text) => {
    const [from, to] = [sentAt.get(`re ${text}`), taggedAt.get(`done ${text}`)];
    return from === undefined || to === undefined ? null : to - from;
  });
}

function firstBy(sightings: readonly Sighting[], name: (sighting: Sighting) => string | null) {
  const first = new Map<string | null, number>();
  for (const sighting of sightings) if (!first.has(name(sighting))) first.set(name(sighting), sighting.at);
  return first;
}

const contentOf = (body: unknown): string | null =>
  typeof body === "object" && body !== null && "content" in body ? String(body.content) : null;
