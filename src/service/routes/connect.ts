import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { refusalSentence } from "../../accounts/connecting/sentences.ts";
import type { ConnectRefusal } from "../../accounts/types.ts";
import type { ManyAccounts } from "../options.ts";
import { queryOf, type Site } from "../pages/site.ts";
import { formOf, formToken, onlyOwnForms } from "../security/forms.ts";
import { allowFrames } from "../security/headers.ts";
import { type Limits, limited } from "../security/limits.ts";
import { GOES_BACK } from "./way-back.ts";

export interface ConnectOptions extends Pick<ManyAccounts, "accounts" | "scopes" | "frameSites"> {
  readonly site: Site;
  readonly limits: Limits;
}

/** Longest text that a field takes: an address, a key. */
const LONGEST_FIELD = 300;

/** The form that connects an account (steps 3 to 8 of crm-api.md 4a). */
export function addConnect(server: FastifyInstance, options: ConnectOptions): void {
  const { accounts, site, limits } = options;
  const show = async (request: FastifyRequest, reply: FastifyReply, state: FormState) => {
    allowFrames(reply, await options.frameSites());
    return site.show(request, reply, {
      page: "connect",
      status: state.refusal === null ? 200 : 422,
      here: state.address === "" ? "/" : `/?account=${encodeURIComponent(state.address)}`,
      data: { ...formData(options, request, state), token: formToken(reply) },
    });
  };
  server.get("/", limited(limits.pages), async (request, reply) => {
    const account = queryOf(request.query).get("account") ?? "";
    return show(request, reply, { address: account.slice(0, LONGEST_FIELD), refusal: null });
  });
  // A reload of the page that a refusal left behind.
  server.get("/connect", async (request, reply) => site.lead(request, reply, "/"));
  const guarded = { ...limited(limits.tries), preHandler: onlyOwnForms(server, site.origin) };
  server.post("/connect", guarded, async (request, reply) => {
    const form = formOf(request.body);
    const address = (form.get("address") ?? "").trim().slice(0, LONGEST_FIELD);
    const apiKey = (form.get("apiKey") ?? "").trim().slice(0, LONGEST_FIELD);
    const outcome = await accounts.connect({ address, apiKey, language: site.language(request) });
    if (outcome.kind === "refused") return show(request, reply, { address, refusal: outcome.refusal });
    request.session.admit(outcome.account.connectionId);
    request.session.set(GOES_BACK, outcome.account.connectionId);
    const news = outcome.again ? "repaired" : "connected";
    return site.lead(request, reply, `/settings/${outcome.account.clientId}?news=${news}`);
  });
}

interface FormState {
  readonly address: string;
  /** Null: nothing was sent yet. */
  readonly refusal: ConnectRefusal | null;
}

function formData({ site, scopes }: ConnectOptions, request: FastifyRequest, { address, refusal }: FormState) {
  const text = refusal === null ? "" : refusalSentence(refusal)[site.language(request)];
  const field = refusal === null ? null : fieldOf(refusal);
  return {
    faults: refusal === null ? [] : [{ field, text }],
    fault: { address: field === "address" ? text : "", apiKey: field === "apiKey" ? text : "" },
    address,
    keyAgain: refusal !== null,
    focusKey: field === "apiKey" || (refusal === null && address !== ""),
    needed: scopes.needed.join(", "),
    useful: scopes.useful.join(", "),
  };
}

/** Beside which field a refusal is said; null: neither is to blame. */
function fieldOf({ why }: ConnectRefusal): "address" | "apiKey" | null {
  if (ABOUT_THE_KEY.has(why)) return "apiKey";
  return ABOUT_THE_ADDRESS.has(why) ? "address" : null;
}

const ABOUT_THE_KEY: ReadonlySet<string> = new Set(["key_missing", "wrong_key", "scopes"]);
const ABOUT_THE_ADDRESS: ReadonlySet<string> = new Set([
  "address",
  "no_such_account",
  "not_a_crm",
  "moved",
  "unreachable",
]);
