import type { Credentials } from "../../generated/crm-api.ts";

/** Rights of the API key without which the module can't be registered. */
export const NEEDED_SCOPES = ["integration_read", "integration_write"] as const;

/** Rights that a bot needs for orders, goods, people and hours; without them the rest works. Source: crm-api.md section 2. */
export const USEFUL_SCOPES = ["user_read", "reference_read", "customer_read", "order_read", "store_read"] as const;

/** Old keys carry no scopes but a list of method paths (crm-api.md section 2, rule of the official core). */
const METHOD_OF_SCOPE: Readonly<Record<string, string>> = {
  integration_read: "/api/integration-modules/{code}",
  integration_write: "/api/integration-modules/{code}/edit",
  user_read: "/api/users",
  order_read: "/api/orders",
  customer_read: "/api/customers",
  reference_read: "/api/reference/statuses",
  store_read: "/api/store/products",
};

/** Which of the wanted rights the key lacks. A key with `scopes` is judged by them; one without by its method paths. */
export function missingScopes(credentials: Credentials, wanted: readonly string[]): readonly string[] {
  const scopes = listOf(credentials.scopes);
  if (scopes.length > 0) return wanted.filter((scope) => !scopes.includes(scope));
  const methods = listOf(credentials.credentials);
  return wanted.filter((scope) => !methods.includes(METHOD_OF_SCOPE[scope] ?? scope));
}

/** An account may answer anything. */
const listOf = (value: readonly string[] | undefined) => (Array.isArray(value) ? value : []);
