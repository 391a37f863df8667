import type { Stand } from "./stand.ts";

export interface LoadOptions {
  /** Messages a second, over all customers in turn. */
  readonly perSecond: number;
  /** The text of the n-th message, from 1; left out: `q1`, `q2`, ... */
  readonly text?: (n: number) => string;
  /** No more than this; left out: until it is stopped. */
  readonly most?: number;
  /** No more than so many wait for an answer at the same time: on a slow machine less is written. Left out: no matter how many. */
  readonly mostOpen?: number;
  /** Beside the messages: presence of a colleague changes this often a second. Left out: never. */
  readonly presencePerSecond?: number;
}

/** Customers who write without waiting for answers. */
export interface Load {
  /** How many have been written. */
  count(): number;
  /** Resolves when as many as `most` have been written, or it was stopped. */
  readonly done: Promise<void>;
  stop(): void;
}

const TICK_MS = 10;

/** Lets the stand's customers write, evenly spread over time. */
export function startLoad({ sandbox, customers }: Stand, options: LoadOptions): Load {
  const { perSecond, text = (n: number) => `q${n}`, presencePerSecond = 0 } = options;
  const { most = Number.POSITIVE_INFINITY, mostOpen = Number.POSITIVE_INFINITY } = options;
  const { promise, resolve } = Promise.withResolvers<void>();
  const beganAt = performance.now();
  let written = 0;
  let changed = 0;
  let answered = 0;
  const stopCounting = sandbox.on((change) => {
    if (change.kind === "message" && change.message.from?.type === "bot") answered += 1;
  });
  const due = (rate: number) => Math.floor(((performance.now() - beganAt) / 1_000) * rate);
  const stop = () => {
    clearInterval(timer);
    stopCounting();
    resolve();
  };
  const timer = setInterval(() => {
    for (const end = Math.min(most, due(perSecond), answered + mostOpen); written < end; ) {
      const customer = customers[written % customers.length] ?? 0;
      written += 1;
      sandbox.customerSays(text(written), { customer });
    }
    for (const end = due(presencePerSecond); changed < end; ) {
      changed += 1;
      sandbox.setOnline("Ivan", changed % 2 === 1);
    }
    if (written >= most) stop();
  }, TICK_MS);
  return { count: () => written, done: promise, stop };
}
