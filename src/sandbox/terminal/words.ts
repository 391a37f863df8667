import { type SayOf, sayFrom } from "../../language/text/say.ts";
import type { Language, Sentence } from "../../types/issue.ts";

/** Everything the terminal says, in the languages of the staff. `{0}`, `{1}` are filled in. */
const WORDS = {
  welcome: {
    en: "You are {0} on {1}. Type a message and press Enter; /help shows what else you can do.",
    es: "Usted es {0} en {1}. Escriba un mensaje y pulse Intro; /help muestra qué más puede hacer.",
    ru: "Вы — {0}, канал {1}. Напишите сообщение и нажмите Enter; /help покажет, что ещё можно сделать.",
  },
  help: {
    en: [
      "text                 the customer writes it (//text for a text that begins with /)",
      "/image, /file [url]  the customer sends a picture or a file",
      "/manager text        a manager writes to the customer",
      "/note text           a manager writes to the staff only",
      "/NAME args           a manager gives the bot this command",
      "/assign NAME         a manager makes this person responsible",
      "/online NAME         this person is there",
      "/offline NAME        this person is away",
      "/channel TYPE        go on in another messenger: {0}",
      "/new [NAME]          become another customer",
      "/close               a manager closes the dialog",
    ].join("\n"),
    es: [
      "texto                lo escribe el cliente (//texto para un texto que empieza por /)",
      "/image, /file [url]  el cliente envía una imagen o un archivo",
      "/manager texto       un gestor escribe al cliente",
      "/note texto          un gestor escribe solo al equipo",
      "/NOMBRE argumentos   un gestor da este comando al bot",
      "/assign NOMBRE       un gestor hace responsable a esta persona",
      "/online NOMBRE       esta persona está conectada",
      "/offline NOMBRE      esta persona está ausente",
      "/channel TIPO        seguir en otro mensajero: {0}",
      "/new [NOMBRE]        ser otro cliente",
      "/close               un gestor cierra el diálogo",
    ].join("\n"),
    ru: [
      "текст                пишет клиент (//текст — если текст начинается с /)",
      "/image, /file [url]  клиент присылает картинку или файл",
      "/manager текст       менеджер пишет клиенту",
      "/note текст          менеджер пишет только сотрудникам",
      "/ИМЯ аргументы       менеджер даёт боту эту команду",
      "/assign ИМЯ          менеджер назначает ответственным этого человека",
      "/online ИМЯ          этот человек в сети",
      "/offline ИМЯ         этого человека нет",
      "/channel ТИП         перейти в другой мессенджер: {0}",
      "/new [ИМЯ]           стать другим клиентом",
      "/close               менеджер закрывает диалог",
    ].join("\n"),
  },
  commands: {
    en: "The bot's commands:\n{0}",
    es: "Los comandos del bot:\n{0}",
    ru: "Команды бота:\n{0}",
  },
  noCommands: {
    en: "The bot has published no commands.",
    es: "El bot no ha publicado ningún comando.",
    ru: "Бот не опубликовал ни одной команды.",
  },
  unknownCommand: {
    en: "The bot has no command /{0}.",
    es: "El bot no tiene el comando /{0}.",
    ru: "У бота нет команды /{0}.",
  },
  lacking: {
    en: "/{0} needs something after it.",
    es: "A /{0} le falta algo detrás.",
    ru: "После /{0} чего-то не хватает.",
  },
  unknownName: { en: "I do not know {0}.", es: "No conozco {0}.", ru: "Не знаю такого: {0}." },
  noDialog: { en: "No dialog is open.", es: "No hay ningún diálogo abierto.", ru: "Нет открытого диалога." },
  refused: { en: "refused: {0}", es: "rechazado: {0}", ru: "отказано: {0}" },
  note: { en: "{0} (to the staff)", es: "{0} (al equipo)", ru: "{0} (сотрудникам)" },
  edited: { en: "{0} (edited)", es: "{0} (editado)", ru: "{0} (исправлено)" },
  deleted: { en: "{0} deleted: {1}", es: "{0} borró: {1}", ru: "{0} удаляет: {1}" },
  notDelivered: { en: "not delivered ({0}): {1}", es: "no entregado ({0}): {1}", ru: "не доставлено ({0}): {1}" },
  opened: { en: "dialog opened", es: "diálogo abierto", ru: "диалог открыт" },
  closed: { en: "dialog closed", es: "diálogo cerrado", ru: "диалог закрыт" },
  assigned: { en: "assigned to {0}", es: "asignado a {0}", ru: "ответственный: {0}" },
  unassigned: { en: "nobody is responsible now", es: "ya no hay responsable", ru: "ответственного больше нет" },
  tagged: { en: "tag added: {0}", es: "etiqueta añadida: {0}", ru: "тег добавлен: {0}" },
  untagged: { en: "tag removed: {0}", es: "etiqueta quitada: {0}", ru: "тег снят: {0}" },
  online: { en: "{0} is online", es: "{0} está en línea", ru: "{0} в сети" },
  offline: { en: "{0} is offline", es: "{0} está desconectado", ru: "{0} не в сети" },
  rule: { en: "rule: {0}", es: "regla: {0}", ru: "правило: {0}" },
  shadow: { en: "rule in shadow mode: {0}", es: "regla en modo sombra: {0}", ru: "правило в теневом режиме: {0}" },
  heldBack: {
    en: "rule held back: {0}: {1}",
    es: "regla retenida: {0}: {1}",
    ru: "правило придержано: {0}: {1}",
  },
  unjudged: {
    en: "rule that could not be judged: {0}: {1}",
    es: "regla que no se pudo evaluar: {0}: {1}",
    ru: "правило, которое не удалось проверить: {0}: {1}",
  },
  notDone: {
    en: "{0} (line {1}) not done: {2}",
    es: "{0} (línea {1}) sin hacer: {2}",
    ru: "{0} (строка {1}) не выполнено: {2}",
  },
  noMatch: { en: "no rule fits this", es: "ninguna regla coincide", ru: "ни одно правило не подошло" },
  noRule: { en: "no rule acted", es: "ninguna regla actuó", ru: "ни одно правило не сработало" },
  customer: { en: "Customer {0}", es: "Cliente {0}", ru: "Клиент {0}" },
} as const satisfies Record<string, Sentence>;

/** What the terminal says, in one language. */
export type Say = SayOf<keyof typeof WORDS>;

export const sayIn = (language: Language): Say => sayFrom(WORDS, language);
