import { didYouMean } from "../language/fault.ts";
import type { Finding } from "./report.ts";

/** Every sentence about meaning that stops a rulebook or, where the caller says so, only warns. Causes are whole sentences;
 *  fixes stand after the underlined words and begin small. */
export function duplicateRule(name: string, first: string): Finding {
  return {
    code: "duplicate-rule",
    cause: {
      en: `Another rule is already called "${name}" (${first}).`,
      es: `Otra regla ya se llama "${name}" (${first}).`,
      ru: `Другое правило уже называется "${name}" (${first}).`,
    },
    fix: { en: "give this one another name", es: "dé otro nombre a esta", ru: "дайте этому другое имя" },
  };
}

export function duplicateId(id: string, first: string): Finding {
  return {
    code: "duplicate-id",
    cause: {
      en: `Another rule already has the id "${id}" (${first}).`,
      es: `Otra regla ya tiene el id "${id}" (${first}).`,
      ru: `У другого правила уже есть id "${id}" (${first}).`,
    },
    fix: { en: "give this one another id", es: "dé otro id a esta", ru: "дайте этому другой id" },
  };
}

export function duplicateTeam(name: string, first: string): Finding {
  return {
    code: "duplicate-team",
    cause: {
      en: `The team "${name}" is already described (${first}).`,
      es: `El equipo "${name}" ya está descrito (${first}).`,
      ru: `Команда "${name}" уже описана (${first}).`,
    },
    fix: { en: "keep one of the two", es: "deje uno de los dos", ru: "оставьте одну из двух" },
  };
}

export function emptyTeam(name: string): Finding {
  return {
    code: "empty-team",
    cause: {
      en: `Nobody is in the team "${name}".`,
      es: `No hay nadie en el equipo "${name}".`,
      ru: `В команде "${name}" никого нет.`,
    },
    fix: {
      en: "add people: or crm_group:",
      es: "añada people: o crm_group:",
      ru: "добавьте people: или crm_group:",
    },
  };
}

export function unknownCommand(name: string, near: string | null): Finding {
  return {
    code: "unknown-command",
    cause: {
      en: `There is no command "${name}".`,
      es: `No existe el comando "${name}".`,
      ru: `Нет команды "${name}".`,
    },
    fix: didYouMean(near) ?? {
      en: "declare it under commands:",
      es: "declárelo en commands:",
      ru: "объявите её в commands:",
    },
  };
}

export function unknownTeam(name: string, near: string | null): Finding {
  return {
    code: "unknown-team",
    cause: {
      en: `There is no team "${name}".`,
      es: `No existe el equipo "${name}".`,
      ru: `Нет команды "${name}".`,
    },
    fix: didYouMean(near) ?? {
      en: "declare it under teams:",
      es: "declárelo en teams:",
      ru: "объявите её в teams:",
    },
  };
}

/** A warning: only an account knows its people. */
export function nearTeam(name: string, team: string): Finding {
  return {
    code: "near-team",
    cause: {
      en: `There is no team "${name}", so it is read as the name of a person or a bot.`,
      es: `No existe el equipo "${name}", así que se toma como nombre de una persona o un bot.`,
      ru: `Нет команды "${name}", поэтому это читается как имя человека или бота.`,
    },
    fix: {
      en: `did you mean the team ${team}?`,
      es: `¿quería decir el equipo ${team}?`,
      ru: `возможно, имелась в виду команда ${team}?`,
    },
  };
}

export function badDuration(text: string): Finding {
  return {
    code: "bad-duration",
    cause: {
      en: `"${text}" is not a length of time.`,
      es: `"${text}" no es una duración.`,
      ru: `"${text}" — это не длительность.`,
    },
    fix: {
      en: "write whole numbers with s, m, h or d, such as 90s, 10m, 1h30m, 2d (at most 365d)",
      es: "escriba números enteros con s, m, h o d, como 90s, 10m, 1h30m, 2d (365d como máximo)",
      ru: "пишите целые числа с s, m, h или d, например 90s, 10m, 1h30m, 2d (не больше 365d)",
    },
  };
}

/** `0s` where only a time that passes makes sense. */
export function noTimeAtAll(key: string): Finding {
  return {
    code: "no-time-at-all",
    cause: {
      en: `"${key}" of no time at all would act at once.`,
      es: `"${key}" sin tiempo alguno actuaría al instante.`,
      ru: `"${key}" с нулевым временем сработает сразу же.`,
    },
    fix: {
      en: "write how long, such as 10m",
      es: "escriba cuánto tiempo, como 10m",
      ru: "напишите, сколько времени, например 10m",
    },
  };
}

export function needsChat(key: string, event: string): Finding {
  return {
    code: "needs-chat",
    cause: {
      en: `"${key}" needs a chat, and "${event}" happens outside of chats.`,
      es: `"${key}" necesita un chat, y "${event}" ocurre fuera de los chats.`,
      ru: `"${key}" требует чата, а "${event}" происходит вне чатов.`,
    },
    fix: {
      en: "remove it, or choose another event in when:",
      es: "quítelo o elija otro evento en when:",
      ru: "уберите это или выберите другое событие в when:",
    },
  };
}

/** A narrowing key beside an event that it can't narrow (`first` beside `dialog`). */
export function senseless(key: string, event: string): Finding {
  return {
    code: "senseless-key",
    cause: {
      en: `"${key}" means nothing beside "${event}".`,
      es: `"${key}" no significa nada junto a "${event}".`,
      ru: `"${key}" ничего не значит рядом с "${event}".`,
    },
    fix: { en: "remove it", es: "quítelo", ru: "уберите это" },
  };
}

export function firstIsOfCustomers(from: string): Finding {
  return {
    code: "first-of-customer",
    cause: {
      en: `"first" is about a customer's first message, so it never holds with "from: ${from}".`,
      es: `"first" se refiere al primer mensaje de un cliente, así que nunca se cumple con "from: ${from}".`,
      ru: `"first" говорит о первом сообщении клиента, поэтому с "from: ${from}" не выполняется никогда.`,
    },
    fix: { en: "remove one of the two", es: "quite uno de los dos", ru: "уберите одно из двух" },
  };
}

/** A schema-valid action that no file of `src/actions/` handles. */
export function unknownAction(names: readonly string[]): Finding {
  const quoted = names.map((name) => `"${name}"`).join(", ");
  return {
    code: "unknown-action",
    cause: {
      en: `I know no action here: ${quoted}.`,
      es: `No conozco ninguna acción aquí: ${quoted}.`,
      ru: `Здесь нет известного действия: ${quoted}.`,
    },
    fix: null,
  };
}
