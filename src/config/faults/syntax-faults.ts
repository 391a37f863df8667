import type { Fault } from "../../language/fault.ts";
import { faultOf, say } from "./say.ts";

/** What can be wrong with the writing itself, in plain words instead of the parser's. */

const ALIGN = say(
  "use spaces so that keys of one group start below each other",
  "use espacios para que las claves de un grupo empiecen una debajo de otra",
  "выровняйте пробелами: ключи одной группы начинаются друг под другом",
);

export const tab = (): Fault =>
  faultOf(
    "tab",
    say(
      "This line is indented with a tab.",
      "Esta línea tiene un tabulador como sangría.",
      "Эта строка сдвинута табуляцией.",
    ),
    say("use spaces instead", "use espacios", "используйте пробелы"),
  );

export const duplicateKey = (key: string, firstLine: number): Fault =>
  faultOf(
    "duplicate-key",
    say(
      `"${key}" is here twice; the first is on line ${firstLine}.`,
      `"${key}" está dos veces; la primera, en la línea ${firstLine}.`,
      `"${key}" встречается дважды; первый раз в строке ${firstLine}.`,
    ),
    say("keep one of them", "deje solo una", "оставьте одно"),
  );

export const secondDocument = (): Fault =>
  faultOf(
    "second-document",
    say("A second document begins here.", "Aquí empieza un segundo documento.", "Здесь начинается второй документ."),
    say("delete this line", "borre esta línea", "удалите эту строку"),
  );

export const tooDeep = (): Fault =>
  faultOf(
    "too-deep",
    say(
      "This is nested too deeply.",
      "Esto está anidado a demasiada profundidad.",
      "Здесь слишком глубокая вложенность.",
    ),
    null,
  );

export const tooManyParts = (): Fault =>
  faultOf(
    "too-many-parts",
    say("This file has too many parts.", "Este archivo tiene demasiadas partes.", "В этом файле слишком много частей."),
    say(
      "split it into several files and include them",
      "divídalo en varios archivos e inclúyalos",
      "разделите его на несколько файлов и подключите их",
    ),
  );

export const unclosedQuote = (quote: string): Fault =>
  faultOf(
    "unclosed-quote",
    say("This quote is never closed.", "Estas comillas no se cierran.", "Эта кавычка нигде не закрыта."),
    say(`add ${quote} at the end`, `añada ${quote} al final`, `добавьте ${quote} в конце`),
  );

export const unclosedBracket = (bracket: string): Fault => {
  const closing = bracket === "[" ? "]" : "}";
  return faultOf(
    "unclosed-bracket",
    say(
      `This ${bracket} is not closed before the next line or bracket.`,
      `Este ${bracket} no se cierra antes de la línea o paréntesis siguiente.`,
      `Скобка ${bracket} не закрыта до следующей строки или скобки.`,
    ),
    say(`add ${closing}`, `añada ${closing}`, `добавьте ${closing}`),
  );
};

export const strayBracket = (bracket: string): Fault =>
  faultOf(
    "stray-bracket",
    say(`This ${bracket} closes nothing.`, `Este ${bracket} no cierra nada.`, `Скобка ${bracket} ничего не закрывает.`),
    say(
      "delete it, or put the text in quotes",
      "bórrelo o ponga el texto entre comillas",
      "удалите её или возьмите текст в кавычки",
    ),
  );

export const wrongIndent = (): Fault =>
  faultOf(
    "wrong-indent",
    say(
      "This line is indented differently from its neighbours.",
      "Esta línea tiene una sangría distinta de las vecinas.",
      "У этой строки другой отступ, чем у соседних.",
    ),
    ALIGN,
  );

export const deeperThanValue = (): Fault =>
  faultOf(
    "wrong-indent",
    say(
      "This line is indented deeper than the one above, which already has its value.",
      "Esta línea tiene más sangría que la de arriba, que ya tiene su valor.",
      "Эта строка сдвинута глубже предыдущей, у которой уже есть значение.",
    ),
    ALIGN,
  );

export const colonWithoutSpace = (): Fault =>
  faultOf(
    "colon-without-space",
    say(
      "After a key come a colon and a space.",
      "Tras una clave van dos puntos y un espacio.",
      "После ключа идут двоеточие и пробел.",
    ),
    say("add the space", "añada el espacio", "добавьте пробел"),
  );

export const noKey = (): Fault =>
  faultOf(
    "no-key",
    say(
      "I expected a key with a value here, such as  reply: Hello",
      "Aquí esperaba una clave con un valor, como  reply: Hola",
      "Здесь ожидался ключ со значением, например  reply: Здравствуйте",
    ),
    say(
      "check the indentation, and quotes around texts of several lines",
      "compruebe la sangría y las comillas de los textos de varias líneas",
      "проверьте отступ и кавычки у текстов в несколько строк",
    ),
  );

export const listOnKeyLine = (): Fault =>
  faultOf(
    "list-on-key-line",
    say(
      "A list with dashes starts on the line below its key.",
      "Una lista con guiones empieza en la línea siguiente a su clave.",
      "Список с тире начинается со строки под ключом.",
    ),
    say(
      "move it to the next line, or put the text in quotes",
      "pásela a la línea siguiente, o ponga el texto entre comillas",
      "перенесите его на следующую строку или возьмите текст в кавычки",
    ),
  );

export const unreadable = (): Fault =>
  faultOf(
    "unreadable",
    say("I cannot read this line.", "No entiendo esta línea.", "Эту строку не удаётся прочитать."),
    say(
      "check indentation, quotes and brackets here and just above",
      "compruebe sangría, comillas y corchetes aquí y justo encima",
      "проверьте отступы, кавычки и скобки здесь и строкой выше",
    ),
  );

export const forbiddenKey = (key: string): Fault =>
  faultOf(
    "forbidden-key",
    say(`"${key}" cannot be a key.`, `"${key}" no puede ser una clave.`, `"${key}" не может быть ключом.`),
    say("use another word", "use otra palabra", "используйте другое слово"),
  );

export const tooManyAliases = (name: string): Fault =>
  faultOf(
    "too-many-aliases",
    say(
      `*${name} is used more than 20 times.`,
      `*${name} se usa más de 20 veces.`,
      `*${name} используется больше 20 раз.`,
    ),
    say("write it out", "escríbalo completo", "напишите это полностью"),
  );
