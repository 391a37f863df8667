import { LOOK_UP_SCOPES } from "../../connection/look-up/look-up.ts";
import { LOOK_UP_KINDS } from "../../connection/look-up/request.ts";
import { missingScopes } from "../../connection/registering/scopes.ts";
import type { Credentials } from "../../generated/crm-api.ts";
import { everyStep } from "../../rulebook/steps.ts";
import type { Issue, Place, Sentence } from "../../types/issue.ts";
import type { Rule, Rulebook, Step, Team } from "../../types/rule.ts";

/** What the rules need and the API key may not do, as warnings: look-ups then find nothing, and teams by e-mail or group have
 *  nobody. A look-up of a flow is told once, with the first rule that runs it. */
export function missingRights(
  { rules, teams }: Pick<Rulebook, "rules" | "teams">,
  credentials: Credentials,
): readonly Issue[] {
  const lookUps = rules.flatMap((rule) =>
    everyStep(rule.do).flatMap((step) => ofLookUp(rule, step, credentials) ?? []),
  );
  const byPlace = new Map(lookUps.toReversed().map((issue) => [placeKey(issue.place), issue]));
  return [
    ...Object.values(teams).flatMap((team) => ofTeam(team, credentials) ?? []),
    ...[...byPlace.values()].toReversed(),
  ];
}

const placeKey = ({ file, line, column }: Place) => `${file}:${line}:${column}`;

function ofLookUp(rule: Rule, { action, args, place }: Step, credentials: Credentials): Issue | null {
  const { what } = (action === "look_up" ? args : {}) as { readonly what?: string };
  const kind = LOOK_UP_KINDS.find((known) => known === what);
  const missing = kind === undefined ? [] : missingScopes(credentials, LOOK_UP_SCOPES[kind]);
  if (kind === undefined || missing.length === 0) return null;
  const rights = missing.join(", ");
  return warning(place, "look_up".length, {
    en: `The API key lacks the rights that look_up: ${kind} needs in "${rule.name}": ${rights}.`,
    es: `A la clave de API le faltan los permisos que necesita look_up: ${kind} en "${rule.name}": ${rights}.`,
    ru: `У ключа API нет прав, нужных для look_up: ${kind} в правиле "${rule.name}": ${rights}.`,
  });
}

/** E-mails and groups of the staff are known to the CRM alone. */
const USER_READ = "user_read";

function ofTeam({ name, people, crmGroup, place }: Team, credentials: Credentials): Issue | null {
  const needed = crmGroup !== null || people.some((person) => person.includes("@"));
  if (!needed || missingScopes(credentials, [USER_READ]).length === 0) return null;
  return warning(place, 1, {
    en: `The API key lacks the right that e-mails and groups in the team "${name}" need: ${USER_READ}.`,
    es: `A la clave de API le falta el permiso que necesitan los correos y grupos del equipo "${name}": ${USER_READ}.`,
    ru: `У ключа API нет права, нужного для почты и групп в команде "${name}": ${USER_READ}.`,
  });
}

function warning(place: Place, length: number, cause: Sentence): Issue {
  return {
    severity: "warning",
    code: "missing-right",
    place,
    length,
    cause,
    fix: {
      en: "add them to the key in the CRM",
      es: "añádalos a la clave en el CRM",
      ru: "добавьте их ключу в CRM",
    },
  };
}
