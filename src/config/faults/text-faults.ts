import type { Fault } from "../../language/fault.ts";
import { faultOf, say } from "./say.ts";

/** What can be wrong with one text: mostly, that it needs quotes. */

const PUT_QUOTES = say(
  "put the whole text in quotes",
  "ponga todo el texto entre comillas",
  "возьмите весь текст в кавычки",
);

export const startsWith = (sign: string): Fault =>
  faultOf(
    "needs-quotes",
    say(
      `A text cannot start with ${sign} unless it is in quotes.`,
      `Un texto no puede empezar por ${sign} si no va entre comillas.`,
      `Текст не может начинаться с ${sign}, если он не в кавычках.`,
    ),
    PUT_QUOTES,
  );

export const textAfterQuote = (): Fault =>
  faultOf(
    "text-after-quote",
    say(
      "The text goes on after its closing quote.",
      "El texto sigue después de las comillas de cierre.",
      "Текст продолжается после закрывающей кавычки.",
    ),
    say(
      "put the whole text in quotes, or none of it",
      "ponga entre comillas todo el texto, o nada",
      "возьмите в кавычки весь текст или уберите их",
    ),
  );

export const textAfterBracket = (): Fault =>
  faultOf(
    "text-after-bracket",
    say(
      "The text goes on after a closing bracket.",
      "El texto sigue después de un corchete o llave de cierre.",
      "Текст продолжается после закрывающей скобки.",
    ),
    PUT_QUOTES,
  );

export const colonInText = (): Fault =>
  faultOf(
    "colon-in-text",
    say(
      "A colon followed by a space splits this text in two.",
      "Dos puntos seguidos de un espacio parten este texto en dos.",
      "Двоеточие с пробелом делит этот текст надвое.",
    ),
    PUT_QUOTES,
  );

export const hashInText = (): Fault =>
  faultOf(
    "hash-in-text",
    say(
      "The text is cut off here: a # after a space begins a remark.",
      "El texto se corta aquí: un # tras un espacio empieza un comentario.",
      "Текст здесь обрывается: # после пробела начинает примечание.",
    ),
    say(
      "put quotes around the whole text, or a space after # if it is a remark",
      "ponga comillas a todo el texto, o un espacio tras # si es un comentario",
      "возьмите весь текст в кавычки или поставьте пробел после #, если это примечание",
    ),
  );

export const hashTooClose = (): Fault =>
  faultOf(
    "hash-too-close",
    say(
      "A remark needs a space before its #.",
      "Un comentario necesita un espacio delante de #.",
      "Перед # примечания нужен пробел.",
    ),
    say(
      "put a space before #, or the whole text in quotes",
      "ponga un espacio delante de #, o todo el texto entre comillas",
      "поставьте пробел перед # или возьмите весь текст в кавычки",
    ),
  );

export const commaInBraces = (word: string): Fault =>
  faultOf(
    "comma-in-braces",
    say(
      `"${word}" has no value: inside { } a comma ends a text.`,
      `"${word}" no tiene valor: dentro de { } una coma termina el texto.`,
      `У "${word}" нет значения: внутри { } запятая заканчивает текст.`,
    ),
    say(
      "put quotes around the text that has the comma",
      "ponga comillas al texto que tiene la coma",
      "возьмите в кавычки текст с запятой",
    ),
  );

export const dashInText = (): Fault =>
  faultOf(
    "dash-in-text",
    say(
      "This dash is read as part of the text above it.",
      "Este guion se lee como parte del texto de arriba.",
      "Это тире читается как часть текста над ним.",
    ),
    say(
      "start it below the dash above, or put the text in quotes",
      "empiece debajo del guion de arriba, o ponga el texto entre comillas",
      "начните его под верхним тире или возьмите текст в кавычки",
    ),
  );

export const badEscape = (): Fault =>
  faultOf(
    "bad-escape",
    say(
      'Inside " " a backslash has a meaning of its own.',
      'Dentro de " " la barra invertida tiene un significado propio.',
      'Внутри " " обратная черта имеет особый смысл.',
    ),
    say("use ' ' instead", "use ' ' en su lugar", "используйте ' '"),
  );

export const afterBlockSign = (sign: string): Fault =>
  faultOf(
    "text-after-block-sign",
    say(
      `After ${sign} the text starts on the next line.`,
      `Después de ${sign} el texto empieza en la línea siguiente.`,
      `После ${sign} текст начинается со следующей строки.`,
    ),
    PUT_QUOTES,
  );

export const controlCharacter = (): Fault =>
  faultOf(
    "control-character",
    say(
      "Here is an invisible character that does not belong in a text.",
      "Aquí hay un carácter invisible que no debe estar en un texto.",
      "Здесь невидимый знак, которому не место в тексте.",
    ),
    say("delete it", "bórrelo", "удалите его"),
  );

export const keyNotText = (): Fault =>
  faultOf(
    "key-not-text",
    say("A key has to be a word.", "Una clave tiene que ser una palabra.", "Ключ должен быть словом."),
    PUT_QUOTES,
  );
