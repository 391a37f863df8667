import type { Action } from "./action.ts";

/** Waits, over restarts and reloads too; afterwards the rule's `if` is judged again. */
export const wait: Action<{ readonly wait: string }, { readonly ms: number }> = {
  name: "wait",
  speaksTo: () => null,
  compile: (raw, tools) => ({ args: { ms: tools.duration(raw.wait, ["wait"]) } }),
  advance: ({ ms }, scene) => (scene.timeUp ? {} : { awaits: { kind: "time", until: scene.now + ms } }),
};
