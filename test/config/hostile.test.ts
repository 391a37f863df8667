import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadConfig } from "../../src/config/load.ts";
import { folderWith, rootWith } from "./folder.ts";

/** Files that are made to break whoever reads them. Each is refused with one clear fault. */
const LINE = "# a remark that makes the file longer and longer and longer and longer\n";

it.each([
  ["50 MB", LINE.repeat(Math.ceil((50 * 1024 * 1024) / LINE.length)), "file-too-big"],
  ["a byte more than 1 MB", `version: 1\n${"#".repeat(1024 * 1024 - 10)}`, "file-too-big"],
  ["200,000 entries", `version: 1\nrules: [${"a,".repeat(200_000)}]\n`, "too-many-parts"],
  ["deep blocks", Array.from({ length: 60 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n"), "too-deep"],
  ["deep braces", `version: ${"{a: ".repeat(60)}`, "unclosed-bracket"],
  ["5,000 braces", `version: ${"{a: ".repeat(5000)}`, "too-deep"],
  ["a NUL", "version: 1\u0000\n", "control-character"],
  ["a lone surrogate", "language: \udc00\n", "file-not-utf8"],
])("%s", async (_what, text, code) => {
  const folder = folderWith({ "bot.config.yaml": "" });
  const { writeFileSync } = await import("node:fs");
  const bytes = text.includes("\udc00") ? Buffer.from([0x61, 0x3a, 0xed, 0xb0, 0x80]) : Buffer.from(text);
  writeFileSync(join(folder, "bot.config.yaml"), bytes);
  const { issues, rulebook } = await loadConfig({ file: join(folder, "bot.config.yaml"), env: {} });
  expect(issues.map((issue) => issue.code)).toEqual([code]);
  expect(rulebook).toBeNull();
});

describe("names of an object's own machinery", () => {
  it.each(["constructor", "toString", "hasOwnProperty", "prototype"])(
    "%s is an unknown key like any other",
    async (name) => {
      const folder = folderWith({ "bot.config.yaml": `${name}: {a: 1}\n${rootWith("tag: a")}` });
      const { issues } = await loadConfig({ file: join(folder, "bot.config.yaml"), env: {} });
      expect(issues.map(({ code }) => code)).toEqual(["unknown-key"]);
    },
  );

  it.each(["constructor", "__proto__"])("%s may not be remembered under", async (name) => {
    const folder = folderWith({ "bot.config.yaml": rootWith(`set: {dialog.x: 1, ${name}: 2}`) });
    const { issues } = await loadConfig({ file: join(folder, "bot.config.yaml"), env: {} });
    expect(issues).toHaveLength(1);
    expect(Object.prototype).not.toHaveProperty("x");
  });
});
