import type { FastifyInstance, FastifyReply } from "fastify";
import { refusalSentence } from "../../accounts/connecting/sentences.ts";
import type { ConnectRefusal } from "../../accounts/types.ts";
import { isObject } from "../../types/json.ts";
import type { ManyAccounts } from "../options.ts";
import type { Site } from "../pages/site.ts";
import { formOf } from "../security/forms.ts";
import { type Limits, limited } from "../security/limits.ts";

export interface OneStepOptions extends Pick<ManyAccounts, "accounts" | "scopes"> {
  readonly site: Site;
  readonly limits: Limits;
}

/** The one-step connection of the marketplace (crm-api.md 4b): what we need, and a signed registration. */
export function addOneStep(server: FastifyInstance, { accounts, scopes, site, limits }: OneStepOptions): void {
  const config = {
    success: true,
    scopes: [...scopes.needed, ...scopes.useful],
    registerUrl: `${site.origin}${site.base}/simple/register`,
  };
  server.get("/simple/config", limited(limits.callbacks), async (_request, reply) =>
    reply.header("cache-control", "public, max-age=3600").send(config),
  );
  server.post("/simple/register", limited(limits.callbacks), async (request, reply) => {
    const asked = readRegister(formOf(request.body));
    if (asked === null)
      return reply.code(400).send({ success: false, errorMsg: "The field register is not understood." });
    const outcome = await accounts.connectInOneStep(asked);
    if (outcome.kind === "refused")
      return refuse(reply, outcome.refusal, refusalSentence(outcome.refusal)[site.language(request)]);
    return { success: true, accountUrl: `${site.origin}${site.base}/settings/${outcome.account.clientId}` };
  });
}

function refuse(reply: FastifyReply, { why }: ConnectRefusal, errorMsg: string): FastifyReply {
  const status = why === "not_signed" ? 401 : why === "too_busy" || why === "unreachable" ? 503 : 400;
  return reply.code(status).send({ success: false, errorMsg });
}

interface Register {
  readonly token: string;
  readonly apiKey: string;
  readonly systemUrl: string;
}

/** Both ways of writing it: `register` as JSON text, and `register[apiKey]`. Null: neither. */
function readRegister(form: URLSearchParams): Register | null {
  const whole = form.get("register");
  const part = whole === null ? (name: string) => form.get(`register[${name}]`) : fieldsOf(whole);
  const [token, apiKey, systemUrl] = [part("token"), part("apiKey"), part("systemUrl")];
  return isText(token) && isText(apiKey) && isText(systemUrl) ? { token, apiKey, systemUrl } : null;
}

function fieldsOf(text: string): (name: string) => unknown {
  try {
    const parsed: unknown = JSON.parse(text);
    return (name) => (isObject(parsed) && Object.hasOwn(parsed, name) ? parsed[name] : null);
  } catch {
    return () => null;
  }
}

const LONGEST_TEXT = 300;

const isText = (value: unknown): value is string =>
  typeof value === "string" && value !== "" && value.length <= LONGEST_TEXT;
