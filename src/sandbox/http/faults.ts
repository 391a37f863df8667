/** What can go wrong on purpose. `match` left out matches every request; the upgrade of the socket is a GET of
 *  `/api/bot/v1/ws`, so the same faults refuse it (`status`, and whatever else needs an answer), hang it or cut it. */
export interface Match {
  readonly server?: "crm" | "gateway";
  readonly method?: string;
  /** A prefix of the path, or a pattern found in it. The query is not part of it. */
  readonly path?: string | RegExp;
  /** A pattern found in the body's JSON. */
  readonly body?: RegExp;
}

export type FaultKind =
  /** Answers with `status` (default 500), `headers`, `body` (text as it is, anything else as JSON). */
  | "status"
  /** A web page instead of JSON; `status` default 200. */
  | "html"
  /** Never answers. */
  | "hang"
  /** Cuts the connection; the request was not applied. */
  | "reset_before"
  /** Applies the request, then cuts the connection. */
  | "reset_after"
  /** Says farewell (FIN) instead of answering; the request was not applied. */
  | "close_before"
  /** Applies the request, then says farewell instead of answering. */
  | "close_after"
  /** Applies the request and cuts the connection in the middle of the answer. */
  | "truncate"
  /** Answers `ms` later. */
  | "slow"
  /** Begins to answer at once, then writes one byte every `ms` (default 1000), without end. */
  | "drip"
  /** Answers sound JSON of `bytes` (default 100 MB), its length unsaid. */
  | "huge";

export const FAULT_KINDS: readonly FaultKind[] = [
  ...(["status", "html", "hang", "slow", "drip", "huge", "truncate"] as const),
  ...(["reset_before", "reset_after", "close_before", "close_after"] as const),
];

export interface Fault {
  readonly kind: FaultKind;
  readonly match?: Match;
  /** How many requests it meets before it is used up; left out: 1; null: until cleared. */
  readonly times?: number | null;
  /** How many matching requests pass before it begins; left out: 0. */
  readonly skip?: number;
  /** Meets each body once: the same request sent again passes. Left out: no. */
  readonly oncePerBody?: boolean;
  /** The request is applied before things go wrong. Left out: no. Always so for `reset_after`, `close_after` and `truncate`. */
  readonly applied?: boolean;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly ms?: number;
  readonly bytes?: number;
}

export interface FaultyRequest {
  readonly server: "crm" | "gateway";
  readonly method: string;
  readonly path: string;
  /** Known once the request has been read; null before. */
  readonly body?: unknown;
}

export interface Faults {
  /** Takes effect from the next request on. The returned function takes it away. */
  add(fault: Fault): () => void;
  clear(): void;
  /** The first fault, in the order they were added, that meets this request; counts it. Faults that look at the body meet
   *  only a request that has been read, the others only one that has not. */
  take(request: FaultyRequest): Fault | null;
  list(): readonly Fault[];
}

function meets(match: Match, { server, method, path }: FaultyRequest): boolean {
  if (match.server !== undefined && match.server !== server) return false;
  if (match.method !== undefined && match.method.toUpperCase() !== method) return false;
  if (match.path === undefined) return true;
  return typeof match.path === "string" ? path.startsWith(match.path) : match.path.test(path);
}

/** Happens after the request has been applied. */
export const isApplied = (fault: Fault): boolean => AFTERWARDS.has(fault.kind) || fault.applied === true;

const AFTERWARDS: ReadonlySet<FaultKind> = new Set(["reset_after", "close_after", "truncate"]);

interface Waiting {
  readonly fault: Fault;
  /** Bodies it has met. */
  readonly met: Set<string>;
  skip: number;
  left: number;
}

function isItsTurn({ fault, met }: Waiting, { body }: FaultyRequest): boolean {
  const wanted = fault.match?.body;
  if (fault.oncePerBody !== true && wanted === undefined) return body === undefined;
  if (body === undefined) return false;
  const text = JSON.stringify(body);
  if (wanted?.test(text) === false || (fault.oncePerBody === true && met.has(text))) return false;
  met.add(text);
  return true;
}

export function createFaults(): Faults {
  const waiting: Waiting[] = [];
  const remove = (entry: Waiting) => {
    const index = waiting.indexOf(entry);
    if (index >= 0) waiting.splice(index, 1);
  };
  return {
    add(fault) {
      const left = fault.times === null ? Number.POSITIVE_INFINITY : (fault.times ?? 1);
      const entry: Waiting = { fault, met: new Set(), skip: fault.skip ?? 0, left };
      waiting.push(entry);
      return () => remove(entry);
    },
    clear: () => void waiting.splice(0),
    take(request) {
      for (const entry of waiting) {
        if (!meets(entry.fault.match ?? {}, request) || !isItsTurn(entry, request)) continue;
        if (entry.skip > 0) {
          entry.skip -= 1;
          continue;
        }
        entry.left -= 1;
        if (entry.left <= 0) remove(entry);
        return entry.fault;
      }
      return null;
    },
    list: () => waiting.map(({ fault }) => fault),
  };
}
