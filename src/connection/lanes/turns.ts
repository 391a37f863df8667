/** Lets the connections of a program take turns, one step of the event loop at a time; one for the whole program. With SQLite nothing
 *  of a decision ever waits for anything, so that a thousand chats of one account would be decided in one go, and nobody else's
 *  socket be heard meanwhile. */
export interface Turns {
  /** Resolves when it is this connection's turn: after each other one that waits. */
  take(connectionId: string): Promise<void>;
}

/** Nobody waits. */
export function createTurns(): Turns {
  /** By connection, in the order in which they come next. */
  const waiting = new Map<string, (() => void)[]>();
  let isRunning = false;

  const next = () => {
    const [first] = waiting;
    isRunning = first !== undefined;
    if (first === undefined) return;
    const [connectionId, row] = first;
    const go = row.shift();
    // To the end of the queue of connections.
    waiting.delete(connectionId);
    if (row.length > 0) waiting.set(connectionId, row);
    go?.();
    setImmediate(next);
  };
  return {
    take(connectionId) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const own = waiting.get(connectionId);
      if (own === undefined) waiting.set(connectionId, [resolve]);
      else own.push(resolve);
      if (!isRunning) setImmediate(next);
      isRunning = true;
      return promise;
    },
  };
}
