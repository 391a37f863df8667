import type { Finding } from "./report.ts";

/** A name that `look_up` would fill, in a rule that looks nothing of the kind up. */
export function notLookedUp(path: string, thing: string): Finding {
  return {
    code: "not-looked-up",
    cause: {
      en: `"${path}" is filled by look_up, which this rule does not do.`,
      es: `"${path}" lo rellena look_up, que esta regla no hace.`,
      ru: `"${path}" заполняет look_up, а его в этом правиле нет.`,
    },
    fix: {
      en: `put look_up: ${thing} before it`,
      es: `ponga antes look_up: ${thing}`,
      ru: `поставьте перед этим look_up: ${thing}`,
    },
  };
}

export function senselessBy(key: string, thing: string, allowed: readonly string[]): Finding {
  const list = allowed.join(", ");
  return {
    code: "senseless-by",
    cause: {
      en: `"${key}" does not help to find "${thing}".`,
      es: `"${key}" no sirve para encontrar "${thing}".`,
      ru: `По "${key}" нельзя найти "${thing}".`,
    },
    fix:
      allowed.length === 0
        ? { en: "take by: out", es: "quite by:", ru: "уберите by:" }
        : { en: `use ${list}`, es: `use ${list}`, ru: `используйте ${list}` },
  };
}

export function needsBy(thing: string, key: string): Finding {
  return {
    code: "needs-by",
    cause: {
      en: `It is not said which "${thing}" to look up.`,
      es: `No se dice qué "${thing}" hay que buscar.`,
      ru: `Не сказано, какой "${thing}" искать.`,
    },
    fix: {
      en: `add by: with ${key}: below it`,
      es: `añada by: con ${key}: debajo`,
      ru: `добавьте by: и под ним ${key}:`,
    },
  };
}

/** `http:` with an address whose service is not written out. */
export function unclearAddress(): Finding {
  return {
    code: "unclear-address",
    cause: {
      en: '"url" must begin with https:// (or http://) and the name of the service, written out.',
      es: '"url" debe empezar por https:// (o http://) y el nombre del servicio, sin plantillas.',
      ru: '"url" должен начинаться с https:// (или http://) и имени сервиса, без подстановок.',
    },
    fix: {
      en: "write it like https://shop.example/stock",
      es: "escríbalo así: https://shop.example/stock",
      ru: "напишите так: https://shop.example/stock",
    },
  };
}

/** `body:` without a method that sends one. */
export function bodyOfGet(): Finding {
  return {
    code: "body-of-get",
    cause: {
      en: '"body" cannot be sent with "GET", which is meant where no other method is given.',
      es: '"body" no se puede enviar con "GET", que se entiende cuando no se da otro método.',
      ru: '"body" нельзя отправить с "GET", а он подразумевается, если другой метод не указан.',
    },
    fix: {
      en: "add method: POST beside it, or remove it",
      es: "añada method: POST a su lado, o quítelo",
      ru: "добавьте рядом method: POST или уберите это",
    },
  };
}

/** `save:` of an answer under a name that is taken. */
export function takenName(name: string): Finding {
  return {
    code: "taken-name",
    cause: {
      en: `"${name}" already means something else here.`,
      es: `"${name}" ya significa otra cosa aquí.`,
      ru: `"${name}" здесь уже означает другое.`,
    },
    fix: {
      en: `choose another name, such as ${name}_answer`,
      es: `elija otro nombre, como ${name}_answer`,
      ru: `выберите другое имя, например ${name}_answer`,
    },
  };
}
