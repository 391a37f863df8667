import { parseEnv } from "node:util";
import { readText } from "./read-text.ts";

/** Names and values of the environment. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The environment with the `.env` file under it: the real one wins. A missing or unreadable file adds nothing. */
export async function withEnvFile(path: string, environment: Environment): Promise<Environment> {
  const { text, fault } = await readText(path);
  return fault === null ? { ...parseEnv(text), ...environment } : environment;
}
