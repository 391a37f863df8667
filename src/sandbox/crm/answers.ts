import { personName } from "../world/actors.ts";
import { isLive } from "../world/modules.ts";
import { crmMoment } from "../world/moments.ts";
import { CrmRefusal } from "../world/refusal.ts";
import type { ApiKey, Module, Person } from "../world/rows.ts";
import type { World } from "../world/world.ts";

/** What the CRM answers, row by row. */

const groupRow = (code: string, index: number) => ({ id: 25 + index, name: code, code });

export const crmUser = (person: Person) => ({
  id: person.crmId,
  createdAt: crmMoment(person.createdAt),
  active: person.active,
  online: person.online,
  email: person.email,
  firstName: person.firstName,
  lastName: person.lastName,
  status: person.available ? "free" : "busy",
  isAdmin: false,
  isManager: !person.technical,
  groups: person.groups.map(groupRow),
  mgUserId: person.id,
});

export const crmChannels = (world: World) =>
  [...world.channels.values()].map(({ id, type, active, name }, index) => ({
    id: 6 + index,
    externalId: id,
    type,
    active,
    name,
  }));

/** What a key may do. One with scopes names methods too, but not all that it may call: its scopes count. */
export const credentialsAnswer = ({ scopes, methods, sites }: ApiKey) => ({
  scopes,
  credentials: scopes.length > 0 ? SAMPLE_METHODS : methods,
  siteAccess: sites === null ? "access_full" : "access_selective",
  sitesAvailable: sites ?? [],
});

const SAMPLE_METHODS = ["/api/integration-modules/{code}", "/api/integration-modules/{code}/edit"];

/** A module as it is read. `integrations` is an empty list when it has none: a habit of PHP. */
export function moduleAnswer(world: World, module: Module) {
  const { actions } = module.fields;
  const empty = typeof actions !== "object" || actions === null || Object.keys(actions).length === 0;
  const endpoint = world.behaviour.moduleShowsEndpoint ? { endpointUrl: world.urls.gateway } : {};
  const mgBot = { token: module.token, isActive: isLive(world, module), ...endpoint };
  return {
    ...module.fields,
    code: module.code,
    active: module.active,
    freeze: module.freeze,
    native: false,
    actions: empty ? [] : actions,
    integrations: module.token === null ? [] : { mgBot },
  };
}

export const editAnswer = (world: World, module: Module, answersToken: boolean) => ({
  success: true,
  info: answersToken ? { mgBot: { endpointUrl: world.urls.gateway, token: module.token } } : [],
});

export function settingsAnswer(world: World) {
  const node = (value: string) => ({ value, updated_at: crmMoment(world.startedAt) });
  return {
    default_currency: node("EUR"),
    system_language: node(world.language),
    timezone: node(world.timezone),
    work_times: world.workTimes,
    non_working_days: [{ start_date: "12.25", end_date: "12.26" }],
    mg: {
      order_creation: {
        default: { site: "shop", order_type: "eshop-individual", order_method: "messenger" },
        channels: [],
      },
    },
  };
}

const LIMITS = [20, 50, 100];

/** One page of a CRM list. Throws CrmRefusal for a limit the CRM does not know. */
export function crmPage<Row>(rows: readonly Row[], query: Readonly<Record<string, unknown>>) {
  const limit = Number(query.limit ?? 20);
  const currentPage = Number(query.page ?? 1);
  if (!LIMITS.includes(limit)) throw invalid({ limit: "The value you selected is not a valid choice." });
  if (!Number.isInteger(currentPage) || currentPage < 1) throw invalid({ page: "This value should be 1 or more." });
  // 0 when there are no rows, as in the reference's sample.
  const totalPageCount = Math.ceil(rows.length / limit);
  const pagination = { limit, totalCount: rows.length, currentPage, totalPageCount };
  return { pagination, rows: rows.slice((currentPage - 1) * limit, currentPage * limit) };
}

const invalid = (errors: Record<string, string>) => new CrmRefusal(400, "Errors in the input parameters", errors);

const flagOf = (value: unknown): boolean | undefined => (value === undefined ? undefined : value === "1");

/** People by the filters of `/users`; a filter arrives as `filter[name]`. */
export function filterUsers(world: World, query: Readonly<Record<string, unknown>>): readonly Person[] {
  const active = flagOf(query["filter[active]"]);
  const online = flagOf(query["filter[online]"]);
  const manager = flagOf(query["filter[isManager]"]);
  const groups = [query["filter[groups][]"] ?? []].flat();
  return [...world.people.values()].filter(
    (person) =>
      (active === undefined || person.active === active) &&
      (online === undefined || person.online === online) &&
      (manager === undefined || !person.technical === manager) &&
      (groups.length === 0 || groups.some((group) => person.groups.includes(String(group)))) &&
      personName(person) !== "",
  );
}
