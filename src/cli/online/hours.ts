import { isEverOpen } from "../../language/hours/hours.ts";
import type { Hours } from "../../types/hours.ts";
import type { Issue, Place, Sentence } from "../../types/issue.ts";
import type { Rule, Rulebook } from "../../types/rule.ts";

/** Are any hours taken from the account? */
export const needsAccountHours = ({ hours }: Pick<Rulebook, "hours">) => Object.values(hours).includes("crm");

/** Hours that are the account's own (`crm`), where the account has set none or does not tell them (null), as warnings at the first
 *  rule that asks for them. */
export function hoursWarnings({ hours, rules }: Rulebook, account: Hours | null): readonly Issue[] {
  if (account !== null && isEverOpen(account)) return [];
  const names = Object.keys(hours).filter((name) => hours[name] === "crm");
  return names.flatMap((name) => {
    const rule = rules.find((one) => asksFor(one, name));
    return rule === undefined ? [] : [warning(rule.place, account === null ? untold(name) : unset(name))];
  });
}

/** Conditions and texts read `hours.<name>.open` and the like, silences count by name. */
function asksFor({ parts, silence, do: steps }: Rule, name: string): boolean {
  return silence?.hours === name || JSON.stringify([parts, steps]).includes(`hours.${name}.`);
}

const unset = (name: string): Sentence => ({
  en: `The hours "${name}" are those of the account, and it has set none: they count as closed.`,
  es: `El horario "${name}" es el de la cuenta, que no tiene ninguno: cuenta como cerrado.`,
  ru: `Часы "${name}" берутся из аккаунта, а там они не заданы: считается, что закрыто.`,
});

const untold = (name: string): Sentence => ({
  en: `The hours "${name}" are those of the account, and the CRM does not tell them: they count as neither open nor closed.`,
  es: `El horario "${name}" es el de la cuenta, y el CRM no lo da: no cuenta como abierto ni como cerrado.`,
  ru: `Часы "${name}" берутся из аккаунта, а CRM их не сообщает: не считается ни что открыто, ни что закрыто.`,
});

function warning(place: Place, cause: Sentence): Issue {
  return {
    severity: "warning",
    code: "account-hours",
    place,
    length: 1,
    cause,
    fix: {
      en: "set working hours in the CRM, or write them under hours:",
      es: "ponga el horario en el CRM o escríbalo en hours:",
      ru: "задайте рабочее время в CRM или напишите его в hours:",
    },
  };
}
