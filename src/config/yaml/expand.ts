import type { Environment } from "../read/environment.ts";

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

/** Names a text may take from the environment, each once. Also those behind `$$`: a name too many does no harm where changes
 *  are looked for, one too few does. */
export function namesIn(text: string): readonly string[] {
  return [...new Set([...text.matchAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)/gu)].map(([, name = ""]) => name))];
}
