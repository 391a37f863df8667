import type {
  Customer,
  DeliveryTypes,
  Order,
  PaymentStatuses,
  PaymentTypes,
  ProductsList,
  Statuses,
  StatusGroups,
} from "../generated/crm-api.ts";
import { isObject, type Json, type JsonObject } from "../types/json.ts";
import type { RequestOptions } from "./http/http.ts";
import { objectOf, rowsOf } from "./shape.ts";

/** One GET of the CRM: the body of an answer that says `success: true`. Every rejection is an ApiError. */
export type ReadCrm = (path: string, query: [string, string][], options?: RequestOptions) => Promise<JsonObject>;

export interface ListOptions extends RequestOptions {
  /** Rows to give at most; default 20. More than 100 take several requests. */
  readonly most?: number;
}

/** Values that the CRM compares; several in a list: any of them. Of several filters all must hold. A list without values and a
 *  blank text match nothing (left out of the request they would match everything). */
export type FilterValue = string | number | boolean | readonly (string | number)[];

export interface OrdersFilter {
  readonly numbers?: readonly string[];
  /** Id in the CRM. */
  readonly customerId?: number;
  readonly email?: string;
  /** Part of a name or phone. */
  readonly customer?: string;
  /** `Y-m-d`, in the account's zone; the day itself is included. */
  readonly createdAtFrom?: string;
  readonly createdAtTo?: string;
  /** Codes of statuses. */
  readonly extendedStatus?: readonly string[];
  readonly sites?: readonly string[];
}

export interface CustomersFilter {
  /** The gateway's customer id. */
  readonly mgCustomerId?: number;
  readonly email?: string;
  /** Part of a name or phone. */
  readonly name?: string;
}

export interface ProductsFilter {
  /** Part of the name or article. */
  readonly name?: string;
  readonly active?: boolean;
  readonly ids?: readonly number[];
  readonly offerIds?: readonly number[];
  readonly sites?: readonly string[];
}

type RowOf<Directory> = Exclude<Directory, []>[keyof Exclude<Directory, []>];
export type StatusRow = RowOf<Statuses["statuses"]>;
export type StatusGroupRow = RowOf<StatusGroups["statusGroups"]>;
export type DeliveryTypeRow = RowOf<DeliveryTypes["deliveryTypes"]>;
export type PaymentTypeRow = RowOf<PaymentTypes["paymentTypes"]>;
export type PaymentStatusRow = RowOf<PaymentStatuses["paymentStatuses"]>;
export type Product = ProductsList["products"][number];

/** What replies are made of. Lists come in the CRM's order, each row once, its maps as maps (PHP writes empty ones as `[]`);
 *  fields may be absent or null whatever their type says. Directories have their inactive rows too.
 *  Source: CRM API v5, "Reading data for replies". */
export interface CrmReads {
  orders(filter: OrdersFilter, options?: ListOptions): Promise<readonly Order[]>;
  customers(filter: CustomersFilter, options?: ListOptions): Promise<readonly Customer[]>;
  products(filter: ProductsFilter, options?: ListOptions): Promise<readonly Product[]>;
  deliveryTypes(options?: RequestOptions): Promise<readonly DeliveryTypeRow[]>;
  paymentTypes(options?: RequestOptions): Promise<readonly PaymentTypeRow[]>;
  paymentStatuses(options?: RequestOptions): Promise<readonly PaymentStatusRow[]>;
  statuses(options?: RequestOptions): Promise<readonly StatusRow[]>;
  statusGroups(options?: RequestOptions): Promise<readonly StatusGroupRow[]>;
}

const LIMITS = [20, 50, 100] as const;
const LARGEST_LIMIT = 100;
const USUAL_MOST = 20;

/** The reads of one account, on the pace that all its calls share (10 requests per second and key). */
export function createCrmReads(read: ReadCrm): CrmReads {
  const list = async <Row>(place: Place, filter: object, options: ListOptions = {}) =>
    (await listRows(read, { ...place, filter }, options)) as unknown as readonly Row[];
  const directory = async <Row>(name: string, key: string, options?: RequestOptions) =>
    directoryRows((await read(`/api/v5/reference/${name}`, [], options))[key]) as unknown as readonly Row[];
  return {
    orders: (filter, options) => list<Order>({ path: "/api/v5/orders", key: "orders" }, filter, options),
    customers: (filter, options) => list<Customer>({ path: "/api/v5/customers", key: "customers" }, filter, options),
    products: (filter, options) => list<Product>({ path: "/api/v5/store/products", key: "products" }, filter, options),
    deliveryTypes: (options) => directory<DeliveryTypeRow>("delivery-types", "deliveryTypes", options),
    paymentTypes: (options) => directory<PaymentTypeRow>("payment-types", "paymentTypes", options),
    paymentStatuses: (options) => directory<PaymentStatusRow>("payment-statuses", "paymentStatuses", options),
    statuses: (options) => directory<StatusRow>("statuses", "statuses", options),
    statusGroups: (options) => directory<StatusGroupRow>("status-groups", "statusGroups", options),
  };
}

interface Place {
  readonly path: string;
  readonly key: string;
}

async function listRows(
  read: ReadCrm,
  { path, key, filter }: Place & { readonly filter: object },
  { most = USUAL_MOST, ...options }: ListOptions,
): Promise<readonly JsonObject[]> {
  const written = writeFilter(filter);
  if (written === null) return [];
  const limit = LIMITS.find((size) => size >= most) ?? LARGEST_LIMIT;
  const rows = new Map<number, JsonObject>();
  for (let page = 1; rows.size < most; page++) {
    const query: [string, string][] = [...written, ["limit", String(limit)], ["page", String(page)]];
    const answer = await read(path, query, options);
    const known = rows.size;
    for (const row of rowsOf(answer[key])) if (typeof row.id === "number" && !rows.has(row.id)) rows.set(row.id, row);
    const pages = Number(objectOf(answer.pagination).totalPageCount ?? 1);
    // A page that brings nothing new would be followed by as many more.
    if (page >= pages || rows.size === known) break;
  }
  return [...rows.values()].slice(0, most);
}

/** `filter[numbers][]=4117A`, flags as 1 and 0. Null: nothing can match. */
function writeFilter(filter: object): [string, string][] | null {
  const written: [string, string][] = [];
  for (const [name, value] of Object.entries(filter) as [string, FilterValue | undefined][]) {
    if (value === undefined) continue;
    if (matchesNothing(value)) return null;
    if (Array.isArray(value)) for (const one of value) written.push([`filter[${name}][]`, String(one)]);
    else written.push([`filter[${name}]`, typeof value === "boolean" ? String(Number(value)) : String(value)]);
  }
  return written;
}

const matchesNothing = (value: FilterValue) =>
  Array.isArray(value) ? value.length === 0 : typeof value === "string" && value.trim() === "";

/** A directory's rows, each with the code it stands under. */
function directoryRows(map: Json | undefined): readonly JsonObject[] {
  return Object.entries(objectOf(map)).flatMap(([code, row]) => (isObject(row) ? [{ code, ...row }] : []));
}
