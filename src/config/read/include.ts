import { glob, realpath, stat } from "node:fs/promises";
import { isAbsolute, relative, resolve, sep } from "node:path";

/** What a list of patterns stands for. */
export interface Included {
  /** Files as the operator would type them, relative to the folder, sorted; each real file once. */
  readonly files: readonly string[];
  /** Indexes of patterns that fit nothing. */
  readonly empty: readonly number[];
  /** Links that lead out of the folder. */
  readonly outside: readonly string[];
  /** Folders in which a new file may turn up, absolute. */
  readonly folders: readonly string[];
}

interface Found {
  readonly file: string;
  readonly real: string;
  readonly pattern: number;
  readonly inside: boolean;
}

/** Finds the files of `include:`. Tests (`*.test.yaml`) are never included; the root file itself neither. A link may lead
 *  elsewhere inside the folder (Kubernetes mounts files through `..data`), but not out of it. */
export async function findIncluded(folder: string, root: string, patterns: readonly string[]): Promise<Included> {
  const found = (await Promise.all(patterns.map((pattern, index) => expandPattern(folder, pattern, index)))).flat();
  const home = await realOf(root);
  const wanted = found.filter(({ real }) => real !== home);
  const inside = wanted
    .filter((file) => file.inside)
    .toSorted((a, b) => (a.file < b.file ? -1 : Number(a.file > b.file)));
  const seen = new Set<string>();
  const once = inside.filter(({ real }) => !seen.has(real) && seen.add(real));
  return {
    files: once.map(({ file }) => file),
    empty: patterns.flatMap((_, index) => (found.some(({ pattern }) => pattern === index) ? [] : [index])),
    outside: [...new Set(wanted.filter((file) => !file.inside).map(({ file }) => file))],
    folders: [
      ...new Set([
        ...patterns.map((pattern) => baseOf(folder, pattern)),
        ...inside.map(({ file }) => resolve(folder, file, "..")),
      ]),
    ],
  };
}

async function expandPattern(folder: string, pattern: string, index: number): Promise<readonly Found[]> {
  const base = await realOf(baseOf(folder, pattern));
  const home = await realOf(folder);
  const found: Found[] = [];
  for await (const match of glob(pattern, { cwd: folder })) {
    const path = resolve(folder, match);
    if (!/\.ya?ml$/iu.test(path) || /\.test\.ya?ml$/iu.test(path) || !(await isFile(path))) continue;
    const real = await realOf(path);
    found.push({ file: nameFor(folder, path), real, pattern: index, inside: isIn(real, home) || isIn(real, base) });
  }
  return found;
}

/** The part of a pattern before its first wildcard: what the operator named by hand. */
function baseOf(folder: string, pattern: string): string {
  const steps = pattern.split("/");
  const wild = steps.findIndex((step) => /[*?[{!(]/u.test(step));
  const named = steps.slice(0, wild < 0 ? -1 : wild).join("/");
  return resolve(folder, named === "" && isAbsolute(pattern) ? sep : named);
}

/** How the operator would type it: relative to the folder, with `/`. */
export function nameFor(folder: string, path: string): string {
  return relative(folder, path).split(sep).join("/");
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  );
}

/** The path behind all links; the path itself where nothing is there. */
async function realOf(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}

function isIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
