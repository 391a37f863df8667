import type { ApiError } from "../../api/errors.ts";
import type { ConnectRefusal } from "../types.ts";

/** A failed request to an account that is being connected, as what it means to whoever fills in the form. Decided by status first, by
 *  the words second (crm-api.md, "Errors"): the CRM's texts are not constant. */
export function refusalOfError(error: ApiError): ConnectRefusal {
  const { kind, status, errors } = error;
  if (errors.some((line) => /account does not exist/i.test(line))) return { why: "no_such_account" };
  if (isRedirect(status)) return { why: "moved", where: error.movedTo };
  switch (kind) {
    case "refused":
      // A firewall's page is no word of the CRM.
      return errors.length > 0 ? { why: "wrong_key" } : { why: "not_a_crm" };
    case "limited":
      return { why: "too_busy" };
    case "unavailable":
      return { why: "unreachable", detail: detailOf(error) };
    case "not_json":
      return status === 405 ? { why: "no_such_account" } : { why: "not_a_crm" };
    case "not_found":
      return errors.some((line) => /method not found/i.test(line)) ? { why: "old_version" } : { why: "not_a_crm" };
    case "bad_request":
      return errors.length > 0 ? { why: "module", words: errors } : { why: "not_a_crm" };
  }
}

const isRedirect = (status: number | null) => status !== null && status >= 300 && status < 400;

/** Without the method and address, which the reader knows. */
const detailOf = ({ status, message }: ApiError) =>
  status === null ? message.replace(/^\S+ \S+ (failed: )?/, "") : `HTTP ${status}`;
