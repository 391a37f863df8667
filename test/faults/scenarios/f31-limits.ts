import type { Change, Fault } from "../../../src/sandbox/index.ts";
import { ECHO_AND_TAG } from "../lab/config.ts";
import { inParallel, longest, sum } from "../lab/in-parallel.ts";
import { atMost, NONE } from "../lab/limit.ts";
import { startLoad } from "../lab/load.ts";
import { ONCE, once, onceInAll } from "../lab/once.ts";
import { type Lab, scenario } from "../lab/scenario.ts";
import { greeted, settled } from "../lab/settle.ts";
import { openStand } from "../lab/stand.ts";
import { isSend, SEND, watch } from "../lab/watch.ts";

const TIMES = 20;
const CAP_S = 300;

/** What the gateway says, and how long it must then be left alone, in seconds. */
const ASKED: readonly {
  readonly header: ((now: number) => string) | null;
  readonly status: number;
  readonly waitS: number;
  /** It names a moment, reckoned from before the request; the others a span, from the answer on. */
  readonly isMoment?: boolean;
}[] = [
  { status: 429, header: () => "3", waitS: 3 },
  { status: 429, header: () => "120", waitS: 120 },
  { status: 429, header: (now) => new Date(now + 60_000).toUTCString(), waitS: 59, isMoment: true },
  { status: 429, header: () => "-5", waitS: 0.5 },
  { status: 429, header: () => "9999999", waitS: CAP_S },
  { status: 429, header: () => "soon", waitS: 0.5 },
  { status: 429, header: null, waitS: 0.5 },
  { status: 503, header: null, waitS: 0.5 },
  { status: 503, header: () => "10", waitS: 10 },
];
/** Half a second of the promise, and what the real network takes on a clock that runs so fast. */
const TOLERANCE_S = 0.5;

/** On a clock that runs 20 times as fast. */
export const retryAfter = scenario({
  id: "F31",
  faults: ["F31"],
  promise: "P7",
  title: "429 and 503 with every kind of Retry-After",
  asked: {
    "requests to the gateway before the time": NONE,
    "longest wait": atMost(CAP_S * 1.2 + 5, "s"),
    ...ONCE,
  },
  async run(lab) {
    const kinds = lab.short ? ASKED.slice(0, 3) : ASKED;
    const runs = await inParallel(kinds.length, (at) =>
      askToWait(lab, kinds[at] ?? { status: 429, header: null, waitS: 0 }),
    );
    return {
      extent: `${kinds.length} kinds`,
      reached: {
        "requests to the gateway before the time": sum(runs.map(({ early }) => early)),
        "longest wait": longest(runs.map(({ waitedMs }) => waitedMs)),
        ...onceInAll(runs.map(({ found }) => found)),
      },
    };
  },
});

async function askToWait(lab: Lab, { status, header, waitS, isMoment }: (typeof ASKED)[number]) {
  const originMs = Date.now();
  const stand = await openStand(lab, {
    customers: 2,
    rules: ECHO_AND_TAG,
    speed: { originMs, times: TIMES },
    // Late answers are not what is measured here.
    bot: "answer_within: 1d",
  });
  const bot = await stand.start();
  await greeted(stand);
  const requests = watch(stand.sandbox, (change) => change.kind === "request" && change.request.server === "gateway");
  const now = originMs + (Date.now() - originMs) * TIMES;
  const headers = header === null ? {} : { headers: { "retry-after": header(now) } };
  const fault: Fault = { kind: "status", status, ...headers, body: { errors: ["too many requests"] }, match: SEND };
  stand.sandbox.faults.add(fault);
  const [first = 0, second = 0] = stand.customers;
  const answered = stand.sandbox.waitFor(isRefused, 30_000);
  stand.sandbox.customerSays("one", { customer: first });
  await answered;
  const struckAt = originMs + (Date.now() - originMs) * TIMES;
  // What left before the bot had read the answer is no fault.
  await bot.logged(({ msg }) => msg === AGAIN);
  const known = requests.length;
  stand.sandbox.customerSays("two", { customer: second });
  const found = await settled(stand, { limitMs: 60_000 });
  const after = requests.slice(known).map(atOf);
  const until = (isMoment === true ? now : struckAt) + (waitS - TOLERANCE_S) * 1_000;
  const early = requests.slice(known).filter((seen) => atOf(seen) < until);
  for (const seen of early) {
    const request = "request" in seen.change ? seen.change.request : null;
    lab.tell(`${status}, wait ${waitS} s: ${request?.method} ${request?.path} after ${atOf(seen) - struckAt} ms`);
  }
  return {
    early: early.length,
    waitedMs: after.length === 0 ? null : Math.min(...after) - struckAt,
    found,
  };
}

const AGAIN = "call is tried again";

const isRefused = (change: Change) =>
  change.kind === "answered" && (change.request.status === 429 || change.request.status === 503);

type Seen = ReturnType<typeof watch>[number];
const atOf = (seen: Seen | undefined) => (seen !== undefined && "request" in seen.change ? seen.change.request.at : 0);

/** Far more is asked of the gateway than it takes. */
export const burst = scenario({
  id: "F31.2",
  faults: ["F31"],
  promise: "P7",
  title: "200 answers at once to a gateway that takes 5 requests a second",
  asked: { "requests beyond those that were taken": atMost(10, "%"), ...ONCE },
  async run(lab) {
    const answers = lab.size(200, 30);
    const behaviour = { gatewayPerSecond: 5, retryAfterSeconds: 1 };
    const stand = await openStand(lab, { customers: 20, level: "warn", requestsPerSecond: 20, behaviour });
    await stand.start();
    const sends = watch(stand.sandbox, isSend);
    await startLoad(stand, { perSecond: 1_000, most: answers }).done;
    const found = await settled(stand, { limitMs: 300_000, quietMs: 60_000 });
    return {
      extent: `${sends.length} requests for ${answers} answers`,
      reached: {
        "requests beyond those that were taken": Math.round((sends.length / answers - 1) * 100),
        ...once(found),
      },
    };
  },
});
