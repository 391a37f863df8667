import type { Finding } from "./report.ts";

/** What can be wrong with `gather`, the pause in which more messages of a customer are waited for. */
export function gathersNoMessages(event: string): Finding {
  return {
    code: "gathers-no-messages",
    cause: {
      en: `"gather" waits for more messages of a customer, so it means nothing beside "${event}".`,
      es: `"gather" espera más mensajes de un cliente, así que no significa nada junto a "${event}".`,
      ru: `"gather" ждёт новых сообщений клиента, поэтому рядом с "${event}" ничего не значит.`,
    },
    fix: {
      en: "remove it, or choose message, message_has, message_is or message_matches in when:",
      es: "quítelo o elija message, message_has, message_is o message_matches en when:",
      ru: "уберите это или выберите message, message_has, message_is или message_matches в when:",
    },
  };
}

/** A rule for the words of someone who is never kept waiting. */
export function gathersOfOthers(from: string): Finding {
  return {
    code: "gathers-of-others",
    cause: {
      en: `"gather" waits for more messages of a customer, so it does nothing with "from: ${from}".`,
      es: `"gather" espera más mensajes de un cliente, así que no hace nada con "from: ${from}".`,
      ru: `"gather" ждёт новых сообщений клиента, поэтому с "from: ${from}" ничего не делает.`,
    },
    fix: { en: "remove it", es: "quítelo", ru: "уберите это" },
  };
}

/** A warning: the answers are decided, but none may be sent any more. */
export function gathersTooLong(pause: string): Finding {
  return {
    code: "gathers-too-long",
    cause: {
      en: `After "${pause}" an answer is too old to be sent (bot.answer_within).`,
      es: `Tras "${pause}" una respuesta es demasiado antigua para enviarse (bot.answer_within).`,
      ru: `Через "${pause}" ответ слишком стар, чтобы его отправить (bot.answer_within).`,
    },
    fix: {
      en: "a few seconds are enough, such as 2s",
      es: "bastan unos segundos, como 2s",
      ru: "хватит нескольких секунд, например 2s",
    },
  };
}
