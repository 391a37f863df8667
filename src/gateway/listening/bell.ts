/** Tells whoever listens at the moment that something has changed. Listeners are called in order of arrival. */
export interface Bell {
  ring(): void;
  /** The returned function stops listening. */
  on(listener: () => void): () => void;
}

/** A bell that nobody hears yet. */
export function createBell(): Bell {
  const listeners = new Set<() => void>();
  return {
    ring() {
      for (const listener of [...listeners]) listener();
    },
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
