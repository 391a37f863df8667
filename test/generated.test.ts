import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { generateAll } from "../scripts/generate.ts";

it("every generated file is what the schemas say today (npm run generate)", async () => {
  const files = await generateAll();
  expect(files.size).toBeGreaterThan(4);
  for (const [path, text] of files)
    expect(readFileSync(new URL(`../${path}`, import.meta.url), "utf8"), path).toBe(text);
});
