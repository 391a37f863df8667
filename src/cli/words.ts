import { type SayOf, sayFrom } from "../language/text/say.ts";
import type { Language, Sentence } from "../types/issue.ts";

/** What `status` says, in the languages of the staff. `{0}`, `{1}` are filled in. */
const WORDS = {
  module: { en: "module", es: "módulo", ru: "модуль" },
  commands: { en: "commands", es: "comandos", ru: "команды" },
  program: { en: "program", es: "programa", ru: "программа" },
  bot: { en: "bot", es: "bot", ru: "бот" },
  socket: { en: "socket", es: "conexión", ru: "соединение" },
  names: { en: "names", es: "nombres", ru: "имена" },
  unknownNames: {
    en: "not in the account: {0}",
    es: "no están en la cuenta: {0}",
    ru: "нет в аккаунте: {0}",
  },
  gaps: { en: "gaps", es: "huecos", ru: "пропуски" },
  noGaps: { en: "none since the start", es: "ninguno desde el inicio", ru: "с запуска не было" },
  gapsFilled: {
    en: "{0} closed since the start, {1} messages found again",
    es: "{0} cerrados desde el inicio, {1} mensajes recuperados",
    ru: "закрыто с запуска: {0}, найдено сообщений: {1}",
  },
  gapsLost: {
    en: "{0} messages lost ({1} too old, {2} too many)",
    es: "{0} mensajes perdidos ({1} demasiado antiguos, {2} de más)",
    ru: "потеряно сообщений: {0} (слишком старых: {1}, сверх меры: {2})",
  },
  gapsPerhapsMore: { en: "perhaps more", es: "quizá más", ru: "возможно, больше" },
  gapsUnread: { en: "lists not read: {0}", es: "listas sin leer: {0}", ru: "не прочитаны списки: {0}" },
  gapOpen: {
    en: "looking for what was missed",
    es: "buscando lo que se perdió",
    ru: "идёт поиск пропущенного",
  },
  gapTrouble: {
    en: "what was missed cannot be found out since {0} ({1})",
    es: "no se puede averiguar lo perdido desde {0} ({1})",
    ru: "пропущенное не удаётся узнать с {0} ({1})",
  },
  queues: { en: "queues", es: "colas", ru: "очереди" },
  notKnown: { en: "not known", es: "no se sabe", ru: "неизвестно" },
  notKnownBecause: { en: "not known ({0})", es: "no se sabe ({0})", ru: "неизвестно ({0})" },
  none: { en: "none", es: "ninguno", ru: "нет" },
  notOurs: { en: "not ours: {0}", es: "ajenos: {0}", ru: "не наши: {0}" },
  running: { en: "running", es: "en marcha", ru: "работает" },
  notRunning: { en: "not running", es: "no está en marcha", ru: "не запущена" },
  notConnected: { en: "not connected", es: "no está conectado", ru: "не подключён" },
  noSocket: { en: "closed", es: "cerrada", ru: "закрыто" },
  connecting: { en: "connecting since {0}", es: "conectando desde {0}", ru: "подключается с {0}" },
  openSince: { en: "open since {0}", es: "abierta desde {0}", ru: "открыто с {0}" },
  waiting: {
    en: "waiting for the next attempt since {0}",
    es: "esperando el próximo intento desde {0}",
    ru: "ждёт следующей попытки с {0}",
  },
  refused: { en: "refused since {0}", es: "rechazada desde {0}", ru: "отказано с {0}" },
  stoppedSince: { en: "stopped since {0}", es: "detenida desde {0}", ru: "остановлено с {0}" },
  counts: {
    en: "{0} events to decide, {1} calls to send, {2} sent without a sure answer, {3} rules that wait",
    es: "{0} eventos por decidir, {1} llamadas por enviar, {2} enviadas sin respuesta segura, {3} reglas en espera",
    ru: "событий к разбору: {0}, вызовов к отправке: {1}, отправлено без точного ответа: {2}, ожидающих правил: {3}",
  },
} as const satisfies Record<string, Sentence>;

export type Say = SayOf<keyof typeof WORDS>;

export const sayIn = (language: Language): Say => sayFrom(WORDS, language);
