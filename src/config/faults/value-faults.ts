import { didYouMean, type Fault } from "../../language/fault.ts";
import type { Sentence } from "../../types/issue.ts";
import type { Path } from "../../types/source.ts";
import { faultOf, listed, oneOf, say } from "./say.ts";

/** What can be wrong with keys and values: unknown, missing, of the wrong kind, outside its limits. */

/** What a value can be, in words. */
export type Kind = "text" | "list" | "map" | "number" | "integer" | "fraction" | "flag" | "null";

const KINDS: Readonly<Record<Kind, Sentence>> = {
  text: say("a text", "un texto", "текст"),
  list: say("a list", "una lista", "список"),
  map: say("a group of keys with values", "un grupo de claves con valores", "группа ключей со значениями"),
  number: say("a number", "un número", "число"),
  fraction: say("a number with a fraction", "un número con decimales", "дробное число"),
  integer: say("a whole number", "un número entero", "целое число"),
  flag: say("yes or no", "yes o no", "yes или no"),
  null: say("null", "null", "null"),
};

/** How a sentence names the value: `"reply"`, or `entry 2 of "buttons"`. */
export function nameOf(path: Path): Sentence {
  const last = path.at(-1);
  if (last === undefined) return say("This file", "Este archivo", "Этот файл");
  if (typeof last === "string") return say(`"${last}"`, `"${last}"`, `"${last}"`);
  const list = path.findLast((step) => typeof step === "string") ?? "";
  return say(`Entry ${last + 1} of "${list}"`, `La entrada ${last + 1} de "${list}"`, `Запись ${last + 1} в "${list}"`);
}

export interface Unknown {
  readonly word: string;
  readonly suggestion: string | null;
  readonly allowed: readonly string[];
}

export const unknownKey = ({ word, suggestion, allowed }: Unknown): Fault =>
  faultOf(
    "unknown-key",
    say(`I do not know "${word}".`, `No conozco "${word}".`, `Я не знаю "${word}".`),
    didYouMean(suggestion) ??
      say(
        `known here: ${listed(allowed)}`,
        `aquí se conocen: ${listed(allowed)}`,
        `здесь возможны: ${listed(allowed)}`,
      ),
  );

/** The key is right, but one level too deep. */
export const misplacedKey = (word: string, owner: string): Fault =>
  faultOf(
    "misplaced-key",
    say(
      `"${word}" does not belong under "${owner}".`,
      `"${word}" no va dentro de "${owner}".`,
      `"${word}" не относится к "${owner}".`,
    ),
    say(`indent it like "${owner}"`, `póngale la misma sangría que a "${owner}"`, `выровняйте его как "${owner}"`),
  );

/** The key is right, but not deep enough: it was meant to stand under an empty key beside it. */
export const shallowKey = (word: string, owner: string): Fault =>
  faultOf(
    "shallow-key",
    say(
      `"${word}" has to stand below "${owner}", and here it stands beside it.`,
      `"${word}" tiene que ir debajo de "${owner}", y aquí está a su lado.`,
      `"${word}" должно стоять под "${owner}", а здесь стоит рядом.`,
    ),
    say("move it two spaces to the right", "muévalo dos espacios a la derecha", "сдвиньте на два пробела вправо"),
  );

export const missingKey = (key: string): Fault => {
  const sample = key === "version" ? "version: 1" : `${key}:`;
  return faultOf(
    "missing-key",
    say(`"${key}:" is missing here.`, `Aquí falta "${key}:".`, `Здесь не хватает "${key}:".`),
    say(`add a line ${sample}`, `añada una línea ${sample}`, `добавьте строку ${sample}`),
  );
};

export const emptyValue = (name: Sentence): Fault =>
  faultOf(
    "empty-value",
    say(`${name.en} has no value.`, `${name.es} no tiene valor.`, `${name.ru}: значение не указано.`),
    say(
      "write the value, or delete the line",
      "escriba el valor o borre la línea",
      "напишите значение или удалите строку",
    ),
  );

export const wrongKind = (name: Sentence, allowed: readonly Kind[], found: Kind): Fault =>
  faultOf(
    "wrong-kind",
    say(
      `${name.en} has to be ${kindsIn("en", allowed, " or ")}, and here it is ${KINDS[found].en}.`,
      `${name.es} tiene que ser ${kindsIn("es", allowed, " o ")}, y aquí hay ${KINDS[found].es}.`,
      `${name.ru}: ожидается ${kindsIn("ru", allowed, " или ")}, а здесь ${KINDS[found].ru}.`,
    ),
    howToWrite(allowed, found),
  );

function kindsIn(language: "en" | "es" | "ru", kinds: readonly Kind[], or: string): string {
  return kinds.map((kind) => KINDS[kind][language]).join(or);
}

/** A whole file that is a list or a single text. */
export const notKeyed = (start: string): Fault =>
  faultOf(
    "not-keyed",
    say(
      "This file does not consist of keys with values.",
      "Este archivo no consta de claves con valores.",
      "Этот файл не состоит из ключей со значениями.",
    ),
    say(`begin with a line ${start}`, `empiece con una línea ${start}`, `начните со строки ${start}`),
  );

/** One way to write what is wanted. */
function howToWrite(allowed: readonly Kind[], found: Kind): Sentence | null {
  if (allowed.includes("text") && found === "map")
    return say(
      "if it is one text, put it in quotes",
      "si es un solo texto, póngalo entre comillas",
      "если это один текст, возьмите его в кавычки",
    );
  if (allowed.includes("text")) return say("write one text", "escriba un solo texto", "напишите один текст");
  if (allowed.includes("list"))
    return say(
      "start each entry on its own line with a dash",
      "empiece cada entrada en su línea con un guion",
      "начните каждую запись с новой строки с тире",
    );
  if (allowed.includes("map"))
    return say(
      "write keys with values below it, two spaces deeper",
      "escriba debajo claves con valores, con dos espacios más",
      "напишите ниже ключи со значениями, на два пробела глубже",
    );
  if (allowed.includes("flag")) return say("write yes or no", "escriba yes o no", "напишите yes или no");
  return found === "text" ? say("write it in digits", "escríbalo con cifras", "напишите цифрами") : null;
}

export const unknownValue = (name: Sentence, { word, suggestion, allowed }: Unknown): Fault =>
  faultOf("unknown-value", cannotBe(name, word), didYouMean(suggestion) ?? oneOf(allowed));

/** Where keys with values may stand as well: mostly they were meant (`office: 09:00-18:00`). */
export const unknownValueOrKeys = (name: Sentence, { word, suggestion, allowed }: Unknown): Fault =>
  faultOf(
    "unknown-value",
    cannotBe(name, word),
    didYouMean(suggestion) ??
      say(
        `write keys with values below it, two spaces deeper, or ${listed(allowed)}`,
        `escriba debajo claves con valores, con dos espacios más, o ${listed(allowed)}`,
        `напишите ниже ключи со значениями, на два пробела глубже, или ${listed(allowed)}`,
      ),
  );

const cannotBe = (name: Sentence, word: string): Sentence =>
  say(
    `${name.en} cannot be "${word}".`,
    `${name.es} no puede ser "${word}".`,
    `${name.ru}: значение "${word}" недопустимо.`,
  );

export const nothingInside = (name: Sentence): Fault =>
  faultOf(
    "nothing-inside",
    say(`${name.en} is empty.`, `${name.es} está vacío.`, `${name.ru}: здесь пусто.`),
    say("write something there, or delete it", "escriba algo ahí o bórrelo", "напишите что-нибудь или удалите"),
  );

export const tooLong = (name: Sentence, limit: number): Fault =>
  faultOf(
    "too-long",
    say(
      `${name.en} is longer than ${limit} characters.`,
      `${name.es} tiene más de ${limit} caracteres.`,
      `${name.ru}: длиннее ${limit} знаков.`,
    ),
    say("make it shorter", "acórtelo", "сделайте короче"),
  );

export const tooMany = (name: Sentence, limit: number): Fault =>
  faultOf(
    "too-many",
    say(
      `${name.en} has more than ${limit} entries.`,
      `${name.es} tiene más de ${limit} entradas.`,
      `${name.ru}: больше ${limit} записей.`,
    ),
    say("leave some out", "quite algunas", "уберите лишние"),
  );

const BOUNDS: Readonly<Record<string, Sentence>> = {
  ">=": say("at least", "como mínimo", "не меньше"),
  "<=": say("at most", "como máximo", "не больше"),
  ">": say("more than", "mayor que", "больше"),
};

/** `sign` is ajv's: `>=`, `<=` or `>`. */
export const outOfRange = (name: Sentence, sign: string, limit: number): Fault =>
  faultOf(
    "out-of-range",
    say(
      `${name.en} has to be ${BOUNDS[sign]?.en ?? sign} ${limit}.`,
      `${name.es} tiene que ser ${BOUNDS[sign]?.es ?? sign} ${limit}.`,
      `${name.ru}: значение должно быть ${BOUNDS[sign]?.ru ?? sign} ${limit}.`,
    ),
    say("change the number", "cambie el número", "измените число"),
  );

export const sameTwice = (name: Sentence): Fault =>
  faultOf(
    "same-twice",
    say(
      `${name.en} has the same entry twice.`,
      `${name.es} tiene la misma entrada dos veces.`,
      `${name.ru}: одна и та же запись дважды.`,
    ),
    say("keep one of them", "deje solo una", "оставьте одну"),
  );

export const wrongVersion = (): Fault =>
  faultOf(
    "wrong-version",
    say('"version" has to be 1.', '"version" tiene que ser 1.', '"version" должна быть 1.'),
    say("write version: 1", "escriba version: 1", "напишите version: 1"),
  );
