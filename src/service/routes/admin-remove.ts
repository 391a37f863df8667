import type { FastifyInstance, FastifyRequest, preHandlerHookHandler } from "fastify";
import type { ManyAccounts } from "../options.ts";
import { nameOf, pathOf } from "../pages/account-path.ts";
import { queryOf, type Site } from "../pages/site.ts";
import { formToken } from "../security/forms.ts";
import { type Limits, limited } from "../security/limits.ts";
import { sendNotFound } from "./failures.ts";

export interface RemovalOptions extends Pick<ManyAccounts, "accounts"> {
  readonly site: Site;
  readonly limits: Limits;
}

/** What stands before the operator's pages: `own` before what changes something, `signedIn` before all. */
export interface Guards {
  readonly own: readonly preHandlerHookHandler[];
  readonly signedIn: preHandlerHookHandler;
}

const PATH = "/admin/account/remove";

/** Removing an account: a page that asks once more, and what its button does. The file's own account is not removed here. */
export function addRemoval(
  server: FastifyInstance,
  { site, limits, accounts }: RemovalOptions,
  { own, signedIn }: Guards,
): void {
  const page = limited(limits.pages);
  const meant = async (request: FastifyRequest) => {
    const account = await accounts.byId(queryOf(request.query).get("id") ?? "");
    return account?.isOwn === true ? null : account;
  };
  server.get(PATH, { ...page, preHandler: signedIn }, async (request, reply) => {
    const account = await meant(request);
    if (account === null) return sendNotFound(site, request, reply);
    const here = `${PATH}?id=${encodeURIComponent(account.connectionId)}`;
    return site.show(request, reply, {
      page: "admin-remove",
      here,
      data: {
        account: nameOf(account),
        action: `${site.base}${here}`,
        back: `${site.base}${pathOf(account)}${site.languageQuery(request)}`,
        token: formToken(reply),
      },
    });
  });
  server.post(PATH, { ...page, preHandler: [...own, signedIn] }, async (request, reply) => {
    const account = await meant(request);
    const removal = account === null ? null : await accounts.remove(account.connectionId);
    if (removal?.kind !== "removed") return sendNotFound(site, request, reply);
    return site.lead(request, reply, `/admin?news=${removal.module === "left_on" ? "removedLeftOn" : "removed"}`);
  });
}
