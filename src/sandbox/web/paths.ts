/** Where browsers find the account's pages. Modules send people back to the account's root, or somewhere into `/admin`. */
export const HOME = "/";
export const CARDS = "/marketplace/";
export const KEYS = "/account/keys";
export const SETTINGS = "/account/settings";

/** Is this path one for browsers, not for programs? */
export const isPage = (path: string): boolean =>
  path === HOME || path === "/admin" || ["/admin/", CARDS, "/account/"].some((start) => path.startsWith(start));
