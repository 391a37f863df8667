import type { Sentence } from "../types/issue.ts";
import type { Finding } from "./report.ts";

/** What can be wrong with declared variables and with what is put into them. */
export function duplicateVariable(name: string, first: string): Finding {
  return {
    code: "duplicate-variable",
    cause: {
      en: `The variable "${name}" is already declared (${first}).`,
      es: `La variable "${name}" ya está declarada (${first}).`,
      ru: `Переменная "${name}" уже объявлена (${first}).`,
    },
    fix: { en: "keep only one of them", es: "deje solo una", ru: "оставьте только одну" },
  };
}

/** What to write instead, by the type that was wanted; every value is a text or a list. */
const LITERALS: Readonly<Record<string, Sentence>> = {
  number: {
    en: "write a number, such as 3 or 2.5",
    es: "escriba un número, como 3 o 2.5",
    ru: "напишите число, например 3 или 2.5",
  },
  flag: { en: "write yes or no", es: "escriba sí o no", ru: "напишите да или нет" },
  date: {
    en: "write a date, such as 2026-11-20",
    es: "escriba una fecha, como 2026-11-20",
    ru: "напишите дату, например 2026-11-20",
  },
};

/** `value` is written out in the file, and nobody can read it as one of the type. */
export function neverOfType(name: string, type: string, value: string): Finding {
  return {
    code: "never-of-type",
    cause: {
      en: `"${name}" is declared as "${type}", and "${value}" is none.`,
      es: `"${name}" está declarada como "${type}", y "${value}" no lo es.`,
      ru: `"${name}" объявлена с типом "${type}", а "${value}" к нему не подходит.`,
    },
    fix: LITERALS[type] ?? null,
  };
}

/** `expect` is the kind of answer that the question takes. */
export function answerOfOtherType(name: string, type: string, expect: string): Finding {
  return {
    code: "answer-of-other-type",
    cause: {
      en: `"${name}" is declared as "${type}", and an answer to "expect: ${expect}" is none.`,
      es: `"${name}" está declarada como "${type}", y una respuesta a "expect: ${expect}" no lo es.`,
      ru: `"${name}" объявлена с типом "${type}", а ответ на "expect: ${expect}" к нему не подходит.`,
    },
    fix: {
      en: "save it under another name, or declare another type",
      es: "guárdelo con otro nombre, o declare otro tipo",
      ru: "сохраните его под другим именем или объявите другой тип",
    },
  };
}

const QUESTIONS: Readonly<Record<string, Sentence>> = {
  number: { en: "write expect: number", es: "escriba expect: number", ru: "напишите expect: number" },
  date: { en: "write expect: date", es: "escriba expect: date", ru: "напишите expect: date" },
  flag: { en: "give choices: [yes, no]", es: "dé choices: [sí, no]", ru: "дайте choices: [да, нет]" },
};

/** A warning: the question takes any words, the variable keeps few of them. */
export function anyAnswer(name: string, type: string): Finding {
  return {
    code: "any-answer",
    cause: {
      en: `This question takes any words, and "${name}", declared as "${type}", keeps only those that are one.`,
      es: `Esta pregunta admite cualquier palabra, y "${name}", declarada como "${type}", solo guarda las que lo son.`,
      ru: `Этот вопрос принимает любые слова, а "${name}" с типом "${type}" сохранит лишь подходящие.`,
    },
    fix: QUESTIONS[type] ?? null,
  };
}

/** Something is read behind a number, a flag, a date, or a text. */
export function nothingInside(name: string, type: string): Finding {
  return {
    code: "nothing-inside",
    cause: {
      en: `"${name}" is declared as "${type}" and has no further names in it.`,
      es: `"${name}" está declarada como "${type}" y no tiene más nombres dentro.`,
      ru: `"${name}" объявлена с типом "${type}", и других имён в ней нет.`,
    },
    fix: { en: `write ${name}`, es: `escriba ${name}`, ru: `напишите ${name}` },
  };
}
