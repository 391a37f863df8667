import { type Bucket, createBucket } from "../api/pace/bucket.ts";
import type { Clock } from "../clock.ts";

/** Paces new sockets per gateway host; one for the whole program, shared by all its connections (reliability.md P6). */
export interface ConnectGate {
  /** Waits until a socket to this host may be opened. Rejects with the signal's reason when it is aborted first. */
  pass(host: string, signal?: AbortSignal): Promise<void>;
}

/** The promise is 20 in any second, as the gateway sees it: one less leaves here, since on its way one may catch up with the one before.
 *  One at a time: a burst on top would be the storm this is against. */
const CONNECTS_PER_SECOND = 19;
const BURST = 1;

/** A gate that has seen no host yet. */
export function createConnectGate(clock: Clock): ConnectGate {
  const byHost = new Map<string, Bucket>();
  const bucketOf = (host: string): Bucket => {
    const known = byHost.get(host);
    if (known) return known;
    const made = createBucket({ perSecond: CONNECTS_PER_SECOND, burst: BURST, clock });
    byHost.set(host, made);
    return made;
  };
  return { pass: (host, signal) => bucketOf(host).take(signal) };
}
