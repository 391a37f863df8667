/** Loaded into the real program before it starts (`--import`), to let faults of its own happen that no input can cause.
 *  `FAULTS_BREAK` says which. */
const what = process.env.FAULTS_BREAK ?? "";

/** On SIGUSR2: something that nobody catches. */
const UNCAUGHT: Readonly<Record<string, () => void>> = {
  rejection: () => void Promise.reject(new Error("nobody catches this")),
  "rejection without an error": () => void Promise.reject(undefined),
  exception: () => {
    throw new TypeError("nobody catches this either");
  },
};
process.on("SIGUSR2", () => setImmediate(() => UNCAUGHT[what]?.()));

/** A text on which the process dies without a word, while it decides (every rule's match normalises the text first). */
if (what === "poison") {
  const usual = String.prototype.normalize;
  // biome's rule against changing built-in objects is what this file is about.
  Object.defineProperty(String.prototype, "normalize", {
    value(this: string, form?: string) {
      if (this.includes("poison")) process.kill(process.pid, "SIGKILL");
      return usual.call(this, form);
    },
  });
}
