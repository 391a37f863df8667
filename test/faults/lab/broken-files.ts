import { cp, mkdir, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadConfig } from "../../../src/config/load.ts";
import { configOf } from "./config.ts";
import type { Random } from "./random.ts";

/** A way to break the root file of a running bot. */
export interface BrokenFile {
  readonly name: string;
  /** Puts it where the good root file was. */
  put(folder: string): Promise<void>;
}

const ROOT = "bot.config.yaml";
const FIXTURES = fileURLToPath(new URL("../../fixtures/bad/", import.meta.url));

const GOOD = configOf();
const rule = (part: string) => configOf({ rules: `- rule: Broken\n  when: {message: any}\n${part}\n` });
const doing = (part: string) => rule(`  do:\n    - ${part}`);

/** Files that are made to break whoever reads them, and those that are saved by mistake. */
const HOSTILE: Readonly<Record<string, string | Uint8Array>> = {
  empty: "",
  "half-written": GOOD.slice(0, GOOD.indexOf("re {{") + 4),
  "only a remark": "# nothing yet\n",
  "a tab instead of spaces": GOOD.replace("  - rule", "\t- rule"),
  "1 KB of question marks": `${"? ".repeat(500)}x\n`,
  "20,000 brackets": `version: ${"[".repeat(20_000)}`,
  "an alias bomb": aliasBomb(),
  "a key of the prototype": `__proto__: {version: 1}\n${GOOD}`,
  "NUL bytes": `${GOOD}\u0000\u0000\n`,
  "bytes of no text": Uint8Array.from({ length: 4096 }, (_, at) => (at * 131) % 256),
  "50 MB": new Uint8Array(50 * 1024 * 1024).fill(0x23),
  "another version": GOOD.replace("version: 1", "version: 2"),
  "the same key twice": `${GOOD}\nversion: 1\n`,
  "deep nesting": Array.from({ length: 500 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n"),
  "an unknown operator": rule('  if: {logic: {frobnicate: [1, 2]}}\n  do:\n    - reply: "x"'),
  "an operator of the prototype": rule('  if: {logic: {constructor: [1]}}\n  do:\n    - reply: "x"'),
  "a pattern with a look-ahead": rule("  if: {message_matches: 'a(?=b)'}\n  do:\n    - reply: \"x\"").replace(
    "when: {message: any}\n    if: {message_matches: 'a(?=b)'}",
    "when: {message_matches: 'a(?=b)'}",
  ),
  "an open template": doing('reply: "{{ message.text"'),
  "a template that includes a file": doing("reply: \"{% include 'package.json' %}\""),
  "a path that is not there": doing('reply: "{{ message.texxt }}"'),
  "an unset variable": configOf({ head: `timezone: "\${FAULTS_UNSET}"` }),
};

function aliasBomb(): string {
  const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
  for (let depth = 1; depth <= 9; depth++) {
    lines.push(`a${depth}: &a${depth} [${Array.from({ length: 10 }, () => `*a${depth - 1}`).join(", ")}]`);
  }
  return `${lines.join("\n")}\n`;
}

const folderInstead: BrokenFile = {
  name: "a folder instead of the file",
  async put(folder) {
    await rm(join(folder, ROOT), { recursive: true, force: true });
    await mkdir(join(folder, ROOT));
  },
};

const linkToItself: BrokenFile = {
  name: "a link to itself",
  async put(folder) {
    await rm(join(folder, ROOT), { recursive: true, force: true });
    await symlink(ROOT, join(folder, ROOT));
  },
};

/** So many broken files in an order that the seed decides: the hostile ones, and folders of `test/fixtures/bad` that hold a fault. */
export async function brokenFiles(random: Random, count: number): Promise<readonly BrokenFile[]> {
  const hostile = Object.entries(HOSTILE).map(([name, content]) => ({ name, put: saving(content) }));
  const own = random.shuffled([...hostile, folderInstead, linkToItself]);
  const fixtures: BrokenFile[] = [];
  for (const name of random.shuffled(await readdir(FIXTURES))) {
    if (own.length + fixtures.length >= count) break;
    if (await isFaulty(name)) fixtures.push({ name, put: (folder) => copyFixture(name, folder) });
  }
  return random.shuffled([...own.slice(0, count), ...fixtures]);
}

const saving = (content: string | Uint8Array) => (folder: string) => saveRoot(folder, content);

/** Saves the root file, whatever is there instead of it. */
export async function saveRoot(folder: string, content: string | Uint8Array): Promise<void> {
  try {
    await writeFile(join(folder, ROOT), content);
  } catch {
    await rm(join(folder, ROOT), { recursive: true, force: true });
    await writeFile(join(folder, ROOT), content);
  }
}

async function copyFixture(name: string, folder: string): Promise<void> {
  await rm(join(folder, ROOT), { recursive: true, force: true });
  await cp(join(FIXTURES, name), folder, { recursive: true, force: true });
}

/** Some fixtures deserve a warning only. */
async function isFaulty(name: string): Promise<boolean> {
  const { rulebook } = await loadConfig({ file: join(FIXTURES, name, ROOT), env: {} });
  return rulebook === null;
}
