import type { Fault } from "../language/fault.ts";
import type { Issue, Sentence } from "../types/issue.ts";
import { isObject, type Json } from "../types/json.ts";
import type { Settings } from "../types/settings.ts";
import type { Path } from "../types/source.ts";
import { emptyToken, literalSecret } from "./faults/file-faults.ts";
import type { ReadFile } from "./loaded.ts";
import type { ParsedFile } from "./parse.ts";
import { isReference } from "./yaml/expand.ts";

/** A secret that stands in the file itself. The fault never repeats it. */
export interface LiteralSecret {
  readonly path: Path;
  readonly fault: Fault;
}

/** The keys that hold secrets, and under which name of the environment they are usually given. */
const SECRET_PATHS: readonly { readonly path: Path; readonly name: string }[] = [
  { path: ["crm", "api_key"], name: "CRM_API_KEY" },
  { path: ["service", "admin_password"], name: "ADMIN_PASSWORD" },
  { path: ["service", "encryption_key"], name: "ENCRYPTION_KEY" },
  { path: ["service", "secret"], name: "MARKETPLACE_SECRET" },
  { path: ["http", "metrics_token"], name: "METRICS_TOKEN" },
];
const OLD_KEYS: Path = ["service", "old_encryption_keys"];

/** Secrets written into the root file instead of the environment. */
export function findLiteralSecrets(parsed: ParsedFile): readonly LiteralSecret[] {
  const old = listAt(parsed, OLD_KEYS).map((_, index) => ({ path: [...OLD_KEYS, index], name: "OLD_ENCRYPTION_KEY" }));
  const found = [...SECRET_PATHS, ...old].flatMap(({ path, name }): readonly LiteralSecret[] => {
    const written = parsed.written(path);
    if (written === null || written === "" || isReference(written)) return [];
    return [{ path, fault: literalSecret(path.findLast((step) => typeof step === "string") ?? "", name) }];
  });
  const storage = parsed.written(["storage"]);
  const hasPassword = storage !== null && PASSWORD_IN_ADDRESS.test(storage);
  return hasPassword ? [...found, { path: ["storage"], fault: literalSecret("storage", "DATABASE_URL") }] : found;
}

const METRICS_TOKEN: Path = ["http", "metrics_token"];

/** A token that somebody wanted, and whose variable is empty: without it the metrics would be open to everybody. `${NAME:-}` says that
 *  it may be so. */
export function findEmptyToken(parsed: ParsedFile): { readonly path: Path; readonly fault: Fault } | null {
  const written = parsed.written(METRICS_TOKEN)?.trim() ?? "";
  const isEmpty = valueAt(parsed, METRICS_TOKEN) === "" && isReference(written) && !written.includes(":-");
  return isEmpty ? { path: METRICS_TOKEN, fault: emptyToken("metrics_token", written) } : null;
}

function valueAt({ source }: ParsedFile, path: Path): Json | undefined {
  let value: Json | undefined = source?.value;
  for (const step of path) value = isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  return value;
}

function listAt(parsed: ParsedFile, path: Path): readonly Json[] {
  const value = valueAt(parsed, path);
  return Array.isArray(value) ? value : [];
}

const PASSWORD_IN_ADDRESS = /\/\/[^/\s:@]*:(?!\$\{)[^@\s]+@/u;
/** A key that sounds like a secret, and its value: in quotes, or the words up to a comma, a remark or the end of the line. */
const SECRET_KEY =
  /((?:^|[\s{,])["']?(?:\w*(?:api|encryption)_?keys?|\w*token|\w*secret|\w*password)["']?[ \t]*:[ \t]*)("[^"\n]*|'[^'\n]*|[^\s"']\S*(?:(?<!,)[ \t]+(?!#)\S+)*)/giu;
/** 32 bytes as hex or base64, wherever they stand: a key of the service may be in a list, on a line of its own. */
const KEY_OF_32_BYTES = /(?<![\w+/=-])(?:[0-9a-f]{64}|[\w+/-]{43}=)(?![\w+/=-])/giu;
const SECRET_ADDRESS = /(\/\/[^/\s:@]*:)([^@\s/]+)(?=@)/gu;

/** A text of a file with secrets blotted out, for excerpts. Works on files that are not even YAML. Lengths stay the same. */
export function blotSecrets(text: string, known: readonly string[]): string {
  const blot = (_whole: string, before: string, secret: string) => before + withStars(secret);
  const hidden = hide(text, known);
  return hidden.replace(SECRET_KEY, blot).replace(SECRET_ADDRESS, blot).replace(KEY_OF_32_BYTES, withStars);
}

/** Stars for all but names of the environment, brackets, commas, quotes and the `:-` before a default. */
function withStars(secret: string): string {
  return secret.replace(/\$\{\w+(?::-)?|./gsu, (part) => (part.length > 1 || "[]{},\"'".includes(part) ? part : "*"));
}

/** An issue whose sentences quote no secret: a value from the environment may be the very thing that is wrong. */
export function withoutSecrets(issue: Issue, known: readonly string[]): Issue {
  const hidden = ({ en, es, ru }: Sentence) => ({ en: hide(en, known), es: hide(es, known), ru: hide(ru, known) });
  return { ...issue, cause: hidden(issue.cause), fix: issue.fix && hidden(issue.fix) };
}

/** Shorter values are ordinary words; hiding them would hide nothing and spoil the sentence. */
const SHORTEST_SECRET = 6;

function hide(text: string, known: readonly string[]): string {
  // The longest first: one may begin with another.
  const secrets = known.filter((secret) => secret.length >= SHORTEST_SECRET).toSorted((a, b) => b.length - a.length);
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, "*".repeat(secret.length)), text);
}

/** The password of a database's address, if it has one. */
function passwordOf(address: string): string | null {
  return URL.canParse(address) ? new URL(address).password || null : null;
}

/** Every secret that the files and the environment hold. Also those of a file with faults: they are in its text, and may be in a sentence about it. */
export function secretsOf(files: readonly ReadFile[], settings: Settings | null): readonly string[] {
  const found = files.flatMap(({ parsed }) => parsed.secrets);
  const root = files[0]?.parsed;
  const written = root ? [...SECRET_PATHS.map(({ path }) => valueAt(root, path)), ...listAt(root, OLD_KEYS)] : [];
  const own = [...written, ...(settings?.service?.encryptionKeys ?? []), settings && passwordOf(settings.storage)];
  const all = [...found, ...own.filter((secret) => typeof secret === "string")];
  // A name of the environment that was not filled in is no secret: the fault about it has to say which name.
  return [...new Set(all.map((secret) => secret.trim()))].filter((secret) => secret !== "" && !isReference(secret));
}
