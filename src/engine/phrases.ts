import type { Sentence } from "../types/issue.ts";
import type { Text } from "../types/rule.ts";

/** The bot's own notes to the staff. */
const CAPPED: Sentence = {
  en: "The bot has answered here as often as it may in a minute (bot.answers_per_minute). It pauses; please take over if needed.",
  es: "El bot ya respondió aquí tantas veces como puede en un minuto (bot.answers_per_minute). Hace una pausa; tome el diálogo si hace falta.",
  ru: "Бот ответил здесь столько раз, сколько можно за минуту (bot.answers_per_minute). Он делает паузу; при необходимости ответьте сами.",
};

const LOOPING: Sentence = {
  en: "The bot was repeating itself with no word from the customer, so it keeps silent in this chat for 30 minutes.",
  es: "El bot se repetía sin respuesta del cliente, así que callará en este chat durante 30 minutos.",
  ru: "Бот повторялся, а клиент молчал, поэтому в этом чате бот замолчит на 30 минут.",
};

const FLOODED: Sentence = {
  en: "The customer writes more than 20 messages in 10 seconds. The bot does not hear what is more than that.",
  es: "El cliente escribe más de 20 mensajes en 10 segundos. El bot no atiende los que pasan de ahí.",
  ru: "Клиент пишет больше 20 сообщений за 10 секунд. Всё, что сверх этого, бот не слушает.",
};

const REFUSED: Sentence = {
  en: "The bot tried three times to give this dialog to a colleague from the queue, and each time it was refused. It no longer waits there: please take it.",
  es: "El bot intentó tres veces dar este diálogo a un compañero desde la cola y siempre fue rechazado. Ya no espera allí: por favor, tómelo.",
  ru: "Бот трижды пытался передать этот диалог сотруднику из очереди, и каждый раз получал отказ. Диалог больше не ждёт в очереди: пожалуйста, возьмите его.",
};

export const NOTES = { capped: CAPPED, looping: LOOPING, flooded: FLOODED, refused: REFUSED } as const;

/** What the customer hears when a flow is left by a cancel word, unless the shop has its own `texts.cancelled`. */
export const CANCELLED: Text = {
  any: null,
  byLanguage: { en: "All right, let us leave it.", es: "De acuerdo, lo dejamos.", ru: "Хорошо, оставим это." },
};
