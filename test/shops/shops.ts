import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Loaded, loadConfig } from "../../src/config/load.ts";
import { type RuleTest, readTests } from "../../src/testing/read-tests.ts";
import type { Issue } from "../../src/types/issue.ts";
import type { Rulebook } from "../../src/types/rule.ts";

const home = new URL("../fixtures/shops/", import.meta.url).pathname;

/** Names of the invented shops, one a folder. */
export const SHOPS: readonly string[] = readdirSync(home).toSorted();

/** Secrets that a shop names; what it leaves open stays so. */
const ENV = { ADMIN_PASSWORD: "a-password-for-tests", ENCRYPTION_KEY: "0f".repeat(32) };

export interface Shop {
  readonly name: string;
  readonly folder: string;
  readonly loaded: Loaded;
  readonly rulebook: Rulebook;
  readonly tests: readonly RuleTest[];
  /** Faults in its files of tests. */
  readonly testIssues: readonly Issue[];
  /** Texts of its files of tests, by the names in their issues. */
  readonly texts: Readonly<Record<string, string>>;
}

/** One shop with its rules and its conversations. Throws when its rules have a fault. */
export async function openShop(name: string): Promise<Shop> {
  const folder = join(home, name);
  const loaded = await loadConfig({ file: join(folder, "bot.config.yaml"), env: ENV });
  const { rulebook } = loaded;
  if (rulebook === null) throw new Error(loaded.issues.map(({ cause }) => cause.en).join("\n"));
  const texts = Object.fromEntries(
    filesOf(name)
      .filter((file) => file.endsWith(".test.yaml"))
      .map((file) => [`${name}/${file}`, readFileSync(join(folder, file), "utf8")]),
  );
  const read = Object.entries(texts).map(([file, text]) => readTests({ file, text }, rulebook));
  return {
    name,
    folder,
    loaded,
    rulebook,
    texts,
    tests: read.flatMap(({ tests }) => tests),
    testIssues: read.flatMap(({ issues }) => issues),
  };
}

/** Files of a shop, by their paths in its folder. */
export function filesOf(name: string): readonly string[] {
  const names = readdirSync(join(home, name), { recursive: true, encoding: "utf8" });
  return names.filter((file) => file.endsWith(".yaml")).toSorted();
}

export const textOf = (name: string, file: string): string => readFileSync(join(home, name, file), "utf8");
