import type { Sentence } from "../../types/issue.ts";
import type { AddressProblem, ConnectRefusal } from "../types.ts";

/** Why an account was not connected and what to do next, for whoever fills in the form. Plain text: it may hold words of the CRM, so a
 *  page has to escape it. */
export function refusalSentence(refusal: ConnectRefusal): Sentence {
  switch (refusal.why) {
    case "address":
      return ADDRESS[refusal.fault];
    case "scopes":
      return missingRights(refusal.missing.join(", "));
    case "unreachable":
      return unreachable(refusal.detail);
    case "moved":
      return moved(refusal.where);
    case "module":
      return moduleRefused(refusal.words.map((line) => line.replace(/[.\s]+$/, "")).join("; "));
    default:
      return PLAIN[refusal.why];
  }
}

const EXAMPLE = "https://my-shop.simla.com";

const ADDRESS: Readonly<Record<AddressProblem, Sentence>> = {
  empty: {
    en: `Enter the address of your CRM account, such as ${EXAMPLE}.`,
    es: `Escriba la dirección de su cuenta del CRM, por ejemplo ${EXAMPLE}.`,
    ru: `Введите адрес вашего аккаунта CRM, например ${EXAMPLE}.`,
  },
  not_an_address: {
    en: `This is not a web address. Copy it from the address bar of your CRM account; it looks like ${EXAMPLE}.`,
    es: `Esto no es una dirección web. Cópiela de la barra de direcciones de su cuenta del CRM; es como ${EXAMPLE}.`,
    ru: `Это не веб-адрес. Скопируйте его из адресной строки вашего аккаунта CRM; он выглядит как ${EXAMPLE}.`,
  },
  not_https: {
    en: "The address must begin with https://. Enter it again that way.",
    es: "La dirección debe empezar por https://. Escríbala así de nuevo.",
    ru: "Адрес должен начинаться с https://. Введите его так ещё раз.",
  },
  user_info: {
    en: "The address must hold no @: no login and no password. Enter only the address, and the API key in its own field.",
    es: "La dirección no debe contener @: ni usuario ni contraseña. Escriba solo la dirección, y la clave de API en su campo.",
    ru: "В адресе не должно быть @: ни логина, ни пароля. Введите только адрес, а ключ API — в его поле.",
  },
  port: {
    en: "The address must hold no port (the number after the colon). Enter it without one.",
    es: "La dirección no debe llevar puerto (el número tras los dos puntos). Escríbala sin él.",
    ru: "В адресе не должно быть порта (числа после двоеточия). Введите адрес без него.",
  },
  foreign_letters: {
    en: "Some letters of the address only look like Latin ones. Type it anew, or copy it from the address bar of your CRM account.",
    es: "Algunas letras de la dirección solo parecen latinas. Escríbala de nuevo o cópiela de la barra de direcciones de su cuenta del CRM.",
    ru: "Некоторые буквы адреса лишь похожи на латинские. Наберите его заново или скопируйте из адресной строки вашего аккаунта CRM.",
  },
  no_account_name: {
    en: `The name of your account is missing: the address looks like ${EXAMPLE}. Copy it from the address bar of your CRM account.`,
    es: `Falta el nombre de su cuenta: la dirección es como ${EXAMPLE}. Cópiela de la barra de direcciones de su cuenta del CRM.`,
    ru: `Не хватает имени вашего аккаунта: адрес выглядит как ${EXAMPLE}. Скопируйте его из адресной строки вашего аккаунта CRM.`,
  },
  not_a_crm_host: {
    en: `No CRM accounts are known at this address. Copy it from the address bar of your CRM account; it looks like ${EXAMPLE}.`,
    es: `No se conocen cuentas del CRM en esta dirección. Cópiela de la barra de direcciones de su cuenta del CRM; es como ${EXAMPLE}.`,
    ru: `По этому адресу нет известных аккаунтов CRM. Скопируйте его из адресной строки вашего аккаунта CRM; он выглядит как ${EXAMPLE}.`,
  },
};

const PLAIN: Readonly<
  Record<Exclude<ConnectRefusal["why"], "address" | "scopes" | "unreachable" | "moved" | "module">, Sentence>
> = {
  key_missing: {
    en: "Enter the API key. You make one in the CRM under Settings, Integration, API access keys.",
    es: "Escriba la clave de API. Se crea en el CRM, en Ajustes, Integración, Claves de acceso a la API.",
    ru: "Введите ключ API. Его создают в CRM: Настройки, Интеграция, Ключи доступа к API.",
  },
  wrong_key: {
    en: "The CRM does not accept this API key. Copy the whole key again (Settings, Integration, API access keys) and check that it is switched on.",
    es: "El CRM no acepta esta clave de API. Copie de nuevo la clave completa (Ajustes, Integración, Claves de acceso a la API) y compruebe que está activa.",
    ru: "CRM не принимает этот ключ API. Скопируйте его целиком ещё раз (Настройки, Интеграция, Ключи доступа к API) и проверьте, что он включён.",
  },
  no_such_account: {
    en: "There is no CRM account at this address. Check the spelling of its name.",
    es: "No existe ninguna cuenta del CRM en esta dirección. Compruebe cómo está escrito su nombre.",
    ru: "По этому адресу нет аккаунта CRM. Проверьте, как написано его имя.",
  },
  old_version: {
    en: "This CRM does not offer version 5 of its API, which the bot needs. Ask the CRM's support to update the account.",
    es: "Este CRM no ofrece la versión 5 de su API, que el bot necesita. Pida al soporte del CRM que actualice la cuenta.",
    ru: "Эта CRM не поддерживает версию 5 своего API, которая нужна боту. Попросите поддержку CRM обновить аккаунт.",
  },
  chats_disabled: {
    en: "Chats are not enabled in this CRM account. Enable them in the CRM, then connect again.",
    es: "Los chats no están activados en esta cuenta del CRM. Actívelos en el CRM y conecte de nuevo.",
    ru: "В этом аккаунте CRM не включены чаты. Включите их в CRM и подключите снова.",
  },
  switched_off: {
    en: "The module is switched off or frozen in the CRM. Switch it on in the CRM's marketplace (and pay for it, if it is unpaid), then connect again.",
    es: "El módulo está desactivado o congelado en el CRM. Actívelo en el marketplace del CRM (y páguelo, si está pendiente) y conecte de nuevo.",
    ru: "Модуль выключен или заморожен в CRM. Включите его в маркетплейсе CRM (и оплатите, если он не оплачен) и подключите снова.",
  },
  not_a_crm: {
    en: "What answers at this address is not a CRM account. Check the address; if it is right, try again in some minutes.",
    es: "Lo que responde en esta dirección no es una cuenta del CRM. Compruebe la dirección; si es correcta, inténtelo de nuevo en unos minutos.",
    ru: "По этому адресу отвечает не аккаунт CRM. Проверьте адрес; если он верный, попробуйте ещё раз через несколько минут.",
  },
  too_busy: {
    en: "The CRM gets too many requests with this key just now. Wait a minute and try again.",
    es: "El CRM recibe ahora demasiadas solicitudes con esta clave. Espere un minuto e inténtelo de nuevo.",
    ru: "CRM сейчас получает слишком много запросов с этим ключом. Подождите минуту и попробуйте снова.",
  },
  no_token: {
    en: "The CRM accepted the module but gave it no access to the chats. Check that chats are enabled in the CRM, then connect again.",
    es: "El CRM aceptó el módulo, pero no le dio acceso a los chats. Compruebe que los chats están activados en el CRM y conecte de nuevo.",
    ru: "CRM приняла модуль, но не дала ему доступа к чатам. Проверьте, что чаты включены в CRM, и подключите снова.",
  },
  bad_gateway_address: {
    en: "The CRM named an address of its chats that the bot must not call, so nothing was sent there. Tell the CRM's support.",
    es: "El CRM indicó una dirección de sus chats a la que el bot no debe llamar, así que no se envió nada allí. Avise al soporte del CRM.",
    ru: "CRM назвала адрес чатов, к которому боту нельзя обращаться, поэтому туда ничего не отправлено. Сообщите в поддержку CRM.",
  },
  not_signed: {
    en: "This request does not come from the CRM's marketplace. Connect from the module's page there, or enter address and key in the form.",
    es: "Esta solicitud no viene del marketplace del CRM. Conecte desde la página del módulo o escriba dirección y clave en el formulario.",
    ru: "Этот запрос пришёл не из маркетплейса CRM. Подключите модуль с его страницы там или введите адрес и ключ в форме.",
  },
};

const missingRights = (missing: string): Sentence => ({
  en: `The API key lacks these rights: ${missing}. Add them to the key in the CRM (Settings, Integration, API access keys) and connect again.`,
  es: `A la clave de API le faltan estos permisos: ${missing}. Añádalos a la clave en el CRM (Ajustes, Integración, Claves de acceso a la API) y conecte de nuevo.`,
  ru: `У ключа API нет прав: ${missing}. Добавьте их ключу в CRM (Настройки, Интеграция, Ключи доступа к API) и подключите снова.`,
});

const unreachable = (detail: string): Sentence => ({
  en: `Your CRM account cannot be reached just now (${detail}). Check the address; if it is right, try again in some minutes.`,
  es: `Ahora no se puede acceder a su cuenta del CRM (${detail}). Compruebe la dirección; si es correcta, inténtelo de nuevo en unos minutos.`,
  ru: `Ваш аккаунт CRM сейчас недоступен (${detail}). Проверьте адрес; если он верный, попробуйте ещё раз через несколько минут.`,
});

const moved = (where: string | null): Sentence =>
  where === null
    ? {
        en: "The account has moved to another address. Open the CRM, copy the address from the address bar and enter it here.",
        es: "La cuenta se ha trasladado a otra dirección. Abra el CRM, copie la dirección de la barra de direcciones y escríbala aquí.",
        ru: "Аккаунт переехал на другой адрес. Откройте CRM, скопируйте адрес из адресной строки и введите его здесь.",
      }
    : {
        en: `This address leads on to ${where}. If that is your account, enter that address.`,
        es: `Esta dirección lleva a ${where}. Si esa es su cuenta, escriba esa dirección.`,
        ru: `Этот адрес ведёт на ${where}. Если это ваш аккаунт, введите тот адрес.`,
      };

const moduleRefused = (words: string): Sentence =>
  words === ""
    ? {
        en: "The CRM does not accept the module and gives no reason. Try again in some minutes, then ask the CRM's support.",
        es: "El CRM no acepta el módulo y no dice por qué. Inténtelo de nuevo en unos minutos y después pregunte al soporte del CRM.",
        ru: "CRM не принимает модуль и не называет причину. Попробуйте через несколько минут, затем обратитесь в поддержку CRM.",
      }
    : {
        en: `The CRM answered: ${words}. Put that right in the CRM, or ask its support, then connect again.`,
        es: `El CRM respondió: ${words}. Corríjalo en el CRM o pregunte a su soporte, y conecte de nuevo.`,
        ru: `CRM ответила: ${words}. Исправьте это в CRM или обратитесь в её поддержку, затем подключите снова.`,
      };
