import { createHash } from "node:crypto";
import type { ReadFile } from "./loaded.ts";
import type { Environment } from "./read/environment.ts";
import { namesIn } from "./yaml/expand.ts";

/** SHA-256 (hex) of all that a load depends on. `.env` and the environment count as far as the files use them: through `${NAME}`, PORT and DATABASE_URL. */
export function hashOf(files: readonly ReadFile[], environment: Environment): string {
  const hash = createHash("sha256");
  for (const { file, text } of files) hash.update(JSON.stringify([file, text]));
  const names = files.flatMap(({ text }) => namesIn(text));
  for (const name of [...new Set([...names, "PORT", "DATABASE_URL"])].toSorted())
    hash.update(JSON.stringify([name, environment[name] ?? null]));
  return hash.digest("hex");
}
