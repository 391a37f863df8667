import type { Sentence } from "../types/issue.ts";

/** What commands say when they can't do their work. */
export const NO_CRM_IN_PRODUCTION: Sentence = {
  en: "No CRM is configured. Set CRM_URL and CRM_API_KEY (crm.url and crm.api_key). The sandbox is not started in production.",
  es: "No hay ningún CRM configurado. Defina CRM_URL y CRM_API_KEY (crm.url y crm.api_key). En producción no se inicia el entorno de pruebas.",
  ru: "CRM не указана. Задайте CRM_URL и CRM_API_KEY (crm.url и crm.api_key). В рабочей среде песочница не запускается.",
};

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
