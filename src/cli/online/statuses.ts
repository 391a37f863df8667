import { didYouMean } from "../../language/fault.ts";
import { sameName, suggest } from "../../language/names.ts";
import { conditionsIn, namesComparedWith } from "../../rulebook/account-names.ts";
import type { Issue, Place } from "../../types/issue.ts";
import type { Rulebook } from "../../types/rule.ts";

/** One status of orders, as the account calls it. */
export interface OrderStatus {
  readonly code: string;
  readonly name: string;
  readonly group: string;
}

interface UsedStatus {
  readonly value: string;
  readonly part: keyof OrderStatus;
  readonly place: Place;
}

const PARTS: readonly (keyof OrderStatus)[] = ["code", "name", "group"];

/** Does any condition ask for the status of an order by its code, name or group? */
export const needsStatuses = (rulebook: Rulebook) => statusesUsed(rulebook).length > 0;

/** Statuses of orders that conditions ask for and the account does not have, as warnings. */
export function statusWarnings(rulebook: Rulebook, account: readonly OrderStatus[]): readonly Issue[] {
  const unknown = statusesUsed(rulebook).filter(
    ({ value, part }) => !account.some((status) => sameName(status[part], value)),
  );
  const byPlace = new Map(unknown.map((used) => [JSON.stringify(used), used]));
  return [...byPlace.values()].map((used) => warning(used, account));
}

function statusesUsed({ rules }: Rulebook): readonly UsedStatus[] {
  return rules.flatMap((rule) =>
    conditionsIn(rule).flatMap(({ logic, place }) =>
      PARTS.flatMap((part) =>
        namesComparedWith(`order.status.${part}`, logic).map((value) => ({ value, part, place })),
      ),
    ),
  );
}

function warning({ value, part, place }: UsedStatus, account: readonly OrderStatus[]): Issue {
  const known = [...new Set(account.map((status) => status[part]))];
  return {
    severity: "warning",
    code: "unknown-status",
    place,
    length: 1,
    cause: {
      en: `The account has no order status with the ${part} "${value}".`,
      es: `La cuenta no tiene ningún estado de pedido con ${part} "${value}".`,
      ru: `В аккаунте нет статуса заказа, у которого ${part} "${value}".`,
    },
    fix: didYouMean(suggest(value, known)),
  };
}
