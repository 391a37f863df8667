import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const ROOT = new URL("..", import.meta.url).pathname;
const read = (file: string) => readFileSync(join(ROOT, file), "utf8");

/** The table "Guards" of docs/reliability.md: `<test file>: <guard>`. */
function promised(): readonly string[] {
  const section =
    read("docs/reliability.md")
      .split("\n## ")
      .find((part) => part.startsWith("Guards")) ?? "";
  return [...section.matchAll(/^\| (the [^|]+) \| [^|]+ \| `([^`]+)` \|$/gm)].map(
    ([, guard, file]) => `${file}: ${guard}`,
  );
}

/** Every test that is named after a guard, in the same form. */
function named(): readonly string[] {
  const files = readdirSync(join(ROOT, "test"), { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => file.endsWith(".ts") && file !== "guards.test.ts")
    .flatMap((file) => {
      const names = read(join("test", file)).matchAll(/"fails without (the [^":]+):/g);
      return [...new Set([...names].map(([, guard]) => `test/${file}: ${guard}`))];
    });
}

it("every guard of docs/reliability.md has a test that is named after it, and every such test is named there", () => {
  expect(promised().length).toBeGreaterThan(40);
  expect(named().toSorted()).toEqual(promised().toSorted());
});
