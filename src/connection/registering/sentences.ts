import type { Sentence } from "../../types/issue.ts";
import type { Registration } from "./register.ts";

/** One clear sentence about a registration, for whoever runs the bot. `crmUrl` is the address that was asked. */
export function registrationSentence(registration: Registration, crmUrl: string): Sentence {
  switch (registration.kind) {
    case "registered":
      return REGISTERED[registration.did];
    case "inactive":
      return INACTIVE[registration.why];
    case "refused":
      return refusedSentence(registration, crmUrl);
    case "chats_disabled":
      return chatsDisabled(said(registration.words));
    case "unreachable":
      return unreachable(crmUrl, registration.detail);
    case "not_a_crm":
      return notACrm(crmUrl);
    case "moved":
      return moved(crmUrl, registration.detail);
    case "no_token":
      return NO_TOKEN;
    case "token_refused":
      return TOKEN_REFUSED;
    case "bad_address":
      return BAD_ADDRESS[registration.why];
  }
}

/** Will looking again help without anyone changing our settings? A wrong key or address will stay wrong. */
export const mayHealItself = ({ kind }: Registration) => kind !== "refused" && kind !== "not_a_crm" && kind !== "moved";

function refusedSentence(refused: Registration & { readonly kind: "refused" }, crmUrl: string): Sentence {
  if (refused.why === "scopes") return missingRights(refused.missing.join(", "));
  return refused.why === "key" ? wrongKey(crmUrl, said(refused.words)) : moduleRefused(said(refused.words));
}

/** The CRM's own words without their full stop: our sentence goes on. */
const said = (words: readonly string[]) =>
  words.length === 0 ? "" : `: ${words.map((line) => line.replace(/[.\s]+$/, "")).join("; ")}`;

const REGISTERED: Readonly<Record<(Registration & { readonly kind: "registered" })["did"], Sentence>> = {
  created: {
    en: "The module is registered.",
    es: "El módulo está registrado.",
    ru: "Модуль зарегистрирован.",
  },
  updated: {
    en: "The module is registered and has been brought up to date.",
    es: "El módulo está registrado y se ha actualizado.",
    ru: "Модуль зарегистрирован и обновлён.",
  },
  nothing: {
    en: "The module is registered; nothing had to be changed.",
    es: "El módulo está registrado; no había nada que cambiar.",
    ru: "Модуль зарегистрирован, менять ничего не пришлось.",
  },
  switched_on: {
    en: "The module is switched on again.",
    es: "El módulo vuelve a estar activado.",
    ru: "Модуль снова включён.",
  },
};

const INACTIVE: Readonly<Record<(Registration & { readonly kind: "inactive" })["why"], Sentence>> = {
  switched_off: {
    en: "The module is switched off in the CRM. Switch it on there, or run `rulebot register`; until then the bot waits.",
    es: "El módulo está desactivado en el CRM. Actívelo allí o ejecute `rulebot register`; hasta entonces el bot espera.",
    ru: "Модуль выключен в CRM. Включите его там или выполните `rulebot register`; до этого бот ждёт.",
  },
  frozen: {
    en: "The CRM has frozen the module (as a rule because it is unpaid). The bot waits until the CRM releases it.",
    es: "El CRM ha congelado el módulo (por lo general, por falta de pago). El bot espera hasta que el CRM lo libere.",
    ru: "CRM заморозила модуль (обычно из-за неоплаты). Бот ждёт, пока CRM его не разморозит.",
  },
  by_owner: {
    en: "The bot is switched off on its settings page. It is silent until it is switched on there.",
    es: "El bot está desactivado en su página de ajustes. Guarda silencio hasta que se active allí.",
    ru: "Бот выключен на странице своих настроек. Он молчит, пока его не включат там.",
  },
  paused: {
    en: "The bot has been paused by whoever runs it. It is silent until it is resumed.",
    es: "Quien administra el bot lo ha puesto en pausa. Guarda silencio hasta que se reanude.",
    ru: "Бот приостановлен тем, кто его обслуживает. Он молчит, пока его не возобновят.",
  },
};

const NO_TOKEN: Sentence = {
  en: "The CRM accepted the module but gave no chat address or token. The bot asks again later.",
  es: "El CRM aceptó el módulo, pero no dio la dirección del chat ni el token. El bot volverá a preguntar más tarde.",
  ru: "CRM приняла модуль, но не дала адрес чатов или токен. Бот спросит ещё раз позже.",
};

const TOKEN_REFUSED: Sentence = {
  en: "The chat gateway does not accept the bot's token, although the CRM still gives the same one. The bot asks the CRM for another one every 5 minutes and tries this one every 15.",
  es: "La pasarela de chat no acepta el token del bot, aunque el CRM sigue dando el mismo. El bot pide otro al CRM cada 5 minutos y prueba este cada 15.",
  ru: "Шлюз чатов не принимает токен бота, хотя CRM даёт всё тот же. Бот спрашивает у CRM другой каждые 5 минут и пробует этот каждые 15.",
};

const BAD_ADDRESS: Readonly<Record<(Registration & { readonly kind: "bad_address" })["why"], Sentence>> = {
  not_a_url: {
    en: "The CRM gave a chat address that is not a web address. The token was not sent there.",
    es: "El CRM dio una dirección de chat que no es una dirección web. El token no se envió allí.",
    ru: "CRM дала адрес чатов, который не является веб-адресом. Токен туда не отправлен.",
  },
  not_https: {
    en: "The CRM gave a chat address without https. The token was not sent there.",
    es: "El CRM dio una dirección de chat sin https. El token no se envió allí.",
    ru: "CRM дала адрес чатов без https. Токен туда не отправлен.",
  },
  private: {
    en: "The CRM gave a chat address inside a private network. The token was not sent there.",
    es: "El CRM dio una dirección de chat dentro de una red privada. El token no se envió allí.",
    ru: "CRM дала адрес чатов внутри частной сети. Токен туда не отправлен.",
  },
};

const missingRights = (missing: string): Sentence => ({
  en: `The API key lacks these rights: ${missing}. Add them to the key in the CRM settings.`,
  es: `A la clave de API le faltan estos permisos: ${missing}. Añádalos a la clave en los ajustes del CRM.`,
  ru: `У ключа API нет прав: ${missing}. Добавьте их ключу в настройках CRM.`,
});

const wrongKey = (crmUrl: string, words: string): Sentence => ({
  en: `The CRM ${crmUrl} refuses the API key${words}. Check the API key.`,
  es: `El CRM ${crmUrl} rechaza la clave de API${words}. Revise la clave de API.`,
  ru: `CRM ${crmUrl} не принимает ключ API${words}. Проверьте ключ API.`,
});

const moduleRefused = (words: string): Sentence => ({
  en: `The CRM does not accept the module${words}.`,
  es: `El CRM no acepta el módulo${words}.`,
  ru: `CRM не принимает модуль${words}.`,
});

const chatsDisabled = (words: string): Sentence => ({
  en: `Chats are not enabled in this CRM account${words}. Enable them in the CRM; the bot asks again every 5 minutes.`,
  es: `Los chats no están activados en esta cuenta del CRM${words}. Actívelos en el CRM; el bot pregunta cada 5 minutos.`,
  ru: `В этом аккаунте CRM не включены чаты${words}. Включите их в CRM; бот спрашивает каждые 5 минут.`,
});

const unreachable = (crmUrl: string, detail: string): Sentence => ({
  en: `The CRM ${crmUrl} cannot be reached (${detail}).`,
  es: `No se puede acceder al CRM ${crmUrl} (${detail}).`,
  ru: `CRM ${crmUrl} недоступна (${detail}).`,
});

const notACrm = (crmUrl: string): Sentence => ({
  en: `There is no CRM account at ${crmUrl}. Check the address.`,
  es: `No hay ninguna cuenta de CRM en ${crmUrl}. Revise la dirección.`,
  ru: `По адресу ${crmUrl} нет аккаунта CRM. Проверьте адрес.`,
});

const moved = (crmUrl: string, detail: string): Sentence => ({
  en: `The CRM is not at ${crmUrl} (${detail}). Check the address.`,
  es: `El CRM no está en ${crmUrl} (${detail}). Revise la dirección.`,
  ru: `По адресу ${crmUrl} CRM нет (${detail}). Проверьте адрес.`,
});
