import type { Frame } from "../changes.ts";

/** What the other end of one socket has taken in for certain: a pong proves everything written before its ping. */
export interface Proof {
  /** This frame has been written. Only new messages are remembered. */
  note(frame: Pick<Frame, "type" | "data">): void;
  /** What a ping carries, so that its pong says how far it proves. */
  mark(): string;
  /** Ids of the messages that this pong is the first to prove. */
  proven(mark: string): readonly number[];
}

/** Of a socket on which nothing has been written yet. */
export function createProof(): Proof {
  const written: number[] = [];
  let proven = 0;
  return {
    note(frame) {
      const id = newMessageId(frame);
      if (id !== null) written.push(id);
    },
    mark: () => String(proven + written.length),
    proven(mark) {
      const count = /^\d+$/.test(mark) ? Number(mark) - proven : 0;
      if (count <= 0 || count > written.length) return [];
      proven += count;
      return written.splice(0, count);
    },
  };
}

function newMessageId({ type, data }: Pick<Frame, "type" | "data">): number | null {
  if (type !== "message_new" || typeof data !== "object" || data === null || !("message" in data)) return null;
  const { message } = data;
  if (typeof message !== "object" || message === null || !("id" in message)) return null;
  return typeof message.id === "number" ? message.id : null;
}
