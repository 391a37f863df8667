import { type SayOf, sayFrom } from "../sandbox/terminal/words.ts";
import type { Language, Sentence } from "../types/issue.ts";

/** What `try` and `status` say, in the languages of the staff. `{0}`, `{1}` are filled in. Words of the files (`when`, `assign`,
 *  names of settings) stay as they are written there. */
const WORDS = {
  heldBack: { en: "held back: {0}", es: "retenida: {0}", ru: "придержано: {0}" },
  unjudged: {
    en: "could not be judged: {0}",
    es: "no se pudo evaluar: {0}",
    ru: "проверить не удалось: {0}",
  },
  noRule: { en: "No rule would act.", es: "No actuaría ninguna regla.", ru: "Ни одно правило не сработало бы." },
  notDone: {
    en: "{0} (line {1}) not done: {2}",
    es: "{0} (línea {1}) sin hacer: {2}",
    ru: "{0} (строка {1}) не выполнено: {2}",
  },
  nothingToDo: { en: "nothing to do", es: "no hay nada que hacer", ru: "делать нечего" },
  remembered: { en: "remember {0}: {1}", es: "recordar {0}: {1}", ru: "запомнить {0}: {1}" },
  changed: { en: "{0} (line {1}) done", es: "{0} (línea {1}) hecho", ru: "{0} (строка {1}) выполнено" },
  muted: {
    en: "keep silent here from now on",
    es: "callar aquí desde ahora",
    ru: "молчать здесь с этого момента",
  },
  unmuted: {
    en: "speak here again from now on",
    es: "volver a hablar aquí desde ahora",
    ru: "снова говорить здесь с этого момента",
  },
  stopped: {
    en: "stop: nothing more in this rule",
    es: "stop: nada más en esta regla",
    ru: "stop: больше ничего в этом правиле",
  },
  toCustomer: { en: "to the customer: {0}", es: "al cliente: {0}", ru: "клиенту: {0}" },
  toStaff: { en: "note to the staff: {0}", es: "nota al equipo: {0}", ru: "заметка сотрудникам: {0}" },
  assign: { en: "assign the dialog to {0}", es: "asignar el diálogo a {0}", ru: "назначить ответственного: {0}" },
  unassign: {
    en: "take the dialog away from who is responsible",
    es: "quitar el diálogo a su responsable",
    ru: "снять ответственного с диалога",
  },
  close: { en: "close the dialog", es: "cerrar el diálogo", ru: "закрыть диалог" },
  open: { en: "open a dialog", es: "abrir un diálogo", ru: "открыть диалог" },
  tag: { en: "tag the dialog: {0}", es: "etiquetar el diálogo: {0}", ru: "поставить диалогу теги: {0}" },
  untag: {
    en: "take tags off the dialog: {0}",
    es: "quitar etiquetas del diálogo: {0}",
    ru: "снять с диалога теги: {0}",
  },
  edit: {
    en: "rewrite the bot's last message: {0}",
    es: "cambiar el último mensaje del bot: {0}",
    ru: "изменить последнее сообщение бота: {0}",
  },
  delete: {
    en: "delete the bot's last message",
    es: "borrar el último mensaje del bot",
    ru: "удалить последнее сообщение бота",
  },
  upload: {
    en: "fetch {0}, then send it",
    es: "obtener {0} y enviarlo",
    ru: "загрузить {0} и отправить",
  },
  manager: { en: "A manager", es: "Un gestor", ru: "Менеджер" },
  someoneOf: { en: "someone of {0}", es: "alguien de {0}", ru: "кто-то из {0}" },
  module: { en: "module", es: "módulo", ru: "модуль" },
  commands: { en: "commands", es: "comandos", ru: "команды" },
  program: { en: "program", es: "programa", ru: "программа" },
  bot: { en: "bot", es: "bot", ru: "бот" },
  socket: { en: "socket", es: "conexión", ru: "соединение" },
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
