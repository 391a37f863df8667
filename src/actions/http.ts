import type { Json, JsonObject } from "../types/json.ts";
import type { Action, BranchSource } from "./action.ts";
import { checkTemplates, fill } from "./fill.ts";

interface RawHttp {
  readonly http: {
    readonly method?: string;
    readonly url: string;
    readonly headers?: JsonObject;
    readonly body?: Json;
    readonly save?: string;
  };
  readonly ok?: readonly JsonObject[];
  readonly failed?: readonly JsonObject[];
}

interface HttpArgs {
  readonly request: JsonObject;
  readonly save: string | null;
  readonly branches: readonly string[];
}

function branchesOf(raw: RawHttp): Readonly<Record<string, BranchSource>> {
  const ok: Record<string, BranchSource> = raw.ok === undefined ? {} : { ok: { raw: raw.ok, path: ["ok"] } };
  return raw.failed === undefined ? ok : { ...ok, failed: { raw: raw.failed, path: ["failed"] } };
}

/** Calls another service. Its JSON answer is seen under the name of `save:`; `ok:` or `failed:` is entered. */
export const http: Action<RawHttp, HttpArgs> = {
  name: "http",
  speaksTo: () => null,
  compile(raw, tools) {
    const { save, method = "GET", ...rest } = raw.http;
    checkTemplates(rest, ["http"], tools);
    const branches = branchesOf(raw);
    const request: JsonObject = { method, url: rest.url, headers: rest.headers ?? {}, body: rest.body ?? null };
    return { args: { request, save: save ?? null, branches: Object.keys(branches) }, branches };
  },
  advance(args, scene) {
    if (scene.result === null) {
      const request = fill(args.request, scene) as JsonObject;
      return { awaits: { kind: "request", request: { kind: "http", args: request } } };
    }
    const { ok } = scene.result;
    const branch = ok ? "ok" : "failed";
    const scope = args.save === null ? {} : { [args.save]: scene.result.ok ? scene.result.body : null };
    if (args.branches.includes(branch)) return { scope, branch };
    return ok ? { scope } : { scope, reason: "failed" };
  },
};
