/** What the account's pages say, in the account's language. */
export interface PageWords {
  readonly account: string;
  readonly modules: string;
  readonly noModules: string;
  readonly keys: string;
  readonly connect: string;
  readonly connectAgain: string;
  readonly notConnected: string;
  readonly asks: string;
  readonly noConfig: string;
  readonly on: string;
  readonly off: string;
  readonly frozen: string;
  readonly switchOn: string;
  readonly switchOff: string;
  readonly freeze: string;
  readonly thaw: string;
  readonly settings: string;
  readonly callbacks: string;
  readonly noAnswer: string;
  readonly timezone: string;
  readonly language: string;
  readonly save: string;
  readonly refused: string;
  readonly back: string;
  readonly makeKey: string;
  readonly permissions: string;
  readonly newKey: string;
}

const en: PageWords = {
  account: "Account",
  modules: "Modules",
  noModules: "There are no modules yet.",
  keys: "API keys",
  connect: "Connect",
  connectAgain: "Connect again",
  notConnected: "Not connected",
  asks: "The module asks for these permissions:",
  noConfig: "The module does not say what it needs. Try again later.",
  on: "Switched on",
  off: "Switched off",
  frozen: "Frozen: it has not been paid for",
  switchOn: "Switch on",
  switchOff: "Switch off",
  freeze: "Freeze",
  thaw: "Unfreeze",
  settings: "Settings",
  callbacks: "What the module was told",
  noAnswer: "no answer",
  timezone: "Time zone",
  language: "Language",
  save: "Save",
  refused: "The module was not connected",
  back: "Back",
  makeKey: "Make a key",
  permissions: "Permissions",
  newKey: "The new key",
};

const es: PageWords = {
  account: "Cuenta",
  modules: "Módulos",
  noModules: "Todavía no hay módulos.",
  keys: "Claves API",
  connect: "Conectar",
  connectAgain: "Conectar de nuevo",
  notConnected: "No conectado",
  asks: "El módulo pide estos permisos:",
  noConfig: "El módulo no dice qué necesita. Inténtelo más tarde.",
  on: "Activado",
  off: "Desactivado",
  frozen: "Congelado: no está pagado",
  switchOn: "Activar",
  switchOff: "Desactivar",
  freeze: "Congelar",
  thaw: "Descongelar",
  settings: "Ajustes",
  callbacks: "Lo que se comunicó al módulo",
  noAnswer: "sin respuesta",
  timezone: "Zona horaria",
  language: "Idioma",
  save: "Guardar",
  refused: "El módulo no se ha conectado",
  back: "Volver",
  makeKey: "Crear una clave",
  permissions: "Permisos",
  newKey: "La clave nueva",
};

const ru: PageWords = {
  account: "Аккаунт",
  modules: "Модули",
  noModules: "Модулей пока нет.",
  keys: "Ключи API",
  connect: "Подключить",
  connectAgain: "Подключить заново",
  notConnected: "Не подключён",
  asks: "Модуль просит эти права:",
  noConfig: "Модуль не говорит, что ему нужно. Попробуйте позже.",
  on: "Включён",
  off: "Выключен",
  frozen: "Заморожен: не оплачен",
  switchOn: "Включить",
  switchOff: "Выключить",
  freeze: "Заморозить",
  thaw: "Разморозить",
  settings: "Настройки",
  callbacks: "Что сообщено модулю",
  noAnswer: "нет ответа",
  timezone: "Часовой пояс",
  language: "Язык",
  save: "Сохранить",
  refused: "Модуль не подключён",
  back: "Назад",
  makeKey: "Создать ключ",
  permissions: "Права",
  newKey: "Новый ключ",
};

const ALL: Readonly<Record<string, PageWords>> = { EN: en, ES: es, RU: ru };

/** The words of the account's language (`EN`, `ES`, `RU`; English for any other). */
export const pageWords = (language: string): PageWords => ALL[language] ?? en;
