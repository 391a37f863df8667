import { didYouMean, type Fault } from "../language/fault.ts";

/** What can be wrong with a file of tests whose shape is right. Causes are whole sentences; fixes begin small. */
export function unknownRule(name: string, suggestion: string | null): Fault {
  return {
    code: "test-unknown-rule",
    cause: {
      en: `There is no rule "${name}".`,
      es: `No hay ninguna regla "${name}".`,
      ru: `Правила "${name}" нет.`,
    },
    fix: didYouMean(suggestion),
  };
}

export function unknownTeam(name: string, suggestion: string | null): Fault {
  return {
    code: "test-unknown-team",
    cause: {
      en: `There is no team "${name}".`,
      es: `No hay ningún equipo "${name}".`,
      ru: `Команды "${name}" нет.`,
    },
    fix: didYouMean(suggestion),
  };
}

export function unknownReason(reason: string, suggestion: string | null, allowed: readonly string[]): Fault {
  const list = allowed.join(", ");
  return {
    code: "test-unknown-reason",
    cause: {
      en: `"${reason}" is no reason for which a rule does not act.`,
      es: `"${reason}" no es un motivo por el que una regla no actúe.`,
      ru: `"${reason}" — не причина, по которой правило не срабатывает.`,
    },
    fix: didYouMean(suggestion) ?? {
      en: `use one of: ${list}`,
      es: `use uno de: ${list}`,
      ru: `возможные значения: ${list}`,
    },
  };
}

export function badMoment(text: string): Fault {
  return {
    code: "test-bad-moment",
    cause: {
      en: `"${text}" is not a moment.`,
      es: `"${text}" no es un momento.`,
      ru: `"${text}" — не момент времени.`,
    },
    fix: {
      en: 'write it like "2026-11-20 12:55"',
      es: 'escríbalo como "2026-11-20 12:55"',
      ru: 'напишите его как "2026-11-20 12:55"',
    },
  };
}

export function badWait(text: string): Fault {
  return {
    code: "test-bad-wait",
    cause: {
      en: `"${text}" is not a span of time that can be waited for.`,
      es: `"${text}" no es un tiempo que se pueda esperar.`,
      ru: `"${text}" — не промежуток времени, который можно ждать.`,
    },
    fix: {
      en: "write it like 1h30m, at most 365d",
      es: "escríbalo como 1h30m, como mucho 365d",
      ru: "напишите его как 1h30m, не больше 365d",
    },
  };
}

export function duplicateTest(name: string): Fault {
  return {
    code: "test-duplicate",
    cause: {
      en: `Another test in this file is already called "${name}".`,
      es: `Otra prueba de este archivo ya se llama "${name}".`,
      ru: `Другой тест в этом файле уже называется "${name}".`,
    },
    fix: { en: "give this one another name", es: "dé otro nombre a esta", ru: "дайте этому другое имя" },
  };
}
