import type { DomainLists } from "../world/market-rows.ts";
import { crmMoment } from "../world/moments.ts";
import type { World } from "../world/world.ts";

/** Where the vendor publishes which hosts are CRM accounts: paths of its own host, served here by every account's. */
export const DOMAIN_LISTS: ReadonlyMap<string, DomainListName> = new Map([
  ["/crm-domains.json", "crm"],
  ["/box-domains.json", "box"],
]);

/** Zones of the cloud, or whole hosts of own installations. */
export type DomainListName = Exclude<keyof DomainLists, "changedAt">;

/** One list as it is published. */
export const domainList = ({ domains }: World, name: DomainListName) => ({
  createDate: crmMoment(domains.changedAt),
  domains: domains[name].map((domain) => ({ domain })),
});
