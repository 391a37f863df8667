import { LOOK_UP_SCOPES } from "../../connection/look-up/look-up.ts";
import { LOOK_UP_KINDS } from "../../connection/look-up/request.ts";
import { everyStep } from "../../rulebook/steps.ts";
import type { Rule, Rulebook, Step, Team } from "../../types/rule.ts";

/** Rights of the API key that these rules need, beyond those for registering: for their look-ups, and for teams that name people by e-mail
 *  or group, which only the CRM knows. Each once, in order of the alphabet. */
export function neededRights({ rules, teams }: Pick<Rulebook, "rules" | "teams">): readonly string[] {
  const ofTeams = Object.values(teams).some(needsUsers) ? ["user_read"] : [];
  return [...new Set([...lookUpRights(rules), ...ofTeams])].sort();
}

const needsUsers = ({ crmGroup, people }: Team) => crmGroup !== null || people.some((person) => person.includes("@"));

/** A thousand accounts share their rules. */
const known = new WeakMap<readonly Rule[], readonly string[]>();

function lookUpRights(rules: readonly Rule[]): readonly string[] {
  const found = known.get(rules) ?? rules.flatMap((rule) => everyStep(rule.do).flatMap(rightsOf));
  known.set(rules, found);
  return found;
}

function rightsOf({ action, args }: Step): readonly string[] {
  const { what } = (action === "look_up" ? args : {}) as { readonly what?: string };
  const kind = LOOK_UP_KINDS.find((one) => one === what);
  return kind === undefined ? [] : LOOK_UP_SCOPES[kind];
}
