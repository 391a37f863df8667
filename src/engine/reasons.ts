import type { Sentence } from "../types/issue.ts";
import type { Verdict } from "../types/plan.ts";

/** Why a rule that fits did not act, for people; null: it did act, or it does not fit. */
export const HELD_BACK: Readonly<Record<Verdict["outcome"], Sentence | null>> = {
  fired: null,
  condition: null,
  shadow: {
    en: "mode: shadow, it only records what it would do",
    es: "mode: shadow, solo anota lo que haría",
    ru: "mode: shadow, оно лишь записывает, что сделало бы",
  },
  once: {
    en: "it has acted here already (once_per or again_after)",
    es: "ya actuó aquí (once_per o again_after)",
    ru: "оно здесь уже сработало (once_per или again_after)",
  },
  slot: {
    en: "an earlier rule has answered",
    es: "ya respondió una regla anterior",
    ru: "ответило правило, стоящее раньше",
  },
  capped: {
    en: "the bot has answered here as often as it may in a minute (bot.answers_per_minute)",
    es: "el bot ya respondió aquí tantas veces como puede en un minuto (bot.answers_per_minute)",
    ru: "бот ответил здесь столько раз, сколько можно за минуту (bot.answers_per_minute)",
  },
  gathers: {
    en: "it waits for more messages of the customer (gather)",
    es: "espera más mensajes del cliente (gather)",
    ru: "оно ждёт новых сообщений клиента (gather)",
  },
};

const REASONS: Readonly<Record<string, Sentence>> = {
  if: { en: 'its "if" does not hold', es: 'su "if" no se cumple', ru: 'его "if" не выполняется' },
  quiet: {
    en: "one of your people has written, so the bot is silent (bot.quiet_after_manager)",
    es: "escribió alguien de su equipo, así que el bot calla (bot.quiet_after_manager)",
    ru: "написал ваш сотрудник, поэтому бот молчит (bot.quiet_after_manager)",
  },
  late: {
    en: "what it would answer is too old (bot.answer_within)",
    es: "lo que respondería es demasiado antiguo (bot.answer_within)",
    ru: "то, на что он ответил бы, слишком старое (bot.answer_within)",
  },
  muted: { en: "the bot is muted here", es: "el bot está silenciado aquí", ru: "бот здесь отключён (mute)" },
  loop: {
    en: "the bot was repeating itself with no word from the customer",
    es: "el bot se repetía sin respuesta del cliente",
    ru: "бот повторялся, а клиент молчал",
  },
  window: {
    en: "the messenger's time for answers is over",
    es: "pasó el plazo del mensajero para responder",
    ru: "время для ответа в этом мессенджере истекло",
  },
  outgoing: {
    en: "this channel takes no messages",
    es: "este canal no admite mensajes salientes",
    ru: "этот канал не принимает сообщений",
  },
  unsupported: {
    en: "this channel can't do that",
    es: "este canal no lo permite",
    ru: "этот канал так не умеет",
  },
  already: { en: "it is so already", es: "ya está así", ru: "так уже и есть" },
  nobody: {
    en: "there is nobody who can take the dialog now",
    es: "no hay nadie que pueda tomar el diálogo ahora",
    ru: "сейчас некому взять диалог",
  },
  refused: {
    en: "the gateway refused the assignment three times",
    es: "la asignación fue rechazada tres veces",
    ru: "в назначении было отказано три раза",
  },
  assign_limit: {
    en: "the bot has assigned this dialog twice with no word from the customer",
    es: "el bot ya asignó este diálogo dos veces sin respuesta del cliente",
    ru: "бот уже дважды назначал этот диалог, а клиент молчал",
  },
  no_choice: {
    en: "none of its conditions holds",
    es: "no se cumple ninguna de sus condiciones",
    ru: "ни одно из его условий не выполняется",
  },
  no_answer: {
    en: "no answer came, or none that fits",
    es: "no llegó ninguna respuesta, o ninguna válida",
    ru: "ответа не было или он не подошёл",
  },
  not_found: { en: "nothing was found", es: "no se encontró nada", ru: "ничего не найдено" },
  type: {
    en: "the value is not of the type that the variable has under variables:",
    es: "el valor no es del tipo que la variable tiene en variables:",
    ru: "значение не того типа, который у переменной указан в variables:",
  },
  no_dialog: { en: "there is no dialog", es: "no hay ningún diálogo", ru: "диалога нет" },
  no_chat: { en: "there is no chat", es: "no hay ningún chat", ru: "чата нет" },
  empty: { en: "nothing is left to send", es: "no queda nada que enviar", ru: "отправлять нечего" },
  upload_failed: {
    en: "the file could not be fetched",
    es: "no se pudo obtener el archivo",
    ru: "файл не удалось получить",
  },
  failed: { en: "it did not work", es: "no funcionó", ru: "не получилось" },
};

/** What a step's `reason` means, for people. A reason without a sentence of its own, such as `error: ...`, stands as it is. */
export function reasonSentence(reason: string): Sentence {
  const known = Object.hasOwn(REASONS, reason) ? REASONS[reason] : undefined;
  return known ?? { en: reason, es: reason, ru: reason };
}
