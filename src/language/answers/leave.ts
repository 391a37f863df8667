import type { Language } from "../../types/issue.ts";
import { isWords, tokenize } from "../text/words.ts";
import { withoutPlease } from "./courtesy.ts";

/** Why a customer leaves a question: to drop it, for the menu, for a person. */
export type Leave = "cancel" | "menu" | "person";

/** The built-in words that leave a question, by kind and language. All languages are understood at all times: a customer
 *  who is lost falls back on the own one. */
export const cancelWords: Readonly<Record<Leave, Readonly<Record<Language, readonly string[]>>>> = {
  cancel: {
    en: [
      "cancel",
      "cancel it",
      "cancel that",
      "stop",
      "stop it",
      "exit",
      "quit",
      "never mind",
      "nevermind",
      "forget it",
    ],
    es: ["cancelar", "cancela", "cancelo", "cancélalo", "salir", "déjalo", "déjelo", "olvídalo", "olvídelo", "basta"],
    ru: ["отмена", "отменить", "отмени", "отмените", "стоп", "выйти", "выход", "хватит", "не надо", "не нужно"],
  },
  menu: {
    en: ["menu", "main menu", "back to menu", "back to the menu", "start over", "start again"],
    es: ["menú", "menú principal", "volver al menú", "inicio", "volver al inicio", "empezar de nuevo"],
    ru: ["меню", "главное меню", "в меню", "в главное меню", "в начало", "начать сначала", "начать заново"],
  },
  person: {
    en: [
      ...["person", "a person", "real person", "a real person", "human", "a human", "operator", "agent", "manager"],
      ...["live agent", "talk to a person", "talk to a human", "talk to an agent", "talk to a manager"],
      ...["speak to a person", "speak to a human", "speak to an agent", "speak to a manager", "speak to someone"],
      ...["i want to talk to a person", "i want to talk to a human", "i want to speak to a person"],
    ],
    es: [
      ...["persona", "una persona", "humano", "un humano", "operador", "operadora", "agente", "un agente", "asesor"],
      ...["asesora", "hablar con una persona", "hablar con un agente", "hablar con un asesor", "hablar con alguien"],
      ...[
        "hablar con un humano",
        "hablar con un operador",
        "quiero hablar con una persona",
        "quiero hablar con alguien",
      ],
    ],
    ru: [
      ...["человек", "живой человек", "оператор", "менеджер", "консультант", "нужен человек", "нужен оператор"],
      ...["нужен менеджер", "позовите человека", "позовите оператора", "позовите менеджера", "позови человека"],
      ...["позови оператора", "соедините с оператором", "соедините с менеджером", "поговорить с человеком"],
      ...[
        "поговорить с оператором",
        "связаться с оператором",
        "хочу поговорить с человеком",
        "переведите на оператора",
      ],
    ],
  },
};

const PHRASES = (["cancel", "menu", "person"] as const).map((kind) => ({
  kind,
  words: Object.values(cancelWords[kind]).flat(),
}));

/** The way out that the whole text asks for ("please" and "thanks" may stand around it), or null: it is an answer.
 *  `extra` are the shop's own `cancel_words:`, written like `message_is`. */
export function leaveWord(text: string, extra: readonly string[]): Leave | null {
  const bare = withoutPlease(tokenize(text)).join(" ");
  const says = (words: readonly string[]) => isWords(text, words) || isWords(bare, words);
  return says(extra) ? "cancel" : (PHRASES.find(({ words }) => says(words))?.kind ?? null);
}
