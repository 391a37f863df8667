import type { RE2JSSyntaxException } from "re2js";
import type { Sentence } from "../../types/issue.ts";
import type { Fault } from "../fault.ts";

const LOOK_AROUND = /\(\?<?[=!]/u;
const REFERENCE_BACK = /\\(?:[1-9]|k[<{'])/u;

/** RE2's words -> ours. RE2 has few of them; a new one is quoted as it is. */
const CAUSES: Readonly<Record<string, Sentence>> = {
  "missing closing )": {
    en: "A bracket ( is never closed in this pattern.",
    es: "Falta cerrar un paréntesis ( en este patrón.",
    ru: "В этом шаблоне поиска не закрыта скобка (.",
  },
  "unexpected )": {
    en: "A bracket ) closes nothing in this pattern.",
    es: "Un paréntesis ) no cierra nada en este patrón.",
    ru: "В этом шаблоне поиска лишняя закрывающая скобка ).",
  },
  "missing closing ]": {
    en: "A bracket [ is never closed in this pattern.",
    es: "Falta cerrar un corchete [ en este patrón.",
    ru: "В этом шаблоне поиска не закрыта скобка [.",
  },
  "trailing backslash at end of expression": {
    en: "This pattern ends with a backslash.",
    es: "Este patrón termina con una barra invertida.",
    ru: "Этот шаблон поиска заканчивается обратной косой чертой.",
  },
  "missing argument to repetition operator": {
    en: "There is nothing before a repeat sign (*, + or ?) of this pattern.",
    es: "No hay nada delante de un signo de repetición (*, + o ?) de este patrón.",
    ru: "Перед знаком повтора (*, + или ?) в этом шаблоне поиска ничего нет.",
  },
  "invalid repeat count": {
    en: "A repeat count of this pattern is too large.",
    es: "Un número de repeticiones de este patrón es demasiado grande.",
    ru: "Число повторов в этом шаблоне поиска слишком велико.",
  },
  "expression too large": {
    en: "This pattern is too large: its repeats multiply.",
    es: "Este patrón es demasiado grande: sus repeticiones se multiplican.",
    ru: "Этот шаблон поиска слишком велик: повторы в нём умножаются.",
  },
  "duplicate capture group name": {
    en: "Two groups of this pattern have the same name.",
    es: "Dos grupos de este patrón tienen el mismo nombre.",
    ru: "Две группы этого шаблона поиска названы одинаково.",
  },
  "invalid named capture": {
    en: "The name of a group is not valid in this pattern.",
    es: "El nombre de un grupo no es válido en este patrón.",
    ru: "Имя группы в этом шаблоне поиска недопустимо.",
  },
};

/** RE2's refusal as a fault that people can act on. */
export function explainPattern(source: string, refusal: RE2JSSyntaxException): Fault {
  if (LOOK_AROUND.test(source)) return unsupported("look-ahead or look-behind");
  if (REFERENCE_BACK.test(source)) return unsupported("\\1");
  const detail = refusal.message.replace(/^error parsing regexp: /u, "").replaceAll("(?i)", "");
  return { code: "pattern-invalid", cause: CAUSES[String(refusal.error)] ?? quoted(detail), fix: null };
}

function unsupported(what: string): Fault {
  return {
    code: "pattern-unsupported",
    cause: {
      en: `Patterns here cannot use ${what}.`,
      es: `Aquí los patrones no pueden usar ${what === "\\1" ? what : "búsqueda hacia delante o hacia atrás"}.`,
      ru: `Здесь в шаблонах поиска нельзя использовать ${what === "\\1" ? what : "просмотр вперёд или назад"}.`,
    },
    fix: {
      en: "write the pattern without it, or use two rules",
      es: "escriba el patrón sin eso, o use dos reglas",
      ru: "напишите шаблон без этого или сделайте два правила",
    },
  };
}

function quoted(detail: string): Sentence {
  return {
    en: `This pattern is not valid: ${detail}.`,
    es: `Este patrón no es válido: ${detail}.`,
    ru: `Этот шаблон поиска неверен: ${detail}.`,
  };
}
