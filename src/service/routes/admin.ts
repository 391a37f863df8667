import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { AccountView } from "../../accounts/types.ts";
import type { ManyAccounts, ServiceOptions } from "../options.ts";
import { accountFacts } from "../pages/account-facts.ts";
import { nameOf, pathOf } from "../pages/account-path.ts";
import { queryOf, type Site } from "../pages/site.ts";
import { standingSentence } from "../pages/standing.ts";
import { fill, type Words } from "../pages/words/index.ts";
import { formOf, formToken, onlyOwnForms } from "../security/forms.ts";
import { type Limits, limited } from "../security/limits.ts";
import { ADMIN } from "../security/session.ts";
import { addRemoval } from "./admin-remove.ts";
import { sendNotFound } from "./failures.ts";
import { isSame } from "./probes.ts";

export interface AdminOptions
  extends Pick<ManyAccounts, "accounts" | "adminPassword">,
    Pick<ServiceOptions, "readiness"> {
  readonly site: Site;
  readonly limits: Limits;
}

interface Visit {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

const LONGEST_PASSWORD = 500;
const ACCOUNTS_A_PAGE = 100;

/** The operator's pages: all accounts, one account, its switch. Never shown in a frame. */
export function addAdmin(server: FastifyInstance, options: AdminOptions): void {
  const { site, limits, accounts } = options;
  const page = limited(limits.pages);
  const own = onlyOwnForms(server, site.origin);
  const signedIn = async (request: FastifyRequest, reply: FastifyReply) => {
    if (!request.session.admits(ADMIN)) return site.lead(request, reply, "/admin/login");
  };
  addLogin(server, options);

  server.get("/admin", { ...page, preHandler: signedIn }, async (request, reply) =>
    showAccounts(options, { request, reply }),
  );
  server.get("/admin/account", { ...page, preHandler: signedIn }, async (request, reply) => {
    const account = await accounts.byId(queryOf(request.query).get("id") ?? "");
    return account === null ? sendNotFound(site, request, reply) : showAccount(options, { request, reply }, account);
  });
  addRemoval(server, options, { own, signedIn });
  for (const [action, paused] of [
    ["pause", true],
    ["resume", false],
  ] as const) {
    const guarded = { ...page, preHandler: [...own, signedIn] };
    server.post(`/admin/account/${action}`, guarded, async (request, reply) => {
      const account = await accounts.byId(queryOf(request.query).get("id") ?? "");
      if (account === null) return sendNotFound(site, request, reply);
      await accounts.pause(account.connectionId, paused);
      return site.lead(request, reply, `${pathOf(account)}&news=${paused ? "paused" : "resumed"}`);
    });
  }
}

function addLogin(server: FastifyInstance, { site, limits, adminPassword }: AdminOptions): void {
  const own = onlyOwnForms(server, site.origin);
  const show = ({ request, reply }: Visit, isWrong: boolean) => {
    const { admin } = site.words(request);
    return site.show(request, reply, {
      page: "admin-login",
      status: isWrong ? 403 : 200,
      here: "/admin/login",
      data: {
        token: formToken(reply),
        faults: isWrong ? [{ field: "password", text: admin.wrongPassword }] : [],
      },
    });
  };
  server.get("/admin/login", limited(limits.pages), async (request, reply) => show({ request, reply }, false));
  server.post("/admin/login", { ...limited(limits.tries), preHandler: own }, async (request, reply) => {
    const password = (formOf(request.body).get("password") ?? "").slice(0, LONGEST_PASSWORD);
    if (!isSame(password, adminPassword)) return show({ request, reply }, true);
    request.session.admit(ADMIN);
    return site.lead(request, reply, "/admin");
  });
  server.post("/admin/logout", { ...limited(limits.pages), preHandler: own }, async (request, reply) => {
    request.session.dismiss(ADMIN);
    return site.lead(request, reply, "/admin/login");
  });
}

async function showAccounts({ site, accounts, readiness }: AdminOptions, { request, reply }: Visit) {
  const query = queryOf(request.query);
  const sought = (query.get("q") ?? "").trim().slice(0, 100);
  const found = (await accounts.list())
    .filter((account) => account.crmUrl.toLowerCase().includes(sought.toLowerCase()))
    .sort((left, right) => (nameOf(left) < nameOf(right) ? -1 : 1));
  const pages = Math.max(1, Math.ceil(found.length / ACCOUNTS_A_PAGE));
  const page = Math.min(pages, Math.max(1, Math.trunc(Number(query.get("page"))) || 1));
  const [t, language] = [site.words(request).admin, site.language(request)];
  const search = sought === "" ? "" : `&q=${encodeURIComponent(sought)}`;
  const pathOfPage = (wanted: number) => `/admin?page=${wanted}${search}${site.languageQuery(request)}`;
  return site.show(request, reply, {
    page: "admin-accounts",
    here: `/admin?page=${page}${search}`,
    data: {
      accounts: found.slice((page - 1) * ACCOUNTS_A_PAGE, page * ACCOUNTS_A_PAGE).map((account) => ({
        href: `${pathOf(account)}${site.languageQuery(request)}`,
        name: nameOf(account),
        standing: standingSentence(account, language),
      })),
      heading: fill(t.found, String(found.length)),
      shown: pages === 1 ? "" : fill(t.shown, String(page), String(pages)),
      previous: page > 1 ? pathOfPage(page - 1) : "",
      next: page < pages ? pathOfPage(page + 1) : "",
      sought,
      notice: noticeOf(query.get("news"), t),
      configErrors: readiness().configErrors,
      token: formToken(reply),
    },
  });
}

/** What became of an account that is not in the list any more. */
function noticeOf(news: string | null, t: Words["admin"]): string {
  if (news === "removed") return t.removed;
  return news === "removedLeftOn" ? t.removedLeftOn : "";
}

function showAccount({ site }: AdminOptions, { request, reply }: Visit, account: AccountView): FastifyReply {
  const [t, language] = [site.words(request).admin, site.language(request)];
  const news = queryOf(request.query).get("news");
  const action = account.paused ? "resume" : "pause";
  return site.show(request, reply, {
    page: "admin-account",
    here: pathOf(account),
    data: {
      account: nameOf(account),
      standing: standingSentence(account, language),
      isWell: account.standing === "working",
      isPaused: account.paused,
      notice: news === "paused" || news === "resumed" ? t[news] : "",
      facts: accountFacts(account, language),
      isElsewhere: account.status === null,
      removal: account.isOwn
        ? ""
        : `${site.base}/admin/account/remove?id=${encodeURIComponent(account.connectionId)}${site.languageQuery(request)}`,
      action: `${site.base}/admin/account/${action}?id=${encodeURIComponent(account.connectionId)}`,
      token: formToken(reply),
    },
  });
}
