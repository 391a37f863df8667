import { isObject, type Json, type JsonObject } from "../types/json.ts";
import type { Action, BranchSource, Outcome, Scene } from "./action.ts";
import { checkTemplates, fill } from "./fill.ts";

type What = "order" | "orders" | "customer" | "product" | "delivery_types" | "payment_types" | "order_statuses";

interface RawLookUp {
  readonly look_up: What;
  readonly by?: JsonObject;
  readonly found?: readonly JsonObject[];
  readonly not_found?: readonly JsonObject[];
}

interface LookUpArgs {
  readonly what: What;
  readonly by: JsonObject;
  readonly branches: readonly string[];
}

function branchesOf(raw: RawLookUp): Readonly<Record<string, BranchSource>> {
  const found: Record<string, BranchSource> =
    raw.found === undefined ? {} : { found: { raw: raw.found, path: ["found"] } };
  if (raw.not_found === undefined) return found;
  return { ...found, not_found: { raw: raw.not_found, path: ["not_found"] } };
}

/** What was found, from the answer `{found: value}`; null: nothing was, nothing may be seen, or the CRM did not answer. */
function foundIn(scene: Scene): Json {
  const { result } = scene;
  if (result === null || !result.ok || !isObject(result.body)) return null;
  return result.body.found ?? null;
}

function request(args: LookUpArgs, scene: Scene): Outcome {
  const { state } = scene;
  const by = fill(args.by, scene);
  const asker = scene.replyScope === "private" ? "manager" : "customer";
  return {
    awaits: {
      kind: "request",
      request: {
        kind: "look_up",
        args: { what: args.what, by, asker, chat_id: state.chat?.id ?? null, customer_id: state.customer?.id ?? null },
      },
    },
  };
}

/** Fetches something from the CRM; the rest of the run sees it under its own name (`order`, `delivery_types`). */
export const lookUp: Action<RawLookUp, LookUpArgs> = {
  name: "look_up",
  speaksTo: () => null,
  compile(raw, tools) {
    const by = raw.by ?? {};
    checkTemplates(by, ["by"], tools);
    const branches = branchesOf(raw);
    return { args: { what: raw.look_up, by, branches: Object.keys(branches) }, branches };
  },
  advance(args, scene) {
    if (scene.result === null) return request(args, scene);
    const found = foundIn(scene);
    const branch = found === null ? "not_found" : "found";
    const scope = { [args.what]: found };
    if (args.branches.includes(branch)) return { scope, branch };
    return found === null ? { scope, reason: "not_found" } : { scope };
  },
};
