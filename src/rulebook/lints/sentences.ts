import { didYouMean } from "../../language/fault.ts";
import type { Finding } from "../report.ts";

/** What the lints say. All of these are warnings. */
export function neverAnswers(rule: string, earlier: string, where: string): Finding {
  return {
    code: "never-answers",
    cause: {
      en: `"${rule}" can never answer: "${earlier}" (${where}) always answers first.`,
      es: `"${rule}" nunca puede responder: "${earlier}" (${where}) siempre responde antes.`,
      ru: `"${rule}" никогда не ответит: "${earlier}" (${where}) всегда отвечает раньше.`,
    },
    fix: {
      en: "put this rule above it, or write continue: yes there",
      es: "ponga esta regla encima, o escriba continue: yes allí",
      ru: "поставьте это правило выше или напишите там continue: yes",
    },
  };
}

export function sameMatches(rule: string, earlier: string, where: string): Finding {
  return {
    code: "same-match",
    cause: {
      en: `"${rule}" and "${earlier}" (${where}) wait for the very same thing.`,
      es: `"${rule}" y "${earlier}" (${where}) esperan exactamente lo mismo.`,
      ru: `"${rule}" и "${earlier}" (${where}) ждут одного и того же.`,
    },
    fix: { en: "make one rule of the two", es: "haga una sola regla de las dos", ru: "сделайте из двух правил одно" },
  };
}

export function answersBots(rule: string): Finding {
  return {
    code: "answers-bots",
    cause: {
      en: `"${rule}" answers other bots, and two bots can keep each other talking.`,
      es: `"${rule}" responde a otros bots, y dos bots pueden hacerse hablar sin fin.`,
      ru: `"${rule}" отвечает другим ботам, а два бота могут говорить без конца.`,
    },
    fix: {
      en: "write from: customer, or limit it with again_after:",
      es: "escriba from: customer, o limítela con again_after:",
      ru: "напишите from: customer или ограничьте через again_after:",
    },
  };
}

export function startsItself(rule: string, action: string, event: string): Finding {
  return {
    code: "starts-itself",
    cause: {
      en: `"${rule}" can start itself again: "${action}" leads to "${event}".`,
      es: `"${rule}" puede volver a iniciarse: "${action}" lleva a "${event}".`,
      ru: `"${rule}" может запустить само себя: "${action}" ведёт к "${event}".`,
    },
    fix: {
      en: "limit it with once_per:, again_after: or an if: about the dialog",
      es: "limítela con once_per:, again_after: o un if: sobre el diálogo",
      ru: "ограничьте его через once_per:, again_after: или if: о диалоге",
    },
  };
}

export function unhandledButton(title: string): Finding {
  return {
    code: "unhandled-button",
    cause: {
      en: `No rule answers the button "${title}".`,
      es: `Ninguna regla responde al botón "${title}".`,
      ru: `Ни одно правило не отвечает на кнопку "${title}".`,
    },
    fix: {
      en: "add a rule with message_is: and this title",
      es: "añada una regla con message_is: y este título",
      ru: "добавьте правило с message_is: и этим названием",
    },
  };
}

export function noButtons(channelType: string): Finding {
  return {
    code: "no-buttons",
    cause: {
      en: `${channelType} shows no buttons: customers get a numbered list.`,
      es: `${channelType} no muestra botones: los clientes reciben una lista numerada.`,
      ru: `${channelType} не показывает кнопки: клиенты получат нумерованный список.`,
    },
    fix: null,
  };
}

export function noEditing(channelType: string): Finding {
  return {
    code: "no-editing",
    cause: {
      en: `${channelType} can't change a message that was sent, so "edit" does nothing there.`,
      es: `${channelType} no puede cambiar un mensaje enviado, así que "edit" no hace nada allí.`,
      ru: `${channelType} не меняет отправленные сообщения, поэтому "edit" там ничего не делает.`,
    },
    fix: { en: "send a new reply:", es: "envíe un nuevo reply:", ru: "отправьте новый reply:" },
  };
}

export function unusedTeam(name: string): Finding {
  return {
    code: "unused-team",
    cause: {
      en: `No rule uses the team "${name}".`,
      es: `Ninguna regla usa el equipo "${name}".`,
      ru: `Ни одно правило не использует команду "${name}".`,
    },
    fix: null,
  };
}

export function unusedCommand(name: string): Finding {
  return {
    code: "unused-command",
    cause: {
      en: `No rule answers the command "${name}".`,
      es: `Ninguna regla responde al comando "${name}".`,
      ru: `Ни одно правило не отвечает на команду "${name}".`,
    },
    fix: {
      en: `add a rule with when: {command: ${name}}, or remove it`,
      es: `añada una regla con when: {command: ${name}}, o quítelo`,
      ru: `добавьте правило с when: {command: ${name}} или уберите её`,
    },
  };
}

export function unusedFlow(name: string): Finding {
  return {
    code: "unused-flow",
    cause: {
      en: `No rule runs the flow "${name}".`,
      es: `Ninguna regla ejecuta el flujo "${name}".`,
      ru: `Ни одно правило не запускает сценарий "${name}".`,
    },
    fix: null,
  };
}

export function unusedHours(name: string): Finding {
  return {
    code: "unused-hours",
    cause: {
      en: `No rule uses the hours "${name}".`,
      es: `Ninguna regla usa el horario "${name}".`,
      ru: `Ни одно правило не использует часы "${name}".`,
    },
    fix: null,
  };
}

export function unusedText(name: string, near: string | null): Finding {
  return {
    code: "unused-text",
    cause: {
      en: `The bot never says a text "${name}".`,
      es: `El bot nunca dice un texto "${name}".`,
      ru: `Бот никогда не говорит текст "${name}".`,
    },
    fix: didYouMean(near),
  };
}

/** `languages` are codes with commas between. */
export function missingLanguage(languages: string): Finding {
  return {
    code: "missing-language",
    cause: {
      en: `This text is not there in "${languages}".`,
      es: `Este texto no está en "${languages}".`,
      ru: `Этого текста нет на "${languages}".`,
    },
    fix: {
      en: "add a line for each language",
      es: "añada una línea por idioma",
      ru: "добавьте строку для каждого языка",
    },
  };
}

export function onlyHere(language: string): Finding {
  return {
    code: "only-here",
    cause: {
      en: `No other text is there in "${language}".`,
      es: `Ningún otro texto está en "${language}".`,
      ru: `Других текстов на "${language}" нет.`,
    },
    fix: {
      en: "check the code of the language, or translate the others too",
      es: "compruebe el código del idioma, o traduzca también los demás",
      ru: "проверьте код языка или переведите и остальные",
    },
  };
}

export function neverTogether(first: string, second: string): Finding {
  return {
    code: "never-holds",
    cause: {
      en: `"${first}" and "${second}" never hold together.`,
      es: `"${first}" y "${second}" nunca se cumplen a la vez.`,
      ru: `"${first}" и "${second}" никогда не выполняются вместе.`,
    },
    fix: { en: "remove one, or use any:", es: "quite una, o use any:", ru: "уберите одно или используйте any:" },
  };
}

export function neverHolds(key: string): Finding {
  return {
    code: "never-holds",
    cause: {
      en: `"${key}" without anything in it never holds.`,
      es: `"${key}" sin nada dentro nunca se cumple.`,
      ru: `"${key}" без содержимого никогда не выполняется.`,
    },
    fix: { en: "fill it or remove it", es: "rellénelo o quítelo", ru: "заполните или уберите" },
  };
}

export function unusedVariable(name: string): Finding {
  return {
    code: "unused-variable",
    cause: {
      en: `No rule uses the variable "${name}".`,
      es: `Ninguna regla usa la variable "${name}".`,
      ru: `Ни одно правило не использует переменную "${name}".`,
    },
    fix: null,
  };
}

export function neverSet(name: string): Finding {
  return {
    code: "never-set",
    cause: {
      en: `The variable "${name}" is always empty: no rule stores it.`,
      es: `La variable "${name}" está siempre vacía: ninguna regla la guarda.`,
      ru: `Переменная "${name}" всегда пуста: ни одно правило её не сохраняет.`,
    },
    fix: {
      en: "store it with set: or save: in some rule",
      es: "guárdela con set: o save: en alguna regla",
      ru: "сохраните её через set: или save: в каком-нибудь правиле",
    },
  };
}

export function neverRead(name: string): Finding {
  return {
    code: "never-read",
    cause: {
      en: `The variable "${name}" is stored, but nothing reads it.`,
      es: `La variable "${name}" se guarda, pero nada la lee.`,
      ru: `Переменная "${name}" сохраняется, но её ничто не читает.`,
    },
    fix: null,
  };
}

/** `key` is `more_than` or `less_than`; `value` is written out and no number. */
export function comparedWithWords(key: string, value: string): Finding {
  return {
    code: "compared-with-words",
    cause: {
      en: `"${key}" compares numbers, and "${value}" is none: it never holds.`,
      es: `"${key}" compara números, y "${value}" no lo es: nunca se cumple.`,
      ru: `"${key}" сравнивает числа, а "${value}" не число: это никогда не выполняется.`,
    },
    fix: {
      en: "write a number, such as 3 or 2.5",
      es: "escriba un número, como 3 o 2.5",
      ru: "напишите число, например 3 или 2.5",
    },
  };
}

/** `key` is `more_than` or `less_than`, which hold for numbers alone. */
export function comparedAsNumber(key: string, name: string, type: string): Finding {
  return {
    code: "compared-as-number",
    cause: {
      en: `"${key}" compares numbers, and "${name}" is declared as "${type}".`,
      es: `"${key}" compara números, y "${name}" está declarada como "${type}".`,
      ru: `"${key}" сравнивает числа, а "${name}" объявлена с типом "${type}".`,
    },
    fix: {
      en: "declare it as number, or ask in another way, such as is:",
      es: "declárela como number, o pregunte de otro modo, como is:",
      ru: "объявите её с типом number или спросите иначе, например через is:",
    },
  };
}
