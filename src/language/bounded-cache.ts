/** Keeps what was made for a text; when full, the entry not used for the longest time goes. A pure cache: what is made
 *  depends on the text alone. What `make` throws is not kept. */
export function boundedCache<Made>(capacity: number, make: (source: string) => Made): (source: string) => Made {
  const kept = new Map<string, { readonly made: Made }>();
  return (source) => {
    const entry = kept.get(source) ?? { made: make(source) };
    kept.delete(source);
    kept.set(source, entry);
    if (kept.size > capacity) for (const oldest of kept.keys()) return forget(kept, oldest, entry.made);
    return entry.made;
  };
}

function forget<Made>(kept: Map<string, unknown>, oldest: string, made: Made): Made {
  kept.delete(oldest);
  return made;
}
