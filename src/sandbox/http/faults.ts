/** What can go wrong on purpose. `match` left out matches every request; the upgrade of the socket is a GET of
 *  `/api/bot/v1/ws`, so the same faults refuse it (`status`), hang it or cut it. */
export interface Match {
  readonly server?: "crm" | "gateway";
  readonly method?: string;
  /** A prefix of the path, or a pattern found in it. The query is not part of it. */
  readonly path?: string | RegExp;
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
  /** Applies the request and cuts the connection in the middle of the answer. */
  | "truncate"
  /** Answers `ms` later. */
  | "slow";

export interface Fault {
  readonly kind: FaultKind;
  readonly match?: Match;
  /** How many requests it meets before it is used up; left out: 1; null: until cleared. */
  readonly times?: number | null;
  /** How many matching requests pass before it begins; left out: 0. */
  readonly skip?: number;
  /** The request is applied before things go wrong. Left out: no. Always so for `reset_after` and `truncate`. */
  readonly applied?: boolean;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly ms?: number;
}

export interface FaultyRequest {
  readonly server: "crm" | "gateway";
  readonly method: string;
  readonly path: string;
}

export interface Faults {
  /** Takes effect from the next request on. The returned function takes it away. */
  add(fault: Fault): () => void;
  clear(): void;
  /** The first fault, in the order they were added, that meets this request; counts it. */
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
export const isApplied = (fault: Fault): boolean =>
  fault.kind === "reset_after" || fault.kind === "truncate" || fault.applied === true;

interface Waiting {
  readonly fault: Fault;
  skip: number;
  left: number;
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
      const entry: Waiting = { fault, skip: fault.skip ?? 0, left };
      waiting.push(entry);
      return () => remove(entry);
    },
    clear: () => void waiting.splice(0),
    take(request) {
      for (const entry of waiting) {
        if (!meets(entry.fault.match ?? {}, request)) continue;
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
