import type { Language, Sentence } from "../types/issue.ts";

/** One sentence in the three languages of the staff. */
export const say = (en: string, es: string, ru: string): Sentence => ({ en, es, ru });

/** The same in every language: a name, a text. */
export const same = (text: string): Sentence => say(text, text, text);

/** Builds a sentence out of parts that differ by language. */
export const build = (make: (language: Language) => string): Sentence => say(make("en"), make("es"), make("ru"));

const NOTHING = say("nothing", "nada", "ничего");

/** `"A", "B"`, or the word for nothing. */
export const quoted = (texts: readonly string[]): Sentence =>
  texts.length === 0 ? NOTHING : same(texts.map((text) => `"${text}"`).join(", "));

export const wrong = {
  reply: (wanted: Sentence, told: Sentence) =>
    build(
      (at) =>
        ({
          en: `the customer was to be told ${wanted.en}, and was told ${told.en}`,
          es: `al cliente había que decirle ${wanted.es}, y se le dijo ${told.es}`,
          ru: `клиенту следовало написать ${wanted.ru}, а написано ${told.ru}`,
        })[at],
    ),
  replyHas: (words: string, told: Sentence) =>
    build(
      (at) =>
        ({
          en: `the customer was to be told something with "${words}" in it, and was told ${told.en}`,
          es: `al cliente había que decirle algo con "${words}", y se le dijo ${told.es}`,
          ru: `клиенту следовало написать что-то со словами "${words}", а написано ${told.ru}`,
        })[at],
    ),
  noteHas: (words: string, told: Sentence) =>
    build(
      (at) =>
        ({
          en: `the staff was to be told something with "${words}" in it, and was told ${told.en}`,
          es: `al equipo había que decirle algo con "${words}", y se le dijo ${told.es}`,
          ru: `сотрудникам следовало написать что-то со словами "${words}", а написано ${told.ru}`,
        })[at],
    ),
  buttons: (wanted: Sentence, shown: Sentence) =>
    build(
      (at) =>
        ({
          en: `the buttons were to be ${wanted.en}, and were ${shown.en}`,
          es: `los botones tenían que ser ${wanted.es}, y fueron ${shown.es}`,
          ru: `кнопки должны были быть ${wanted.ru}, а показано ${shown.ru}`,
        })[at],
    ),
  notFired: (rule: string, why: string) =>
    say(
      `the rule "${rule}" was to act, and did not: ${why}`,
      `la regla "${rule}" tenía que actuar, y no lo hizo: ${why}`,
      `правило "${rule}" должно было сработать, но не сработало: ${why}`,
    ),
  fired: (rule: string) =>
    say(
      `the rule "${rule}" was not to act, and did`,
      `la regla "${rule}" no tenía que actuar, y lo hizo`,
      `правило "${rule}" не должно было сработать, но сработало`,
    ),
  otherReason: (rule: string, wanted: string, why: string) =>
    say(
      `the rule "${rule}" was not to act because of ${wanted}, and did not because of ${why}`,
      `la regla "${rule}" no tenía que actuar por ${wanted}, y no lo hizo por ${why}`,
      `правило "${rule}" не должно было сработать из-за ${wanted}, а не сработало из-за ${why}`,
    ),
  assigned: (wanted: Sentence, has: Sentence) =>
    build(
      (at) =>
        ({
          en: `the dialog was to be with ${wanted.en}, and is with ${has.en}`,
          es: `el diálogo tenía que estar con ${wanted.es}, y está con ${has.es}`,
          ru: `диалог должен был быть у: ${wanted.ru}, а он у: ${has.ru}`,
        })[at],
    ),
  team: (wanted: string, has: Sentence) =>
    build(
      (at) =>
        ({
          en: `the team of the dialog was to be "${wanted}", and is ${has.en}`,
          es: `el equipo del diálogo tenía que ser "${wanted}", y es ${has.es}`,
          ru: `командой диалога должна была быть "${wanted}", а сейчас ${has.ru}`,
        })[at],
    ),
  tagged: (wanted: Sentence, has: Sentence) =>
    build(
      (at) =>
        ({
          en: `the tags were to be ${wanted.en}, and are ${has.en}`,
          es: `las etiquetas tenían que ser ${wanted.es}, y son ${has.es}`,
          ru: `теги должны были быть ${wanted.ru}, а сейчас ${has.ru}`,
        })[at],
    ),
  open: say(
    "the dialog was to be closed, and is open",
    "el diálogo tenía que estar cerrado, y está abierto",
    "диалог должен был быть закрыт, а он открыт",
  ),
  closed: say(
    "the dialog was to be open, and is closed",
    "el diálogo tenía que estar abierto, y está cerrado",
    "диалог должен был быть открыт, а он закрыт",
  ),
  set: (name: string, wanted: string, has: string) =>
    say(
      `${name} was to be ${wanted}, and is ${has}`,
      `${name} tenía que ser ${wanted}, y es ${has}`,
      `${name} должно было быть ${wanted}, а сейчас ${has}`,
    ),
  acted: say(
    "the bot was to do nothing, and did something",
    "el bot no tenía que hacer nada, e hizo algo",
    "бот не должен был ничего делать, но что-то сделал",
  ),
} as const;

export const words = {
  nobody: say("nobody", "nadie", "никого"),
  somebody: say("somebody", "alguien", "кого-то"),
  none: say("none", "ninguno", "никакая"),
  /** What precedes every failure: the test and the number of its step, from 1. */
  where: (test: string, step: number | null) =>
    step === null
      ? same(`"${test}": `)
      : say(`"${test}", step ${step}: `, `"${test}", paso ${step}: `, `"${test}", шаг ${step}: `),
  cannot: (why: string) => say(`this can't happen: ${why}`, `esto no puede ocurrir: ${why}`, `так не бывает: ${why}`),
  brokeOff: (why: string) => say(`the bot broke off: ${why}`, `el bot se interrumpió: ${why}`, `бот прервался: ${why}`),
} as const;
