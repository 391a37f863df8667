import type { Sentence } from "../../types/issue.ts";
import type { Tally } from "./health.ts";

/** What the admins of an account read in their CRM. `name` is that of the module. */

/** Too many requests of the bot fail. */
export function failingRequests(name: string, { good, bad }: Pick<Tally, "good" | "bad">): Sentence {
  const all = good + bad;
  return {
    en: `The chat bot "${name}" has trouble: ${bad} of its last ${all} requests to the CRM and the chats failed. Customers may get no answer from it. If this goes on, check the module and its API key, or ask the module's support.`,
    es: `El bot de chat "${name}" tiene problemas: fallaron ${bad} de sus últimas ${all} solicitudes al CRM y a los chats. Es posible que no responda a los clientes. Si continúa, revise el módulo y su clave de API o pregunte al soporte del módulo.`,
    ru: `У чат-бота "${name}" неполадки: из последних ${all} запросов к CRM и чатам не удалось ${bad}. Клиенты могут не получать от него ответов. Если это продолжится, проверьте модуль и его ключ API или обратитесь в поддержку модуля.`,
  };
}

/** Something has to be done before the bot can work; `why` says what. */
export function notWorking(name: string, why: Sentence): Sentence {
  return {
    en: `The chat bot "${name}" does not work. ${why.en}`,
    es: `El bot de chat "${name}" no funciona. ${why.es}`,
    ru: `Чат-бот "${name}" не работает. ${why.ru}`,
  };
}
