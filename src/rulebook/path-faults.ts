import { didYouMean } from "../language/fault.ts";
import type { Sentence } from "../types/issue.ts";
import type { Finding } from "./report.ts";

const ELSEWHERE: Sentence = {
  en: "read another name, or move this to a rule for another event",
  es: "lea otro nombre, o lleve esto a una regla para otro evento",
  ru: "возьмите другое имя или перенесите это в правило для другого события",
};

function knownHere(names: readonly string[]): Sentence {
  const all = names.join(", ");
  return { en: `known here: ${all}`, es: `aquí se conocen: ${all}`, ru: `здесь возможны: ${all}` };
}

/** A name that rules for this event never see. `beside` are the names of its group, if there is one. */
export function unknownPath(path: string, event: string, near: string | null, beside: readonly string[]): Finding {
  return {
    code: "unknown-path",
    cause: {
      en: `A rule for "${event}" can't read "${path}".`,
      es: `Una regla para "${event}" no puede leer "${path}".`,
      ru: `Правило для "${event}" не может читать "${path}".`,
    },
    fix: didYouMean(near) ?? (beside.length > 0 ? knownHere(beside) : ELSEWHERE),
  };
}

/** A further name under `dialog.`, `customer.` or `chat.` that no `set:` of the rulebook stores. */
export function neverStored(path: string, near: string | null): Finding {
  return {
    code: "never-stored",
    cause: {
      en: `No rule stores "${path}".`,
      es: `Ninguna regla guarda "${path}".`,
      ru: `Ни одно правило не сохраняет "${path}".`,
    },
    fix: didYouMean(near) ?? {
      en: "store it with set: in some rule",
      es: "guárdelo con set: en alguna regla",
      ru: "сохраните его через set: в каком-нибудь правиле",
    },
  };
}

/** `set:` of a name that is always filled from the event. */
export function builtInName(path: string, free: string): Finding {
  return {
    code: "built-in-name",
    cause: {
      en: `"${path}" comes from the service and can't be set.`,
      es: `"${path}" viene del servicio y no se puede guardar.`,
      ru: `"${path}" приходит из сервиса, сохранить его нельзя.`,
    },
    fix: {
      en: `choose another name, such as ${free}`,
      es: `elija otro nombre, como ${free}`,
      ru: `выберите другое имя, например ${free}`,
    },
  };
}

export function noPattern(path: string): Finding {
  return {
    code: "no-pattern",
    cause: {
      en: `"${path}" is filled by message_matches, which this rule does not have.`,
      es: `"${path}" lo rellena message_matches, que esta regla no tiene.`,
      ru: `"${path}" заполняет message_matches, а его в этом правиле нет.`,
    },
    fix: {
      en: "write message_matches: in when:, with a group such as (?P<number>[0-9]+)",
      es: "escriba message_matches: en when:, con un grupo como (?P<number>[0-9]+)",
      ru: "напишите message_matches: в when: с группой, например (?P<number>[0-9]+)",
    },
  };
}

export function noGroup(name: string, near: string | null): Finding {
  return {
    code: "no-group",
    cause: {
      en: `The pattern has no group named "${name}".`,
      es: `El patrón no tiene un grupo llamado "${name}".`,
      ru: `В шаблоне нет группы с именем "${name}".`,
    },
    fix: didYouMean(near && `match.${near}`) ?? {
      en: `name it in the pattern: (?P<${name}>...)`,
      es: `déle nombre en el patrón: (?P<${name}>...)`,
      ru: `назовите её в шаблоне: (?P<${name}>...)`,
    },
  };
}

/** A warning: the text would have a hole in it. */
export function maybeEmpty(path: string): Finding {
  return {
    code: "maybe-empty",
    cause: {
      en: `"${path}" may be empty.`,
      es: `"${path}" puede estar vacío.`,
      ru: `"${path}" может быть пустым.`,
    },
    fix: {
      en: `say what to write then: {{ ${path} or "..." }}`,
      es: `diga qué escribir entonces: {{ ${path} or "..." }}`,
      ru: `скажите, что писать тогда: {{ ${path} or "..." }}`,
    },
  };
}

/** A warning: a group such as `customer` has no text of its own. */
export function wholeGroup(path: string, example: string): Finding {
  return {
    code: "whole-group",
    cause: {
      en: `"${path}" is a group of names and has no text of its own.`,
      es: `"${path}" es un grupo de nombres y no tiene texto propio.`,
      ru: `"${path}" — это группа имён, своего текста у неё нет.`,
    },
    fix: { en: `name one of them: ${example}`, es: `nombre uno: ${example}`, ru: `назовите одно: ${example}` },
  };
}
