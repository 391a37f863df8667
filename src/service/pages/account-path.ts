import type { AccountView } from "../../accounts/types.ts";

/** The operator's page of an account; to be put behind `base`. */
export const pathOf = ({ connectionId }: Pick<AccountView, "connectionId">): string =>
  `/admin/account?id=${encodeURIComponent(connectionId)}`;

/** What the operator calls an account: `shop.simla.com`. */
export const nameOf = ({ crmUrl }: Pick<AccountView, "crmUrl">): string => crmUrl.replace(/^https:\/\//u, "");
