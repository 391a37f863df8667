/** Tasks that are done one after another, in the order in which they came. */
export interface Mutex {
  run<T>(task: () => Promise<T>): Promise<T>;
  /** Nothing is being done and nothing waits. */
  idle(): boolean;
}

export function createMutex(): Mutex {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return {
    run(task) {
      waiting += 1;
      const turn = last.then(task);
      const leave = () => {
        waiting -= 1;
      };
      last = turn.then(leave, leave);
      return turn;
    },
    idle: () => waiting === 0,
  };
}
