import type { Sentence } from "../../types/issue.ts";
import { didYouMean, type Fault } from "../fault.ts";
import { suggest } from "../names.ts";

export function unknownFilter(name: string, filters: readonly string[]): Fault {
  return {
    code: "template-filter",
    cause: {
      en: `I do not know the filter "${name}".`,
      es: `No conozco el filtro "${name}".`,
      ru: `Я не знаю фильтра "${name}".`,
    },
    fix: didYouMean(suggest(name, filters)),
  };
}

/** LiquidJS's refusal to parse, in our words where they are known. */
export function unreadable(said: string, tags: readonly string[]): Fault {
  const tag = /^tag "(.+)" not found$/u.exec(said)?.[1];
  if (tag !== undefined) return unknownTag(tag, tags);
  if (/^invalid value expression: ""/u.test(said)) return nothingInside();
  if (/^output .*not closed/su.test(said)) return notClosed("{{", "}}");
  if (/^tag .*not closed/su.test(said) && !said.includes("%}")) return notClosed("{%", "%}");
  const open = /^tag \{%-?\s*(\w+).*not closed/su.exec(said)?.[1];
  if (open !== undefined) return notClosed(`{% ${open} %}`, `{% end${open} %}`);
  return {
    code: "template-syntax",
    cause: {
      en: `I cannot read this template: ${said}.`,
      es: `No puedo leer esta plantilla: ${said}.`,
      ru: `Я не могу прочитать этот шаблон текста: ${said}.`,
    },
    fix: {
      en: 'for example: {{ customer.first_name or "there" }}',
      es: 'por ejemplo: {{ customer.first_name or "there" }}',
      ru: 'например: {{ customer.first_name or "there" }}',
    },
  };
}

export function strayValue(text: string): Fault {
  return {
    code: "template-stray",
    cause: {
      en: `Nothing joins ${text} to what stands before it.`,
      es: `Nada une ${text} con lo que hay delante.`,
      ru: `${text} ничем не связано с тем, что стоит перед ним.`,
    },
    fix: {
      en: `put "or" before it, or text into quotes: "${text}"`,
      es: `ponga "or" delante, o el texto entre comillas: "${text}"`,
      ru: `поставьте перед ним "or" или возьмите текст в кавычки: "${text}"`,
    },
  };
}

export function curlyQuotes(): Fault {
  return {
    code: "template-quotes",
    cause: {
      en: "There are curly quotes inside a template.",
      es: "Hay comillas tipográficas dentro de una plantilla.",
      ru: "Внутри шаблона текста стоят фигурные кавычки.",
    },
    fix: {
      en: 'use straight quotes: "there"',
      es: 'use comillas rectas: "there"',
      ru: 'поставьте прямые кавычки: "there"',
    },
  };
}

function nothingInside(): Fault {
  return {
    code: "template-empty",
    cause: {
      en: "There is nothing between {{ and }}.",
      es: "No hay nada entre {{ y }}.",
      ru: "Между {{ и }} ничего нет.",
    },
    fix: null,
  };
}

export function tooLong(limit: number): Fault {
  return {
    code: "template-too-long",
    cause: {
      en: `This text is longer than ${limit} characters.`,
      es: `Este texto tiene más de ${limit} caracteres.`,
      ru: `Этот текст длиннее ${limit} символов.`,
    },
    fix: null,
  };
}

export function badFormat(part: string, reason: "width" | "field"): Fault {
  const wide = reason === "width";
  return {
    code: "template-date",
    cause: {
      en: wide ? `"${part}" makes a date too wide.` : `I do not know "${part}" in a date.`,
      es: wide ? `"${part}" hace una fecha demasiado ancha.` : `No conozco "${part}" en una fecha.`,
      ru: wide ? `"${part}" делает дату слишком широкой.` : `Я не знаю "${part}" в дате.`,
    },
    fix: {
      en: "for example: %A %H:%M, or %d %B %Y",
      es: "por ejemplo: %A %H:%M, o %d %B %Y",
      ru: "например: %A %H:%M или %d %B %Y",
    },
  };
}

export function unknownZone(zone: string): Fault {
  return {
    code: "template-zone",
    cause: {
      en: `There is no time zone "${zone}".`,
      es: `No existe la zona horaria "${zone}".`,
      ru: `Нет часового пояса "${zone}".`,
    },
    fix: {
      en: "for example: Europe/Madrid",
      es: "por ejemplo: Europe/Madrid",
      ru: "например: Europe/Madrid",
    },
  };
}

function unknownTag(tag: string, tags: readonly string[]): Fault {
  return {
    code: "template-tag",
    cause: {
      en: `The tag "${tag}" cannot be used here.`,
      es: `La etiqueta "${tag}" no se puede usar aquí.`,
      ru: `Тег "${tag}" здесь использовать нельзя.`,
    },
    fix: didYouMean(suggest(tag, tags)) ?? oneOf(tags.filter((name) => name !== "#")),
  };
}

function oneOf(names: readonly string[]): Sentence {
  const listed = names.join(", ");
  return { en: `use one of: ${listed}`, es: `use una de: ${listed}`, ru: `используйте один из: ${listed}` };
}

function notClosed(open: string, close: string): Fault {
  return {
    code: "template-open",
    cause: {
      en: `${open} is never closed.`,
      es: `${open} no se cierra nunca.`,
      ru: `${open} нигде не закрыто.`,
    },
    fix: { en: `add ${close}`, es: `añada ${close}`, ru: `добавьте ${close}` },
  };
}
