import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from "fastify";
import { refusalSentence } from "../../accounts/connecting/sentences.ts";
import type { AccountView, ConnectRefusal } from "../../accounts/types.ts";
import type { ManyAccounts } from "../options.ts";
import { EMPTY_FAULTS, readSettings, type SettingsFaults, settingsData, type Typed } from "../pages/settings-form.ts";
import { queryOf, type Site } from "../pages/site.ts";
import { formOf, formToken, onlyOwnForms } from "../security/forms.ts";
import { allowFrames } from "../security/headers.ts";
import { type Limits, limited, limitPerClient } from "../security/limits.ts";
import { sendNotFound } from "./failures.ts";
import { goesBack, sendBack, showDone } from "./way-back.ts";

export interface SettingsOptions extends Pick<ManyAccounts, "accounts" | "frameSites"> {
  readonly site: Site;
  readonly limits: Limits;
}

interface Visit {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

const LONGEST_KEY = 300;

/** The owner's page. Whoever knows the address sees the key field and nothing of the account, until the key is shown. */
export function addSettings(server: FastifyInstance, options: SettingsOptions): void {
  addOpening(server, options);
  addSignIn(server, options);
  const { site, limits, accounts } = options;
  const guard = { preHandler: onlyOwnForms(server, site.origin) };

  server.get("/settings/:clientId", limited(limits.pages), async (request, reply) => {
    const account = await accounts.byClientId(clientIdOf(request));
    if (account === null) return sendNotFound(site, request, reply);
    const visit = { request, reply };
    return request.session.admits(account.connectionId)
      ? showSettings(options, visit, { account })
      : showSignIn(options, visit, null);
  });

  /** Only for who has shown the key; anyone else is asked for it. */
  const owned = (handle: (visit: Visit, account: AccountView) => Promise<FastifyReply>): RouteHandlerMethod =>
    async function owned(request, reply) {
      const account = await accounts.byClientId(clientIdOf(request));
      if (account === null) return sendNotFound(site, request, reply);
      if (!request.session.admits(account.connectionId)) return site.lead(request, reply, pathOf(request));
      return await handle({ request, reply }, account);
    };

  server.post(
    "/settings/:clientId/save",
    { ...limited(limits.pages), ...guard },
    owned(async (visit, account) => {
      const { typed, wanted, faults } = readSettings(formOf(visit.request.body), account, site.words(visit.request));
      if (wanted === null) return showSettings(options, visit, { account, typed, faults });
      await accounts.change(account.connectionId, wanted);
      const path = pathOf(visit.request);
      if (goesBack(visit.request, account)) return sendBack({ site, path }, visit, account);
      return site.lead(visit.request, visit.reply, `${path}?news=saved`);
    }),
  );

  server.get(
    "/settings/:clientId/done",
    limited(limits.pages),
    owned(async (visit, account) => showDone({ site, path: pathOf(visit.request) }, visit, account)),
  );

  server.post(
    "/settings/:clientId/sign-out",
    { ...limited(limits.pages), ...guard },
    owned(async (visit, account) => {
      visit.request.session.dismiss(account.connectionId);
      return site.lead(visit.request, visit.reply, pathOf(visit.request));
    }),
  );
}

/** The key that opens the page; one that the account accepts in place of the stored one is taken over. */
function addSignIn(server: FastifyInstance, options: SettingsOptions): void {
  const { site, limits, accounts } = options;
  const perClient = limitPerClient(server, limits.tries);
  const guard = { preHandler: onlyOwnForms(server, site.origin) };
  server.post("/settings/:clientId/sign-in", { ...limited(limits.tries), ...guard }, async (request, reply) => {
    const clientId = clientIdOf(request);
    await perClient(request, clientId);
    const apiKey = (formOf(request.body).get("apiKey") ?? "").trim().slice(0, LONGEST_KEY);
    const signIn = await accounts.signIn(clientId, apiKey);
    if (signIn.kind === "unknown") return sendNotFound(site, request, reply);
    if (signIn.kind === "refused") return showRefused(options, { request, reply }, signIn.refusal);
    request.session.admit(signIn.account.connectionId);
    return site.lead(request, reply, `/settings/${clientId}`);
  });
}

/** However the CRM opens the page (GET or POST, the id in the path, the query or the form), it ends as one GET: a POST of
 *  another site brings no cookie of ours along. It changes nothing, so it needs no protection. */
function addOpening(server: FastifyInstance, { site, limits }: SettingsOptions): void {
  const open: RouteHandlerMethod = async (request, reply) => {
    const clientId = clientIdOf(request);
    const path = /^[\w-]{1,100}$/u.test(clientId) ? `/settings/${clientId}` : null;
    return path === null ? sendNotFound(site, request, reply) : site.lead(request, reply, path);
  };
  server.route({ method: ["GET", "POST"], url: "/settings", ...limited(limits.pages), handler: open });
  server.post("/settings/:clientId", limited(limits.pages), open);
  for (const action of ["sign-in", "save", "sign-out"]) server.get(`/settings/:clientId/${action}`, open); // a reload
}

function clientIdOf({ params, query, body }: FastifyRequest): string {
  const inPath = queryOf(params).get("clientId");
  return inPath ?? queryOf(query).get("clientId") ?? formOf(body).get("clientId") ?? "";
}

const pathOf = (request: FastifyRequest) => `/settings/${clientIdOf(request)}`;

/** Says nothing of the account, not even by the sites that may frame it. */
async function showSignIn(
  options: SettingsOptions,
  { request, reply }: Visit,
  refusal: ConnectRefusal | null,
): Promise<FastifyReply> {
  const { site } = options;
  const text = refusal === null ? "" : refusalSentence(refusal)[site.language(request)];
  allowFrames(reply, await options.frameSites());
  return site.show(request, reply, {
    page: "sign-in",
    status: refusal === null ? 200 : 403,
    here: pathOf(request),
    data: {
      clientId: clientIdOf(request),
      token: formToken(reply),
      faults: refusal === null ? [] : [{ field: "apiKey", text }],
      fault: { apiKey: text },
    },
  });
}

/** The key was not the account's: an owner who is signed in stays so and sees it beside the new key's field. */
async function showRefused(options: SettingsOptions, visit: Visit, refusal: ConnectRefusal): Promise<FastifyReply> {
  const account = await options.accounts.byClientId(clientIdOf(visit.request));
  if (account === null || !visit.request.session.admits(account.connectionId))
    return showSignIn(options, visit, refusal);
  const apiKey = refusalSentence(refusal)[options.site.language(visit.request)];
  return showSettings(options, visit, { account, faults: { ...EMPTY_FAULTS, apiKey } });
}

interface SettingsState {
  readonly account: AccountView;
  /** What came with the form; left out: what is stored. */
  readonly typed?: Typed;
  readonly faults?: SettingsFaults;
}

function showSettings({ site }: SettingsOptions, { request, reply }: Visit, state: SettingsState): FastifyReply {
  const { account, typed = null, faults = EMPTY_FAULTS } = state;
  const news = queryOf(request.query).get("news");
  const { origin } = new URL(account.crmUrl);
  // Browsers check where a form leads along its redirects, too.
  allowFrames(reply, [origin], goesBack(request, account) ? [origin] : []);
  return site.show(request, reply, {
    page: "settings",
    status: faults === EMPTY_FAULTS ? 200 : 422,
    here: pathOf(request),
    data: {
      ...settingsData(account, { language: site.language(request), typed, faults, news }),
      action: `${site.base}${pathOf(request)}`,
      token: formToken(reply),
    },
  });
}
