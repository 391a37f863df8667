import type { Fault } from "../language/fault.ts";
import type { Issue, Sentence } from "../types/issue.ts";
import type { Settings } from "../types/settings.ts";
import { literalSecret } from "./faults/file-faults.ts";
import type { ReadFile } from "./loaded.ts";
import type { ParsedFile } from "./parse.ts";
import { isReference } from "./yaml/expand.ts";

/** A secret that stands in the file itself. The fault never repeats it. */
export interface LiteralSecret {
  readonly path: readonly string[];
  readonly fault: Fault;
}

/** Secrets written into the root file instead of the environment. */
export function findLiteralSecrets(parsed: ParsedFile): readonly LiteralSecret[] {
  const key = parsed.written(["crm", "api_key"]);
  const storage = parsed.written(["storage"]);
  const found: LiteralSecret[] = [];
  if (key !== null && key !== "" && !isReference(key))
    found.push({ path: ["crm", "api_key"], fault: literalSecret("api_key", "CRM_API_KEY") });
  if (storage !== null && PASSWORD_IN_ADDRESS.test(storage))
    found.push({ path: ["storage"], fault: literalSecret("storage", "DATABASE_URL") });
  return found;
}

const PASSWORD_IN_ADDRESS = /\/\/[^/\s:@]*:(?!\$\{)[^@\s]+@/u;
const SECRET_KEY = /((?:^|[\s{,])["']?(?:api_?key|token|secret|password)["']?[ \t]*:[ \t]*["']?)([^\s"',#]+)/giu;
const SECRET_ADDRESS = /(\/\/[^/\s:@]*:)([^@\s/]+)(?=@)/gu;

/** A text of a file with secrets blotted out, for excerpts. Works on files that are not even YAML. Lengths stay the same. */
export function blotSecrets(text: string, known: readonly string[]): string {
  const blot = (_whole: string, before: string, secret: string) => before + withStars(secret);
  const blotted = text.replace(SECRET_KEY, blot).replace(SECRET_ADDRESS, blot);
  return hide(blotted, known);
}

/** Stars for all but names of the environment, brackets and the `:-` before a default. */
function withStars(secret: string): string {
  return secret.replace(/\$\{\w+(?::-)?|./gsu, (part) => (part.length > 1 || "[]{}".includes(part) ? part : "*"));
}

/** An issue whose sentences quote no secret: a value from the environment may be the very thing that is wrong. */
export function withoutSecrets(issue: Issue, known: readonly string[]): Issue {
  const hidden = ({ en, es, ru }: Sentence) => ({ en: hide(en, known), es: hide(es, known), ru: hide(ru, known) });
  return { ...issue, cause: hidden(issue.cause), fix: issue.fix && hidden(issue.fix) };
}

/** Shorter values are ordinary words; hiding them would hide nothing and spoil the sentence. */
const SHORTEST_SECRET = 6;

function hide(text: string, known: readonly string[]): string {
  const secrets = known.filter((secret) => secret.length >= SHORTEST_SECRET);
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, "*".repeat(secret.length)), text);
}

/** The password of a database's address, if it has one. */
function passwordOf(address: string): string | null {
  return URL.canParse(address) ? new URL(address).password || null : null;
}

/** Every secret that the files and the environment hold. Also those of a file with faults: they are in its text, and may be in a sentence about it. */
export function secretsOf(files: readonly ReadFile[], settings: Settings | null): readonly string[] {
  const found = files.flatMap(({ parsed }) => parsed.secrets);
  const crm = files[0]?.parsed.source?.value.crm;
  const apiKey = typeof crm === "object" && crm !== null && "api_key" in crm ? crm.api_key : null;
  const own = [apiKey, settings && passwordOf(settings.storage)];
  const all = [...found, ...own.filter((secret) => typeof secret === "string")];
  // A name of the environment that was not filled in is no secret: the fault about it has to say which name.
  return [...new Set(all.map((secret) => secret.trim()))].filter((secret) => secret !== "" && !isReference(secret));
}
