import { parseEnv } from "node:util";
import { readText } from "./read-text.ts";

/** Names and values of the environment. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A text with `${NAME}` and `${NAME:-default}` filled in. */
export interface Expanded {
  readonly text: string;
  /** Names without a value and without a default; they are left as they are written. */
  readonly unset: readonly string[];
  /** Whether anything was filled in. */
  readonly changed: boolean;
  /** Values of names that sound like secrets. */
  readonly secrets: readonly string[];
}

const REFERENCE = /\$(\$\{)|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/gu;
const SECRET_NAME = /KEY|TOKEN|SECRET|PASS/iu;

/** Fills in names from the environment, after YAML has been read: a value can never become keys or lists. As in a shell,
 *  the default also stands in for an empty value. `$${` stays as a plain `${`. */
export function expand(text: string, environment: Environment): Expanded {
  const unset: string[] = [];
  const secrets: string[] = [];
  const filled = text.replace(REFERENCE, (whole: string, escaped?: string, name?: string, preset?: string) => {
    if (escaped !== undefined || name === undefined) return "${";
    const value = environment[name];
    if (preset !== undefined && (value === undefined || value === "")) return preset;
    if (value === undefined) unset.push(name);
    if (value && SECRET_NAME.test(name)) secrets.push(value);
    return value ?? whole;
  });
  return { text: filled, unset, secrets, changed: filled !== text };
}

/** Whether a text is nothing but one reference without a default of its own: the only way to write a secret. */
export function isReference(text: string): boolean {
  return /^\$\{[A-Za-z_][A-Za-z0-9_]*(?::-)?\}$/u.test(text.trim());
}

/** The environment with the `.env` file under it: the real one wins. A missing or unreadable file adds nothing. */
export async function withEnvFile(path: string, environment: Environment): Promise<Environment> {
  const { text, fault } = await readText(path);
  return fault === null ? { ...parseEnv(text), ...environment } : environment;
}
