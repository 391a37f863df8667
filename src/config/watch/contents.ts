import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

/** What stands in files: absolute path -> hash of the content. A file that is not there has no entry. */
export type Contents = ReadonlyMap<string, string>;

/** The files among the paths, and the YAML files in the folders among them. */
export async function contentsOf(paths: readonly string[]): Promise<Contents> {
  const files = (await Promise.all(paths.map(filesAt))).flat();
  const contents = new Map<string, string>();
  for (const file of new Set(files)) {
    const bytes = await readFile(file).catch(() => null);
    if (bytes !== null) contents.set(file, createHash("sha256").update(bytes).digest("hex"));
  }
  return contents;
}

async function filesAt(path: string): Promise<readonly string[]> {
  const entry = await stat(path).catch(() => null);
  if (!entry?.isDirectory()) return entry?.isFile() ? [path] : [];
  const names = await readdir(path).catch(() => []);
  return names.filter((name) => /\.ya?ml$/iu.test(name)).map((name) => join(path, name));
}

/** Whether the same files hold the same. */
export function sameContents(a: Contents, b: Contents): boolean {
  return a.size === b.size && [...a].every(([file, hash]) => b.get(file) === hash);
}

/** Whether a file that was there is gone. */
export function lostFile(before: Contents, now: Contents): boolean {
  return [...before.keys()].some((file) => !now.has(file));
}

/** What is now to be compared with: files that were known keep their old content, so that a change since is still seen. */
export function rebase(known: Contents, now: Contents): Contents {
  return new Map([...now].map(([file, hash]) => [file, known.get(file) ?? hash]));
}
