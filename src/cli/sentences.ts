import type { Sentence } from "../types/issue.ts";

/** What commands say when they can't do their work. */
export const NO_CRM_IN_PRODUCTION: Sentence = {
  en: "No CRM is configured. Set CRM_URL and CRM_API_KEY (crm.url and crm.api_key). The sandbox is not started in production.",
  es: "No hay ningún CRM configurado. Defina CRM_URL y CRM_API_KEY (crm.url y crm.api_key). En producción no se inicia el entorno de pruebas.",
  ru: "CRM не указана. Задайте CRM_URL и CRM_API_KEY (crm.url и crm.api_key). В рабочей среде песочница не запускается.",
};

/** The sandbox would hide that nobody serves them. */
export const accountsWithoutCrm = (stored: number): Sentence => ({
  en: `The storage holds connected accounts (${stored}), but neither crm: nor service: is set, so nobody would serve them; the sandbox is not started. Set CRM_URL and CRM_API_KEY (crm.url and crm.api_key), or service:. To try rules in the sandbox, name another file in storage:; \`rulebot remove\` removes an account.`,
  es: `El almacén tiene cuentas conectadas (${stored}), pero no se ha definido ni crm: ni service:, así que nadie las atendería; el entorno de pruebas no se inicia. Defina CRM_URL y CRM_API_KEY (crm.url y crm.api_key) o service:. Para probar reglas en el entorno de pruebas, indique otro archivo en storage:; \`rulebot remove\` elimina una cuenta.`,
  ru: `В хранилище есть подключённые аккаунты (${stored}), но не заданы ни crm:, ни service:, и обслуживать их было бы некому; песочница не запускается. Задайте CRM_URL и CRM_API_KEY (crm.url и crm.api_key) или service:. Чтобы попробовать правила в песочнице, назовите другой файл в storage:; \`rulebot remove\` удаляет аккаунт.`,
});

export const NO_CRM: Sentence = {
  en: "No CRM is configured, so there is nothing to ask. Set CRM_URL and CRM_API_KEY (crm.url and crm.api_key).",
  es: "No hay ningún CRM configurado, así que no hay a quién preguntar. Defina CRM_URL y CRM_API_KEY (crm.url y crm.api_key).",
  ru: "CRM не указана, спрашивать некого. Задайте CRM_URL и CRM_API_KEY (crm.url и crm.api_key).",
};

export const soundRules = (rules: number, warnings: number): Sentence => ({
  en: `No faults. Rules: ${rules}; warnings: ${warnings}.`,
  es: `Sin errores. Reglas: ${rules}; avisos: ${warnings}.`,
  ru: `Ошибок нет. Правил: ${rules}; предупреждений: ${warnings}.`,
});

/** `rules` null: it shares those of the file. */
export const soundSet = (name: string, rules: number | null): Sentence =>
  rules === null
    ? {
        en: `Rule set "${name}": the shared rules.`,
        es: `Conjunto de reglas "${name}": las reglas comunes.`,
        ru: `Набор правил "${name}": общие правила.`,
      }
    : {
        en: `Rule set "${name}": own rules: ${rules}.`,
        es: `Conjunto de reglas "${name}": reglas propias: ${rules}.`,
        ru: `Набор правил "${name}": своих правил: ${rules}.`,
      };

/** Above what is told of one set only. */
export const ofSet = (name: string): Sentence => ({
  en: `Rule set "${name}":`,
  es: `Conjunto de reglas "${name}":`,
  ru: `Набор правил "${name}":`,
});

export const checkedSet = (name: string): Sentence => ({
  en: `The account was asked about the rule set "${name}", which is bound to it.`,
  es: `Se preguntó a la cuenta por el conjunto de reglas "${name}", que es el suyo.`,
  ru: `В аккаунте проверен набор правил "${name}", который к нему привязан.`,
});

export const unknownSet = (name: string, known: readonly string[]): Sentence => {
  const list = known.length === 0 ? "" : ` (${known.join(", ")})`;
  return {
    en: `There is no rule set "${name}" under rule_sets:${list}.`,
    es: `No hay ningún conjunto de reglas "${name}" en rule_sets:${list}.`,
    ru: `Набора правил "${name}" нет в rule_sets:${list}.`,
  };
};

export const REGISTERED: Sentence = {
  en: "The module is registered and switched on.",
  es: "El módulo está registrado y activado.",
  ru: "Модуль зарегистрирован и включён.",
};

export const SWITCHED_OFF: Sentence = {
  en: "The module is switched off. `rulebot register` switches it on again.",
  es: "El módulo está desactivado. `rulebot register` lo vuelve a activar.",
  ru: "Модуль выключен. `rulebot register` включит его снова.",
};

export const noModule = (code: string): Sentence => ({
  en: `The account has no module "${code}".`,
  es: `La cuenta no tiene ningún módulo "${code}".`,
  ru: `В аккаунте нет модуля "${code}".`,
});

export const NAMES_UNCHECKED: Sentence = {
  en: "The module is not active in the account, so names of bots and channels could not be checked.",
  es: "El módulo no está activo en la cuenta, así que no se pudieron comprobar los nombres de bots y canales.",
  ru: "Модуль в аккаунте не включён, поэтому имена ботов и каналов не проверены.",
};

export const unknownCommand = (name: string, declared: readonly string[]): Sentence => {
  const list = declared.length === 0 ? "" : ` (${declared.map((one) => `/${one}`).join(", ")})`;
  return {
    en: `The command "/${name}" is not declared under commands:${list}.`,
    es: `El comando "/${name}" no está declarado en commands:${list}.`,
    ru: `Команда "/${name}" не объявлена в commands:${list}.`,
  };
};

export const badMoment = (text: string): Sentence => ({
  en: `I do not understand the time "${text}". Write it like "2026-11-20 12:55".`,
  es: `No entiendo la hora "${text}". Escríbala así: "2026-11-20 12:55".`,
  ru: `Не понимаю время "${text}". Напишите так: "2026-11-20 12:55".`,
});
