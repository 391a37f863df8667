import type { Fault } from "../../language/fault.ts";
import type { Sentence } from "../../types/issue.ts";
import { faultOf, say } from "./say.ts";

/** What a text must look like, by the `title` of its schema. */
const FORMS: Readonly<Record<string, { readonly what: Sentence; readonly fix: Sentence }>> = {
  Duration: {
    what: say("a length of time", "una duración", "длительность"),
    fix: say(
      "write whole numbers with s, m, h or d: 90s, 10m, 1h30m",
      "escriba números enteros con s, m, h o d: 90s, 10m, 1h30m",
      "пишите целые числа с s, m, h или d: 90s, 10m, 1h30m",
    ),
  },
  DurationOrUntilClosed: {
    what: say("a length of time", "una duración", "длительность"),
    fix: say(
      "write whole numbers with s, m, h or d (90s, 10m, 1h30m), or until_closed",
      "escriba números enteros con s, m, h o d (90s, 10m, 1h30m), o until_closed",
      "пишите целые числа с s, m, h или d (90s, 10m, 1h30m) или until_closed",
    ),
  },
  LanguageCode: {
    what: say("the code of a language", "el código de un idioma", "код языка"),
    fix: say(
      "write two small letters: en, es, ru",
      "escriba dos minúsculas: en, es, ru",
      "две строчные буквы: en, es, ru",
    ),
  },
  StoredName: {
    what: say("a name to remember something under", "un nombre con el que recordar algo", "имя для запоминания"),
    fix: say(
      "begin with dialog., customer. or chat., then Latin letters, digits and _",
      "empiece por dialog., customer. o chat., y siga con letras latinas, cifras y _",
      "начните с dialog., customer. или chat., далее латинские буквы, цифры и _",
    ),
  },
  ArgumentName: {
    what: say("a name for something given", "un nombre para algo que se da", "имя для того, что передаётся"),
    fix: say(
      "begin with a Latin letter, then letters, digits and _",
      "empiece por una letra latina, y siga con letras, cifras y _",
      "начните с латинской буквы, далее буквы, цифры и _",
    ),
  },
  HoursName: {
    what: say("a name for hours", "un nombre para un horario", "имя для часов работы"),
    fix: say(
      "begin with a letter, then letters, digits, _ and -",
      "empiece por una letra, y siga con letras, cifras, _ y -",
      "начните с буквы, далее буквы, цифры, _ и -",
    ),
  },
  RuleSetName: {
    what: say("a name for a rule set", "un nombre para un conjunto de reglas", "имя для набора правил"),
    fix: say(
      "begin with a letter or a digit, then letters, digits, spaces, ., _ and -, at most 64",
      "empiece por una letra o una cifra, y siga con letras, cifras, espacios, ., _ y -, 64 como máximo",
      "начните с буквы или цифры, далее буквы, цифры, пробелы, ., _ и -, не больше 64",
    ),
  },
  HeaderName: {
    what: say("the name of a header", "el nombre de una cabecera", "имя заголовка"),
    fix: say(
      "use Latin letters, digits and -, such as Content-Type",
      "use letras latinas, cifras y -, como Content-Type",
      "латинские буквы, цифры и -, например Content-Type",
    ),
  },
  ResultName: {
    what: say("a name for an answer", "un nombre para una respuesta", "имя для ответа"),
    fix: say(
      "begin with a Latin letter, then letters, digits and _",
      "empiece por una letra latina, y siga con letras, cifras y _",
      "начните с латинской буквы, далее буквы, цифры и _",
    ),
  },
  HostName: {
    what: say("a host", "un servidor", "имя сервера"),
    fix: say(
      "write it without https:// and without a path: stock.local, or stock.local:8081",
      "escríbalo sin https:// y sin ruta: stock.local, o stock.local:8081",
      "пишите без https:// и без пути: stock.local или stock.local:8081",
    ),
  },
  CommandName: {
    what: say("the name of a command", "el nombre de un comando", "имя команды"),
    fix: say(
      "use small Latin letters, digits and _, at most 32",
      "use minúsculas latinas, cifras y _, 32 como máximo",
      "строчные латинские буквы, цифры и _, не больше 32",
    ),
  },
};

/** A text of the wrong form; `title` names the form. An unnamed form gets a general sentence. */
export function wrongForm(word: string, title: string): Fault {
  const form = FORMS[title];
  const code = "wrong-form";
  if (form === undefined)
    return faultOf(
      code,
      say(`"${word}" is not allowed here.`, `"${word}" no se admite aquí.`, `"${word}" здесь недопустимо.`),
      null,
    );
  return faultOf(
    code,
    say(`"${word}" is not ${form.what.en}.`, `"${word}" no es ${form.what.es}.`, `"${word}" — не ${form.what.ru}.`),
    form.fix,
  );
}
