import { didYouMean } from "../language/fault.ts";
import type { Finding } from "./report.ts";

/** What can be wrong with the names of opening hours and of own texts; `language/hours/hours-faults.ts` speaks of the times. */
export function duplicateHours(name: string, first: string): Finding {
  return {
    code: "duplicate-hours",
    cause: {
      en: `The hours "${name}" are already described (${first}).`,
      es: `El horario "${name}" ya está descrito (${first}).`,
      ru: `Часы "${name}" уже описаны (${first}).`,
    },
    fix: { en: "keep one of the two", es: "deje uno de los dos", ru: "оставьте одни из двух" },
  };
}

export function unknownHours(name: string, near: string | null): Finding {
  return {
    code: "unknown-hours",
    cause: {
      en: `There are no hours "${name}".`,
      es: `No existe el horario "${name}".`,
      ru: `Нет часов "${name}".`,
    },
    fix: didYouMean(near) ?? {
      en: "describe them under hours:",
      es: "descríbalo en hours:",
      ru: "опишите их в hours:",
    },
  };
}

export function duplicateText(name: string, first: string): Finding {
  return {
    code: "duplicate-text",
    cause: {
      en: `The text "${name}" is already given (${first}).`,
      es: `El texto "${name}" ya está dado (${first}).`,
      ru: `Текст "${name}" уже задан (${first}).`,
    },
    fix: { en: "keep only one of them", es: "deje solo uno", ru: "оставьте только один" },
  };
}
