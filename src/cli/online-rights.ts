import { LOOK_UP_SCOPES } from "../connection/look-up/look-up.ts";
import { LOOK_UP_KINDS } from "../connection/look-up/request.ts";
import { missingScopes } from "../connection/registering/scopes.ts";
import type { Credentials } from "../generated/crm-api.ts";
import type { Issue } from "../types/issue.ts";
import type { Rulebook, Step } from "../types/rule.ts";

/** Look-ups whose rights the API key lacks, as warnings: at run time they find nothing. */
export function missingRights({ rules }: Pick<Rulebook, "rules">, credentials: Credentials): readonly Issue[] {
  return rules.flatMap((rule) => lookUps(rule.do)).flatMap((step) => warning(step, credentials) ?? []);
}

function lookUps(steps: readonly Step[]): readonly Step[] {
  return steps.flatMap((step) => {
    const inner = Object.values(step.branches).flatMap(lookUps);
    return step.action === "look_up" ? [step, ...inner] : inner;
  });
}

function warning({ args, place }: Step, credentials: Credentials): Issue | null {
  const { what } = args as { readonly what?: string };
  const kind = LOOK_UP_KINDS.find((known) => known === what);
  const missing = kind === undefined ? [] : missingScopes(credentials, LOOK_UP_SCOPES[kind]);
  if (kind === undefined || missing.length === 0) return null;
  const rights = missing.join(", ");
  return {
    severity: "warning",
    code: "missing-right",
    place,
    length: "look_up".length,
    cause: {
      en: `The API key lacks the rights that look_up: ${kind} needs: ${rights}.`,
      es: `A la clave de API le faltan los permisos que necesita look_up: ${kind}: ${rights}.`,
      ru: `У API-ключа нет прав, нужных для look_up: ${kind}: ${rights}.`,
    },
    fix: {
      en: "add them to the key in the CRM",
      es: "añádalos a la clave en el CRM",
      ru: "добавьте их ключу в CRM",
    },
  };
}
