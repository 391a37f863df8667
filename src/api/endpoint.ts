import { ApiError } from "./errors.ts";

const BOT_API = "/api/bot/v1";

/** Where the Bot API begins, from the `endpointUrl` that the CRM gave: bare host root, or with the prefix already inside;
 *  with or without a slash at its end. User info, query and fragment are dropped. Throws ApiError for anything that is
 *  not an http(s) address. */
export function botApiUrl(endpointUrl: string): string {
  const base = baseUrl(endpointUrl, "the gateway");
  return base.endsWith(BOT_API) ? base : base + BOT_API;
}

/** An http(s) address without user info, query, fragment and final slash. `whose` names it in the error, which never quotes
 *  the address: it may hold a password. */
export function baseUrl(address: string, whose: string): string {
  const url = URL.parse(address.trim());
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) {
    throw new ApiError({ kind: "bad_request", sent: "no", message: `The address of ${whose} is not a web address` });
  }
  return url.origin + url.pathname.replace(/\/+$/, "");
}
