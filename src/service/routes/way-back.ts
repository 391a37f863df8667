import type { FastifyReply, FastifyRequest } from "fastify";
import type { AccountView } from "../../accounts/types.ts";
import type { Site } from "../pages/site.ts";
import { allowFrames } from "../security/headers.ts";

/** In the session: the connection whose owner has come from the CRM to connect it, and is sent back after setting it up (crm-api.md 4a, step
 *  10). It ends with the first save. */
export const GOES_BACK = "goes_back";

/** Where the CRM lists the modules of an account: there official modules send people back. */
const MODULES = "/admin/integration/list";

/** Null: the account's address is none that a browser could open. */
const backTo = ({ crmUrl }: AccountView): string | null =>
  /^https?:/u.test(crmUrl) ? `${new URL(crmUrl).origin}${MODULES}` : null;

/** Is this the visit on which the owner connected the account, with nothing saved yet? */
export const goesBack = ({ session }: FastifyRequest, { connectionId }: AccountView): boolean =>
  session.get(GOES_BACK) === connectionId;

/** After the first save: back to the account. A frame of the CRM is not led into the CRM once more: it gets a page with a way out. So does a
 *  browser that does not say what it shows. */
export function sendBack(
  { site, path }: { readonly site: Site; readonly path: string },
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  account: AccountView,
): FastifyReply {
  request.session.set(GOES_BACK, "");
  const address = backTo(account);
  const isWhole = request.headers["sec-fetch-dest"] === "document";
  return isWhole && address !== null ? reply.redirect(address, 303) : site.lead(request, reply, `${path}/done`);
}

/** "Done", and a link that leads out of any frame. */
export function showDone(
  { site, path }: { readonly site: Site; readonly path: string },
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  account: AccountView,
): FastifyReply {
  const { settings, common } = site.words(request);
  const address = backTo(account);
  allowFrames(reply, [new URL(account.crmUrl).origin]);
  return site.show(request, reply, {
    page: "message",
    here: `${path}/done`,
    data: {
      title: settings.doneTitle,
      lines: [settings.done],
      link: address === null ? null : { href: address, text: common.back, target: "_top" },
    },
  });
}
