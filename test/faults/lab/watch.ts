import type { Change, Sandbox } from "../../../src/sandbox/index.ts";

/** What happened at the sandbox, with its moment (Unix ms, real clock): its own record forgets the oldest. */
export interface Sighting {
  readonly at: number;
  readonly change: Change;
}

/** Keeps what is wanted of everything that happens from now on. */
export function watch(sandbox: Sandbox, wanted: (change: Change) => boolean): readonly Sighting[] {
  const seen: Sighting[] = [];
  sandbox.on((change) => {
    if (wanted(change)) seen.push({ at: Date.now(), change });
  });
  return seen;
}

/** Requests of one method and path (a whole path, without the query). */
export const isRequest = (method: string, path: string) => (change: Change) =>
  change.kind === "request" && change.request.method === method && change.request.path === path;

export const SEND = { method: "POST", path: /^\/api\/bot\/v1\/messages$/ } as const;
export const isSend = isRequest("POST", "/api/bot/v1/messages");
export const isList = isRequest("GET", "/api/bot/v1/messages");
export const LIST = { method: "GET", path: /^\/api\/bot\/v1\/messages$/ } as const;
export const UPGRADE = { path: "/api/bot/v1/ws" } as const;
export const isUpgrade = isRequest("GET", "/api/bot/v1/ws");
