/** Tasks of two kinds: many of the one may be done side by side, and one of the other only while none of the first is. */
export interface Gate {
  /** Side by side with others of its kind. Not inside another such task: one that is to be done alone might wait between them. */
  together<T>(task: () => Promise<T>): Promise<T>;
  /** When those under way have ended; what comes meanwhile waits for it. */
  alone<T>(task: () => Promise<T>): Promise<T>;
}

export function createGate(): Gate {
  const inside = new Set<Promise<unknown>>();
  let last: Promise<unknown> | null = null;
  return {
    async together(task) {
      while (last !== null) await last;
      const turn = task();
      inside.add(turn);
      try {
        return await turn;
      } finally {
        inside.delete(turn);
      }
    },
    alone(task) {
      const before = last;
      const begin = async () => {
        await before;
        await Promise.allSettled(inside);
        return task();
      };
      const turn = begin();
      const ended = turn.then(
        () => {},
        () => {},
      );
      const left = ended.then(() => {
        if (last === left) last = null;
      });
      last = left;
      return turn;
    },
  };
}
