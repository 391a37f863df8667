import type { ModuleEnd } from "../../accounts/operating/removing.ts";
import type { Backup } from "../../store/backup.ts";
import type { Forgotten } from "../../store/store.ts";
import type { Sentence } from "../../types/issue.ts";

/** What `pause`, `resume`, `forget`, `remove` and `backup` say. */
const list = (ids: readonly string[]) => ids.join(", ");

export const NO_CONNECTIONS: Sentence = {
  en: "No account is connected yet.",
  es: "Aún no hay ninguna cuenta conectada.",
  ru: "Ни один аккаунт ещё не подключён.",
};

export const paused = (ids: readonly string[]): Sentence => ({
  en: `Paused: ${list(ids)}. The bot is silent there until \`rulebot resume\`.`,
  es: `En pausa: ${list(ids)}. El bot guarda silencio allí hasta \`rulebot resume\`.`,
  ru: `Приостановлено: ${list(ids)}. Бот молчит там до \`rulebot resume\`.`,
});

export const pausedBefore = (ids: readonly string[]): Sentence => ({
  en: `Paused already: ${list(ids)}.`,
  es: `Ya estaba en pausa: ${list(ids)}.`,
  ru: `Уже было приостановлено: ${list(ids)}.`,
});

export const resumed = (ids: readonly string[]): Sentence => ({
  en: `Resumed: ${list(ids)}.`,
  es: `Reanudado: ${list(ids)}.`,
  ru: `Возобновлено: ${list(ids)}.`,
});

export const resumedBefore = (ids: readonly string[]): Sentence => ({
  en: `Not paused: ${list(ids)}.`,
  es: `No estaba en pausa: ${list(ids)}.`,
  ru: `Не было приостановлено: ${list(ids)}.`,
});

export const unknownConnection = (named: string, known: readonly string[], near: string | null): Sentence => ({
  en: `No connection is called "${named}"${near === null ? "." : `; did you mean ${near}?`} There are: ${list(known)}.`,
  es: `Ninguna conexión se llama "${named}"${near === null ? "." : `; ¿quiso decir ${near}?`} Hay: ${list(known)}.`,
  ru: `Нет подключения с именем "${named}"${near === null ? "." : `; может быть, ${near}?`} Есть: ${list(known)}.`,
});

export const ambiguousConnection = (named: string, matches: readonly string[]): Sentence => ({
  en: `"${named}" is part of several connections: ${list(matches)}. Write more of it.`,
  es: `"${named}" es parte de varias conexiones: ${list(matches)}. Escriba algo más.`,
  ru: `"${named}" есть в нескольких подключениях: ${list(matches)}. Напишите подробнее.`,
});

export const badCustomer = (given: string): Sentence => ({
  en: `"${given}" is not the number of a customer. It is the one that the chats give them, such as 8120.`,
  es: `"${given}" no es el número de un cliente. Es el que le dan los chats, como 8120.`,
  ru: `"${given}" не номер клиента. Нужен тот, который дают чаты, например 8120.`,
});

export const nothingKnown = (customerId: number): Sentence => ({
  en: `Nothing is known of customer ${customerId}.`,
  es: `No se sabe nada del cliente ${customerId}.`,
  ru: `О клиенте ${customerId} ничего не известно.`,
});

export function forgotten(id: string, removed: Forgotten): Sentence {
  const { customers, chats, dialogs, events, calls, decisions, runs, timers } = removed;
  return {
    en: `${id}: removed profiles: ${customers}, chats: ${chats}, dialogs: ${dialogs}, events: ${events}, calls: ${calls}, decisions: ${decisions}, waiting rules: ${runs}, timers: ${timers}.`,
    es: `${id}: eliminados perfiles: ${customers}, chats: ${chats}, diálogos: ${dialogs}, eventos: ${events}, llamadas: ${calls}, decisiones: ${decisions}, reglas en espera: ${runs}, temporizadores: ${timers}.`,
    ru: `${id}: удалено профилей: ${customers}, чатов: ${chats}, диалогов: ${dialogs}, событий: ${events}, вызовов: ${calls}, решений: ${decisions}, ожидающих правил: ${runs}, таймеров: ${timers}.`,
  };
}

export const removed = (id: string, module: ModuleEnd): Sentence => {
  const end = MODULE_ENDS[module];
  return {
    en: `Removed: ${id}, with all that was stored of it. ${end.en}`,
    es: `Eliminado: ${id}, con todo lo que había almacenado. ${end.es}`,
    ru: `Удалено: ${id}, вместе со всем, что о нём хранилось. ${end.ru}`,
  };
};

const MODULE_ENDS: Readonly<Record<ModuleEnd, Sentence>> = {
  switched_off: {
    en: "The module is switched off in the CRM.",
    es: "El módulo está desactivado en el CRM.",
    ru: "Модуль в CRM выключен.",
  },
  off_before: {
    en: "There was nothing to switch off in the CRM.",
    es: "En el CRM no había nada que desactivar.",
    ru: "В CRM выключать было нечего.",
  },
  left_on: {
    en: "The module could not be switched off in the CRM: its owner has to do that there.",
    es: "El módulo no se pudo desactivar en el CRM: debe hacerlo allí su propietario.",
    ru: "Выключить модуль в CRM не удалось: это должен сделать там владелец аккаунта.",
  },
};

/** What can't be undone wants the whole name. */
export const notWholeName = (named: string, id: string): Sentence => ({
  en: `"${named}" is only a part of ${id}. Removing can't be undone: write the whole name.`,
  es: `"${named}" es solo una parte de ${id}. Eliminar no se puede deshacer: escriba el nombre completo.`,
  ru: `"${named}" лишь часть имени ${id}. Удаление не отменить: напишите имя целиком.`,
});

export const namedByFile = (id: string): Sentence => ({
  en: `${id} is the account under crm: of the file, so it would be back at once. Switch it off with \`rulebot unregister\`; to remove what is stored, take it out of the file first.`,
  es: `${id} es la cuenta de crm: en el archivo, así que volvería enseguida. Desactívela con \`rulebot unregister\`; para eliminar lo almacenado, quítela antes del archivo.`,
  ru: `${id} - аккаунт из crm: в файле, он вернулся бы сразу. Выключите его командой \`rulebot unregister\`; чтобы удалить данные, сначала уберите его из файла.`,
});

export const goneAlready = (named: string): Sentence => ({
  en: `"${named}" has been removed already.`,
  es: `"${named}" ya se había eliminado.`,
  ru: `"${named}" уже удалено.`,
});

export const savedBackup = (file: string, bytes: number): Sentence => {
  const kib = Math.ceil(bytes / 1024);
  return {
    en: `Saved and checked: ${file} (${kib} KiB). It holds customers' data and the bot's keys: keep it as safe as the store.`,
    es: `Guardado y comprobado: ${file} (${kib} KiB). Contiene datos de clientes y claves del bot: guárdelo con el mismo cuidado que el almacén.`,
    ru: `Сохранено и проверено: ${file} (${kib} КиБ). Там данные клиентов и ключи бота: храните так же надёжно, как само хранилище.`,
  };
};

/** Why there is no backup. */
export function noBackup(kind: Exclude<Backup["kind"], "saved">, file: string): Sentence {
  return NO_BACKUP[kind](file);
}

const NO_BACKUP: Readonly<Record<Exclude<Backup["kind"], "saved">, (file: string) => Sentence>> = {
  elsewhere: (file) => ({
    en: `The data is in PostgreSQL, which saves itself: pg_dump --format=custom --file=${file} "$DATABASE_URL"`,
    es: `Los datos están en PostgreSQL, que se guarda por sí mismo: pg_dump --format=custom --file=${file} "$DATABASE_URL"`,
    ru: `Данные в PostgreSQL, у неё своё сохранение: pg_dump --format=custom --file=${file} "$DATABASE_URL"`,
  }),
  exists: (file) => ({
    en: `${file} is there already. Name another file, or replace it with --force.`,
    es: `${file} ya existe. Indique otro archivo o reemplácelo con --force.`,
    ru: `${file} уже есть. Назовите другой файл или замените его с --force.`,
  }),
  itself: (file) => ({
    en: `${file} is the bot's own store. Name another file.`,
    es: `${file} es el almacén del propio bot. Indique otro archivo.`,
    ru: `${file} - хранилище самого бота. Назовите другой файл.`,
  }),
};
