import type { Finding } from "./report.ts";

/** What can be wrong with a question, its shape being right. */
export function askedByStaff(action: string, event: string): Finding {
  return {
    code: "asked-by-staff",
    cause: {
      en: `"${action}" waits for a customer's answer, but "${event}" is the staff's doing.`,
      es: `"${action}" espera la respuesta de un cliente, pero "${event}" es cosa del personal.`,
      ru: `"${action}" ждёт ответа клиента, но "${event}" — это действие сотрудника.`,
    },
    fix: {
      en: "ask in a rule for a customer's message",
      es: "pregunte en una regla para mensajes del cliente",
      ru: "спрашивайте в правиле для сообщений клиента",
    },
  };
}

export function noChoices(expect: string): Finding {
  return {
    code: "no-choices",
    cause: {
      en: `"${expect}" needs the answers to choose from.`,
      es: `"${expect}" necesita las respuestas entre las que elegir.`,
      ru: `Для "${expect}" нужны варианты ответа.`,
    },
    fix: {
      en: "add choices: with the answers below it",
      es: "añada choices: con las respuestas debajo",
      ru: "добавьте choices: и ответы под ним",
    },
  };
}

/** A choice that the question would ask again about. */
export function choiceNotTaken(title: string, expect: string): Finding {
  return {
    code: "choice-not-taken",
    cause: {
      en: `"expect: ${expect}" does not take "${title}" as an answer.`,
      es: `"expect: ${expect}" no admite "${title}" como respuesta.`,
      ru: `"expect: ${expect}" не примет "${title}" как ответ.`,
    },
    fix: {
      en: "remove expect: to have one of the choices, or change the choice",
      es: "quite expect: para que valgan las opciones, o cambie la opción",
      ru: "уберите expect:, чтобы годились варианты, или измените вариант",
    },
  };
}

export function noQuestion(path: string): Finding {
  return {
    code: "no-question",
    cause: {
      en: `"${path}" is filled by ask, which this rule does not have.`,
      es: `"${path}" lo rellena ask, que esta regla no tiene.`,
      ru: `"${path}" заполняет ask, а его в этом правиле нет.`,
    },
    fix: {
      en: "put ask: before it",
      es: "ponga antes ask:",
      ru: "поставьте перед этим ask:",
    },
  };
}
