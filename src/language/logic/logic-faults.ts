import type { Sentence } from "../../types/issue.ts";
import { didYouMean, type Fault } from "../fault.ts";
import { suggest } from "../names.ts";
import { OPERATORS, type Operator } from "./operators.ts";

/** An object that is not exactly one operation. */
export function notOneOperator(keys: readonly string[]): Fault {
  const named = keys.length === 0 ? "{}" : keys.join(", ");
  return {
    code: "logic-shape",
    cause: {
      en: `An expression has exactly one operator; here I see: ${named}.`,
      es: `Una expresión tiene exactamente un operador; aquí veo: ${named}.`,
      ru: `В выражении ровно один оператор, а здесь: ${named}.`,
    },
    fix: {
      en: 'put several ones into a list: {"and": [{...}, {...}]}',
      es: 'ponga varios en una lista: {"and": [{...}, {...}]}',
      ru: 'несколько выражений соберите в список: {"and": [{...}, {...}]}',
    },
  };
}

export function unknownOperator(operator: string): Fault {
  const names = Object.keys(OPERATORS);
  return {
    code: "logic-operator",
    cause: {
      en: `I do not know the operator "${operator}".`,
      es: `No conozco el operador "${operator}".`,
      ru: `Я не знаю оператора "${operator}".`,
    },
    fix: didYouMean(suggest(operator, names)) ?? allowed(names.join(" ")),
  };
}

export function operandCount(operator: string, { min, max }: Operator, found: number): Fault {
  const wanted = max === min ? `${min}` : max === Number.POSITIVE_INFINITY ? `${min}+` : `${min}-${max}`;
  return {
    code: "logic-operands",
    cause: {
      en: `The operator "${operator}" takes ${wanted} values, but here are ${found}.`,
      es: `El operador "${operator}" lleva ${wanted} valores, pero aquí hay ${found}.`,
      ru: `Оператору "${operator}" нужно значений: ${wanted}, а здесь: ${found}.`,
    },
    fix: null,
  };
}

export function tooDeep(limit: number): Fault {
  return {
    code: "logic-depth",
    cause: {
      en: `This condition is nested deeper than ${limit} levels.`,
      es: `Esta condición tiene más de ${limit} niveles.`,
      ru: `В этом условии больше ${limit} уровней вложенности.`,
    },
    fix: null,
  };
}

export function tooLarge(limit: number): Fault {
  return {
    code: "logic-size",
    cause: {
      en: `This condition has more than ${limit} parts.`,
      es: `Esta condición tiene más de ${limit} partes.`,
      ru: `В этом условии больше ${limit} частей.`,
    },
    fix: null,
  };
}

export function listsTooDeep(limit: number): Fault {
  return {
    code: "logic-depth",
    cause: {
      en: `Tests of lists (filter, all, some, none) may stand inside each other ${limit} deep only.`,
      es: `Las pruebas de listas (filter, all, some, none) solo pueden anidarse hasta ${limit} niveles.`,
      ru: `Проверки списков (filter, all, some, none) можно вкладывать не глубже ${limit} уровней.`,
    },
    fix: null,
  };
}

export function pathNotText(operator: string): Fault {
  return {
    code: "logic-path",
    cause: {
      en: `"${operator}" needs a path written as text, such as dialog.team.`,
      es: `"${operator}" necesita una ruta escrita como texto, por ejemplo dialog.team.`,
      ru: `Для "${operator}" нужен путь, записанный текстом, например dialog.team.`,
    },
    fix: null,
  };
}

export function notLiteral(operator: string): Fault {
  return {
    code: "logic-literal",
    cause: {
      en: `The second value of "${operator}" must be written out as text.`,
      es: `El segundo valor de "${operator}" debe estar escrito como texto.`,
      ru: `Второе значение для "${operator}" должно быть написано текстом.`,
    },
    fix: null,
  };
}

export function withoutWords(phrase: string): Fault {
  return {
    code: "phrase-without-words",
    cause: {
      en: `"${phrase}" has no words in it, so no message can have it.`,
      es: `"${phrase}" no contiene palabras, así que ningún mensaje puede tenerlo.`,
      ru: `В "${phrase}" нет слов, поэтому ни одно сообщение не подойдёт.`,
    },
    fix: {
      en: "punctuation is ignored here; message_matches can look for it",
      es: "aquí se ignora la puntuación; message_matches puede buscarla",
      ru: "знаки препинания здесь не учитываются; их можно искать через message_matches",
    },
  };
}

function allowed(names: string): Sentence {
  return { en: `use one of: ${names}`, es: `use uno de: ${names}`, ru: `используйте одно из: ${names}` };
}
