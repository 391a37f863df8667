/** One message of the sandbox's record, as far as the audit cares. */
export interface Said {
  readonly id: number;
  readonly chatId: number;
  readonly by: "customer" | "bot";
  readonly content: string;
  /** Unix ms. */
  readonly at: number;
}

/** What became of one customer's message. */
export interface Answered {
  readonly message: Said;
  /** How often it was answered: 0 lost, 1 right, more: doubled. */
  readonly times: number;
  /** From the message to its first answer; null: none. */
  readonly latencyMs: number | null;
}

export interface Audit {
  readonly messages: readonly Answered[];
  readonly asked: number;
  readonly lost: readonly Said[];
  readonly doubled: readonly Said[];
  /** Answers that came, in their chat, before the answer to an earlier message. */
  readonly outOfOrder: readonly Said[];
  readonly latencyMs: Spread;
}

/** Of sorted values; all 0 when there are none. */
export interface Spread {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly most: number;
}

/** Which question an answer belongs to. */
export interface Pairing {
  /** What identifies a customer's message; null: it wants no answer. */
  readonly asks: (message: Said) => string | null;
  /** The same text for the answer to it; null: it answers nothing. */
  readonly answers: (message: Said) => string | null;
}

/** The lab's usual rule answers `re TEXT` to TEXT. */
export const BY_TEXT: Pairing = {
  asks: ({ content }) => content,
  answers: ({ content }) => (content.startsWith("re ") ? content.slice(3) : null),
};

/** Says of every customer's message how often it was answered, in which order per chat, and how fast. Pure. */
export function audit(said: readonly Said[], { asks, answers }: Pairing = BY_TEXT): Audit {
  const sorted = said.toSorted((left, right) => left.id - right.id);
  const byQuestion = Map.groupBy(
    sorted.filter(({ by }) => by === "bot"),
    answers,
  );
  const questions = sorted.filter((message) => message.by === "customer" && asks(message) !== null);
  const messages = questions.map((message) => {
    const found = byQuestion.get(asks(message)) ?? [];
    const [first] = found;
    return { message, times: found.length, latencyMs: first === undefined ? null : first.at - message.at };
  });
  const rank = new Map(questions.map((message, at) => [asks(message), at]));
  return {
    messages,
    asked: messages.length,
    lost: messages.filter(({ times }) => times === 0).map(({ message }) => message),
    doubled: messages.filter(({ times }) => times > 1).map(({ message }) => message),
    outOfOrder: outOfOrder(sorted, (answer) => rank.get(answers(answer)) ?? null),
    latencyMs: spread(messages.flatMap(({ latencyMs }) => (latencyMs === null ? [] : [latencyMs]))),
  };
}

function outOfOrder(sorted: readonly Said[], rankOf: (answer: Said) => number | null): readonly Said[] {
  const highest = new Map<number, number>();
  return sorted.filter((message) => {
    const rank = message.by === "bot" ? rankOf(message) : null;
    if (rank === null) return false;
    const before = highest.get(message.chatId) ?? -1;
    highest.set(message.chatId, Math.max(before, rank));
    return rank < before;
  });
}

/** The usual percentiles of some values. */
export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((left, right) => left - right);
  const at = (part: number) => sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? 0;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), most: sorted.at(-1) ?? 0 };
}
