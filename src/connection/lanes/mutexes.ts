import { createMutex, type Mutex } from "./mutex.ts";

/** A mutex for each thing that is named by a number (or a text), there only while somebody uses it. */
export interface Mutexes<Name = number> {
  /** Tasks of one thing are done one after another; null: of nothing, so at once. */
  run<T>(of: Name | null, task: () => Promise<T>): Promise<T>;
  /** In use now. */
  count(): number;
}

export function createMutexes<Name = number>(): Mutexes<Name> {
  const used = new Map<Name, Mutex>();
  return {
    async run(of, task) {
      if (of === null) return task();
      const mutex = used.get(of) ?? createMutex();
      used.set(of, mutex);
      try {
        return await mutex.run(task);
      } finally {
        if (mutex.idle()) used.delete(of);
      }
    },
    count: () => used.size,
  };
}
