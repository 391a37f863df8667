import type {
  ApiVersions,
  BillingInfo,
  Credentials,
  IntegrationModuleIn,
  IntegrationModuleOut,
  NotificationIn,
  Settings,
  SystemInfo,
  User,
} from "../generated/crm-api.ts";
import type { Json, JsonObject } from "../types/json.ts";
import { type CrmReads, createCrmReads } from "./crm-reads.ts";
import { baseUrl } from "./endpoint.ts";
import { ApiError, serverWords } from "./errors.ts";
import { createHttp, type RequestOptions } from "./http/http.ts";
import type { HttpOptions, HttpRequest } from "./http/request.ts";
import { createPace } from "./pace/pace.ts";
import { createPaces, type Paces } from "./pace/paces.ts";
import { objectOf, rowsOf } from "./shape.ts";

/** The CRM allows 10 per second and key; some room is left for whoever else uses the key. */
const LIMITS = { perSecond: 8, burst: 8, parallel: 4 };
const USERS_PER_PAGE = 100;
const MOST_PAGES = 1_000;

export interface CrmApiOptions
  extends Pick<HttpOptions, "clock" | "random" | "log" | "limits" | "network" | "onOutcome"> {
  /** The account's address, such as `https://shop.retailcrm.ru`. */
  readonly url: string;
  readonly apiKey: string;
  /** Left out: nobody else of this program speaks with the key. */
  readonly paces?: Paces | undefined;
}

/** What the CRM says after a module was written. It may lack either part of `mgBot` (reliability.md F65). */
export interface ModuleInfo {
  readonly mgBot?: { readonly endpointUrl?: string; readonly token?: string };
  readonly billingInfo?: BillingInfo;
}

/** The CRM methods a bot module needs, for one account. Every rejection is an ApiError; an answer that says
 *  `success: false` is one too. Source: CRM API v5. */
export interface CrmApi extends CrmReads {
  /** The module as it stands there; null: the account has none of that code. */
  readModule(code: string, options?: RequestOptions): Promise<IntegrationModuleOut | null>;
  /** Creates the module or updates the one of its code. */
  editModule(module: IntegrationModuleIn, options?: RequestOptions): Promise<ModuleInfo>;
  /** Asks for rights on behalf of a module that was connected in one step. Gives a NEW key: the present one ends with this. Other modules
   *  are refused (`bad_request`). */
  updateScopes(code: string, scopes: readonly string[], options?: RequestOptions): Promise<string>;
  /** The key's rights. */
  credentials(options?: RequestOptions): Promise<Credentials>;
  apiVersions(options?: RequestOptions): Promise<ApiVersions>;
  systemInfo(options?: RequestOptions): Promise<SystemInfo>;
  settings(options?: RequestOptions): Promise<Settings>;
  /** Everyone of the staff, all pages. */
  users(options?: RequestOptions): Promise<readonly User[]>;
  /** Tells the account's people something; may reject with `sent: "maybe"`, then it is not asked again. */
  notify(notification: NotificationIn, options?: RequestOptions): Promise<void>;
  close(): void;
}

/** Throws ApiError when `url` is not a web address. */
export function createCrmApi({ url, apiKey, paces, ...rest }: CrmApiOptions): CrmApi {
  const { clock } = rest;
  const key = apiKey.trim();
  const secretHeaders = { "X-API-KEY": key };
  const base = baseUrl(url, "the CRM");
  const { pace, leave } = (paces ?? createPaces(clock)).enter(key, () => createPace({ ...LIMITS, clock }));
  const http = createHttp({ ...rest, baseUrl: base, secretHeaders, pace });
  const ask: AskCrm = async (request, options) =>
    accepted(await http.request(request, options), `${request.method} ${base}${request.path}`);

  return {
    ...createCrmReads((path, query, options) => ask(get(path, query), options)),
    async readModule(code, options) {
      try {
        const answer = await ask(get(`/api/v5/integration-modules/${encodeURIComponent(code)}`), options);
        return readModuleAnswer(answer);
      } catch (error) {
        if (error instanceof ApiError && error.kind === "not_found") return null;
        throw error;
      }
    },
    async editModule(module, options) {
      const path = `/api/v5/integration-modules/${encodeURIComponent(module.code)}/edit`;
      return readInfo((await ask(post(path, { integrationModule: module }, "repeatable"), options)).info ?? null);
    },
    async updateScopes(code, scopes, options) {
      const path = `/api/v5/integration-modules/${encodeURIComponent(code)}/update-scopes`;
      const { apiKey } = await ask(post(path, { requires: { scopes } }, "once"), options);
      if (typeof apiKey === "string" && apiKey.trim() !== "") return apiKey;
      throw new ApiError({ kind: "not_json", sent: "yes", message: "The CRM gave no new key" });
    },
    credentials: async (options) => as<Credentials>(await ask(get("/api/credentials"), options)),
    apiVersions: async (options) => as<ApiVersions>(await ask(get("/api/api-versions"), options)),
    systemInfo: async (options) => as<SystemInfo>(await ask(get("/api/system-info"), options)),
    settings: async (options) => as<Settings>(objectOf((await ask(get("/api/v5/settings"), options)).settings)),
    users: (options) => listUsers(ask, options),
    async notify(notification, options) {
      await ask(post("/api/v5/notifications/send", { notification }, "once"), options);
    },
    close() {
      http.close();
      leave();
    },
  };
}

type AskCrm = (request: HttpRequest, options?: RequestOptions) => Promise<JsonObject>;

/** The answer of a CRM that agreed. `label` names the request. */
function accepted(answer: Json, label: string): JsonObject {
  const body = objectOf(answer);
  if (body.success === true) return body;
  if (body.success !== false) {
    // JSON without `success` comes from something that is no CRM.
    const message = `${label} was answered with JSON that is not the CRM's`;
    throw new ApiError({ kind: "not_json", status: 200, sent: "maybe", message });
  }
  const errors = serverWords(body);
  const message = `${label} was not accepted: ${errors.join("; ") || "the CRM gives no reason"}`;
  throw new ApiError({ kind: "bad_request", status: 200, errors, sent: "no", message });
}

async function listUsers(ask: AskCrm, options: RequestOptions | undefined): Promise<readonly User[]> {
  const users = new Map<number, User>();
  for (let page = 1; page <= MOST_PAGES; page++) {
    const answer = await ask(
      get("/api/v5/users", [
        ["limit", String(USERS_PER_PAGE)],
        ["page", String(page)],
      ]),
      options,
    );
    const known = users.size;
    for (const user of rowsOf(answer.users)) users.set(Number(user.id), as<User>(user));
    const pages = Number(objectOf(answer.pagination).totalPageCount ?? 1);
    if (page >= pages || users.size === known) break;
  }
  return [...users.values()];
}

const get = (path: string, query: [string, string][] = []): HttpRequest => ({
  method: "GET",
  path,
  query,
  kind: "read",
});

/** A form whose fields hold JSON text, as the CRM wants it. */
function post(path: string, fields: Readonly<Record<string, unknown>>, kind: HttpRequest["kind"]): HttpRequest {
  const written = Object.entries(fields).map(([name, value]) => [name, JSON.stringify(value)]);
  return { method: "POST", path, body: { as: "form", fields: Object.fromEntries(written) }, kind };
}

/** Fields of a module that are compared with what they should be, as texts. */
const MODULE_TEXTS = ["code", "integrationCode", "name", "clientId", "baseUrl", "accountUrl"] as const;

/** PHP writes an empty map as `[]`: the module's maps are maps here. A text that is none counts as left out: one account's odd answer must
 *  not look like a fault of ours. */
function readModuleAnswer(answer: JsonObject): IntegrationModuleOut {
  const module = objectOf(answer.integrationModule);
  const integrations = objectOf(module.integrations);
  const { mgBot } = integrations;
  return as<IntegrationModuleOut>({
    ...textsOf(module, MODULE_TEXTS),
    actions: textsOf(objectOf(module.actions)),
    integrations: { ...integrations, ...(mgBot !== undefined && { mgBot: textsOf(objectOf(mgBot), ACCESS_TEXTS) }) },
  });
}

const ACCESS_TEXTS = ["endpointUrl", "token"] as const;

/** The same without those of these fields (left out: of all) that hold no text. */
function textsOf(from: JsonObject, fields: readonly string[] = Object.keys(from)): JsonObject {
  return Object.fromEntries(
    Object.entries(from).filter(([name, value]) => !fields.includes(name) || typeof value === "string"),
  );
}

function readInfo(raw: Json): ModuleInfo {
  const { mgBot, billingInfo } = objectOf(raw);
  const { endpointUrl, token } = objectOf(mgBot);
  return {
    ...(mgBot !== undefined && {
      mgBot: { ...(isText(endpointUrl) && { endpointUrl }), ...(isText(token) && { token }) },
    }),
    ...(billingInfo !== undefined && { billingInfo: as<BillingInfo>(objectOf(billingInfo)) }),
  };
}

const isText = (value: Json | undefined): value is string => typeof value === "string" && value.trim() !== "";

/** The CRM's answers are trusted in shape (their fields are all optional or checked where they are used). */
const as = <T>(value: Json): T => value as unknown as T;
