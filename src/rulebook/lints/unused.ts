import { recordOf } from "../raw.ts";
import { keyOf } from "../report.ts";
import type { Lint } from "./lint.ts";
import { unusedCommand, unusedTeam } from "./sentences.ts";

/** Teams that no rule names, not even a switched-off one. */
export const lintUnusedTeams: Lint = ({ written, sources }, report) => {
  const words = new Set(written.flatMap((raw) => [...everyText(raw)]).map(plain));
  for (const source of sources) {
    for (const name of Object.keys(recordOf(source.value.teams))) {
      if (!words.has(plain(name))) report.warn(keyOf({ source, path: ["teams", name] }), unusedTeam(name));
    }
  }
};

/** Declared commands that no rule answers. */
export const lintUnusedCommands: Lint = ({ written, sources }, report) => {
  const answered = new Set(written.map((raw) => recordOf(raw.when).command));
  for (const source of sources) {
    for (const name of Object.keys(recordOf(source.value.commands))) {
      if (!answered.has(name)) report.warn(keyOf({ source, path: ["commands", name] }), unusedCommand(name));
    }
  }
};

function* everyText(value: unknown): Generator<string> {
  if (typeof value === "string") yield value;
  if (typeof value !== "object" || value === null) return;
  for (const item of Object.values(value)) yield* everyText(item);
}

function plain(name: string): string {
  return name.trim().toLowerCase();
}
